"""Hands out the very file that Kling made, byte for byte."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Generator
from pathlib import Path

from kling_desktop.domain.clips import Progress
from kling_desktop.errors import DiskFull, FileTrouble

_PIECE = 1 << 20
"""Bytes between two words about how far it is."""


def copy(source: Path, target: Path) -> Generator[Progress]:
    """Copy `source` to `target`, replacing it in one step when all has been written, or leaving it as it was.

    For a worker thread. Ended early (`close`), it leaves no trace. Raises DiskFull, or FileTrouble with the
    system's words.
    """
    part = target.with_name(f".{uuid.uuid4().hex[:8]}.part")  # two copies to one name must not meet in one file
    try:
        yield from _written(source, part)
        part.replace(target)
    except OSError as error:
        kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else FileTrouble
        raise kind(error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _written(source: Path, part: Path) -> Generator[Progress]:
    with source.open("rb") as read, part.open("wb") as write:
        total, copied = os.fstat(read.fileno()).st_size, 0
        while piece := read.read(_PIECE):
            write.write(piece)
            copied += len(piece)
            yield Progress(copied, total)
        write.flush()
        os.fsync(write.fileno())
