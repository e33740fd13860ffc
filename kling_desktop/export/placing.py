"""Exports are written hidden, synced, and named when they are whole: over no other file, and without a trace else."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kling_desktop.errors import ExportFull
from kling_desktop.export.names import free
from kling_desktop.media.write_trouble import writing

LEAST_FREE: Final = 50_000_000
"""Bytes that stay free on the disk."""

_OLD_SECONDS: Final = 86_400


def require_space(folder: Path, wanted: int) -> None:
    """Raises ExportFull when so many bytes are not likely to fit into a folder that is there."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted + LEAST_FREE:
        needed = (wanted + LEAST_FREE) // 1_000_000
        raise ExportFull(f"about {needed} MB are needed, {free_bytes // 1_000_000} MB are free")


@contextmanager
def hidden(target: Path) -> Iterator[Path]:
    """A path beside `target` to write a file or folder at; what is still there at the end is removed.

    The folder is made, and goes again where nothing comes to stand in it. What the system says comes out as ExportFull,
    FileTooLarge or FileTrouble.
    """
    part = target.with_name(f".{_mark(os.getpid())}{uuid.uuid4().hex[:4]}.part")
    with writing(target, ExportFull), empty_again(target.parent):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            yield part
        finally:
            remove(part)


@contextmanager
def empty_again(folder: Path) -> Iterator[None]:
    """Of a folder and those above it, what was not there before goes again if it is empty at the end. Raises OSError
    for a path that the system does not take.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        yield
    finally:
        for each in missing:
            with suppress(OSError):  # something stands in it
                each.rmdir()


def named(part: Path, target: Path, beside: Callable[[Path], list[Path]] = lambda _: []) -> Path:
    """Sync what was written and give it its name, or that with ` -1` and on where a file, or one of those that are to
    go `beside` it, has the name. Returns the path. Raises OSError.
    """
    is_folder = part.is_dir()
    for file in sorted(part.rglob("*")) if is_folder else [part]:
        if file.is_file():
            with file.open("rb+") as data:
                os.fsync(data.fileno())
    while True:
        chosen = free(target, lambda path: any(each.exists() for each in (path, *beside(path))), is_folder=is_folder)
        with suppress(FileExistsError):  # somebody took the name in this very moment
            _renamed(part, chosen)
            return chosen


def sync_folder(folder: Path) -> None:
    """Make names in a folder last over a power cut, where the system has a way to."""
    with suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_leftovers(folder: Path, before: float) -> int:
    """Delete hidden parts that an earlier run left in a folder of exports when it was killed; how many there were.

    Only those last written `before` (seconds of the epoch): others are being written. Raises OSError.
    """
    parts = [path for path in parts_in(folder) if path.stat().st_mtime < before]
    for part in parts:
        remove(part)
    return len(parts)


def remove_old_leftovers(folder: Path) -> None:
    """Delete hidden parts that nothing can be writing any more: a day has gone since they were last written. Never
    raises.
    """
    with suppress(OSError):
        remove_leftovers(folder, time.time() - _OLD_SECONDS)


def parts_in(folder: Path) -> set[Path]:
    """What is, or was, being written here."""
    return {path for path in folder.glob(".????????.part") if set(path.name[1:9]) <= set("0123456789abcdef")}


def parts_of(folder: Path, process: int) -> set[Path]:
    """Those of one process, by its id: others may be writing into the same folder, another program's exports too."""
    return {path for path in parts_in(folder) if path.name[1:5] == _mark(process)}


def _mark(process: int) -> str:
    return f"{process & 0xFFFF:04x}"


def _renamed(part: Path, chosen: Path) -> None:
    """Raises FileExistsError rather than replace a file."""
    if part.is_dir():
        part.rename(chosen)
        return
    try:
        os.link(part, chosen)  # unlike a rename, this replaces nothing
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if chosen.exists():
            raise FileExistsError(chosen) from None
        part.rename(chosen)
    else:
        part.unlink()


def remove(part: Path) -> None:
    """Delete what was being written, a file or a folder."""
    with suppress(OSError):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
