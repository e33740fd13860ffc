"""The file of an unfinished download and the note beside it: how it is resumed, kept for good, or dropped."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from kling_desktop.errors import DiskFull, FileTrouble

LONGEST_NAME_BYTES = 255
"""What common file systems allow one name."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_SUFFIX_BYTES = 16
_MOST_NAMESAKES = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """What is remembered of a file that is on its way. No query of an address: there the signature lives."""

    path: str
    """Path of the address that the bytes come from."""
    validator: str = ""
    """Strong ETag, or else Last-Modified: proves that the rest belongs to the same file. Empty: not resumable."""
    total_bytes: int | None = None


def note_file(part: Path) -> Path:
    """Where the note of a part lies."""
    return part.with_name(part.name + ".json")


def left_over(part: Path, path: str) -> tuple[int, Note] | None:
    """Bytes that an earlier transfer from the same address path left, with their note; None for nothing usable."""
    try:
        size = part.stat().st_size
        note = Note(**json.loads(note_file(part).read_bytes()))
        whole = note.total_bytes is None or size <= note.total_bytes
    except (OSError, ValueError, TypeError):
        return None
    return (size, note) if size > 0 and whole and note.path == path and isinstance(note.validator, str) else None


def begin(part: Path, note: Note) -> BinaryIO:
    """The part, empty, readable by the owner only, with its note written. Raises DiskFull, FileTrouble."""
    with file_troubles():
        file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb")
        with _closed_in_trouble(file):  # the folder may go in between
            note_file(part).write_text(json.dumps(asdict(note)), "utf-8")
        return file


def go_on(part: Path, at: int) -> BinaryIO:
    """The part, ready for the byte number `at`. Raises DiskFull, FileTrouble."""
    with file_troubles():
        file = part.open("r+b")
        with _closed_in_trouble(file):
            file.seek(at)
            file.truncate()
        return file


@contextlib.contextmanager
def _closed_in_trouble(file: BinaryIO) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            file.close()
        raise


def discard(part: Path) -> None:
    """Drops a part and its note; needed when it proved to be no good, or else the next fetch goes on with it."""
    with file_troubles():
        part.unlink(missing_ok=True)
        note_file(part).unlink(missing_ok=True)


def ensure_room(folder: Path, needed_bytes: int) -> None:
    """Raises DiskFull when the disk of a folder has less room than this."""
    with file_troubles():
        free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise DiskFull(f"{needed_bytes} bytes are needed, {free} are free")


def keep(part: Path, target: Path) -> Path:
    """Gives a whole part its name at one stroke, and returns that name.

    Never overwrites: ' -1', ' -2' ... go before the suffix while the name is taken, and names are cut to 255
    bytes. Part and target must lie on one disk. Raises DiskFull, FileTrouble.
    """
    with file_troubles():
        kept = next((name for name in _names(target) if _moved(part, name)), None)
        if kept is None:
            raise FileTrouble("every name of this kind is taken")
        note_file(part).unlink(missing_ok=True)
        _sync_folder(kept.parent)
        return kept


def _names(target: Path) -> Iterator[Path]:
    suffix = target.suffix if len(target.suffix.encode()) <= _LONGEST_SUFFIX_BYTES else ""
    stem = target.name.removesuffix(suffix).encode()
    for number in itertools.islice(itertools.count(), _MOST_NAMESAKES):
        ending = (f" -{number}" if number else "") + suffix
        room = LONGEST_NAME_BYTES - len(ending.encode())
        yield target.with_name(stem[:room].decode("utf-8", "ignore") + ending)


def _moved(part: Path, target: Path) -> bool:
    """Whether the part now has this name; False when somebody else has it."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno in _NO_ROOM or not part.exists():
            raise
        return _moved_without_links(part, target)
    part.unlink()
    return True


def _moved_without_links(part: Path, target: Path) -> bool:
    """For file systems without hard links (FAT, some shares): the name is reserved, then replaced at one stroke."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    try:
        part.replace(target)
    except OSError:
        target.unlink()
        raise
    return True


def _sync_folder(folder: Path) -> None:
    """Makes a rename last through a power cut; Windows has no such call, some file systems refuse it."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def file_troubles() -> Iterator[None]:
    """Turns what the file system says into DiskFull or FileTrouble."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in _NO_ROOM else FileTrouble
        raise kind(error.strerror or type(error).__name__) from error
