"""Exports are written hidden, synced, and named when they are whole: over no other file, and without a trace else."""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kling_desktop.errors import ExportFull
from kling_desktop.export.names import free

LEAST_FREE: Final = 50_000_000
"""Bytes that stay free on the disk."""

_OLD_SECONDS: Final = 86_400

_PART: Final = re.compile(r"\.(?:[0-9a-f]{8}){1,2}\.part")
"""What is being written: the mark of an export and a chance number. Earlier versions wrote eight signs in all."""
_LONG: Final = len(".0123456789abcdef.part")


def require_space(folder: Path, wanted: int) -> None:
    """Raises ExportFull when so many bytes are not likely to fit into a folder that is there."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted + LEAST_FREE:
        needed = (wanted + LEAST_FREE) // 1_000_000
        raise ExportFull(f"about {needed} MB are needed, {free_bytes // 1_000_000} MB are free")


def new_mark() -> str:
    """By which what one export writes is known, and cleared up after. Others, of other programs and on other computers,
    may be writing into the same folder, so it is nothing that two can have, such as a process's id.
    """
    return uuid.uuid4().hex[:8]


def hidden_name(mark: str = "") -> str:
    """A name for a file or folder that is being written, for an export with this mark."""
    return f".{mark or new_mark()}{new_mark()}.part"


def mark_of(part: Path) -> str:
    """The mark in the name of what is being written; empty for any other."""
    return part.name[1:9] if _PART.fullmatch(part.name) and len(part.name) == _LONG else ""


@contextmanager
def hidden(target: Path, mark: str = "") -> Iterator[Path]:
    """A path beside `target` to write a file or folder at; what is still there at the end is removed. `mark` says of
    which export it is.

    The folder is made, and goes again where nothing comes to stand in it. What the system says comes out as ExportFull,
    FileTooLarge or FileTrouble.
    """
    from kling_desktop.media.write_trouble import writing  # loads PyAV: not before something is written

    part = target.with_name(hidden_name(mark))
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


def remove_leftovers(folder: Path, mark: str) -> int:
    """Delete what an export left in its folder when it was killed; how many there were. Raises OSError.

    Only its own: what another running program holds there has not been written for long either.
    """
    parts = parts_of(folder, mark)
    for part in parts:
        remove(part)
    return len(parts)


def remove_old_leftovers(folder: Path) -> None:
    """Delete hidden parts that nothing can be writing any more: a day has gone since they were last written. Never
    raises.
    """
    with suppress(OSError):
        for part in parts_in(folder):
            if part.stat().st_mtime < time.time() - _OLD_SECONDS:
                remove(part)


def keep_fresh(folder: Path, mark: str) -> None:
    """Let what an export has written look as if it had just been: it is on hold, and goes on. Never raises."""
    with suppress(OSError):
        for part in parts_of(folder, mark):
            os.utime(part)


def parts_in(folder: Path) -> set[Path]:
    """What is, or was, being written here."""
    return {path for path in folder.glob(".*.part") if _PART.fullmatch(path.name)}


def parts_of(folder: Path, mark: str) -> set[Path]:
    """Those of one export."""
    return {path for path in parts_in(folder) if mark and mark_of(path) == mark}


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
