"""Says in our words what went wrong while a file was written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.error import FFmpegError

from kling_desktop.errors import DiskFull, FileTrouble


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns what the system and FFmpeg say of a file being written into DiskFull or FileTrouble."""
    try:
        yield
    except (FFmpegError, OSError) as error:
        kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else FileTrouble
        raise kind(f"{target.name}: {error.strerror or type(error).__name__}") from None
