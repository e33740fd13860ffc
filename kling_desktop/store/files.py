"""Writes small files so that a crash leaves either the old content or the new one, never half of it."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from kling_desktop.errors import FileTrouble


def write_atomically(path: Path, data: bytes, full: type[FileTrouble] = FileTrouble) -> None:
    """Replace the content of `path`; folders on the way are made. Only our user may read the file.

    The bytes go to a neighbour first, are synced, then take the name: a reader sees old or new, also after a
    power cut. Raises FileTrouble, of a full disk `full`; then the old content stands.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        kind = full if error.errno in (errno.ENOSPC, errno.EDQUOT) else FileTrouble
        raise kind(f"{path}: {error.strerror}") from error
    sync_folder(path.parent)


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_file(path: Path) -> None:
    """Return when the bytes of a file are on the disk itself. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last over a power cut, where the system has a way to (Windows has none)."""
    with contextlib.suppress(OSError):  # Windows cannot open a folder; some network disks cannot sync one
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def set_aside(path: Path, stamp: str) -> Path:
    """Rename `name.ext` to `name.damaged-<stamp>.ext`, numbered when that is taken; returns the new path.

    Raises OSError when it cannot be renamed.
    """
    stem = f"{path.stem}.damaged-{stamp}"
    target = path.with_name(f"{stem}{path.suffix}")
    number = 0
    while target.exists():
        number += 1
        target = path.with_name(f"{stem}-{number}{path.suffix}")
    return path.rename(target)
