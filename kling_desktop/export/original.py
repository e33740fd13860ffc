"""Hands out the very file that Kling made, byte for byte."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from kling_desktop.errors import DiskFull, FileTrouble


def copy(source: Path, target: Path) -> Path:
    """Copy `source` to `target`, replacing it in one step or leaving it as it was.

    For a worker thread. Raises DiskFull, or FileTrouble with the system's words.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as read, part.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            write.flush()
            os.fsync(write.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else FileTrouble
        raise kind(error.strerror or str(error)) from error
    return target
