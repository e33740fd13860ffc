"""Folders and .zip files that archives of films are kept in: written into, and read from by name."""

from __future__ import annotations

import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from kling_desktop.errors import FileTrouble

_PIECE: Final = 1 << 20
_UNPACKABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What a .zip that is damaged, locked by a password, or packed by other means is met with."""
_LARGEST_RECORD: Final = 64 << 20
_MOST_ALIKE: Final = 8
"""So many files that are called otherwise are read, in search of one."""
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""What a .zip can name (APPNOTE 4.4.6); a computer whose clock has stopped is before that."""
_ASIDE: Final = "__MACOSX/"
"""Where macOS puts what only it knows of the files."""


class NewStore:
    """A folder or .zip that is being written."""

    def __init__(self, folder: Path | None, packed: zipfile.ZipFile | None) -> None:
        self._folder, self._packed = folder, packed

    def write(self, name: str, content: bytes) -> None:
        with self.create(name, len(content)) as file:
            file.write(content)

    @contextmanager
    def create(self, name: str, size: int) -> Iterator[BinaryIO]:
        if self._packed is not None:
            described = zipfile.ZipInfo(name, max(time.localtime()[:6], _EARLIEST))
            described.file_size = size  # by which it is decided whether the size goes into 32 bits
            with self._packed.open(described, "w") as entry:
                yield entry  # type: ignore[misc]  # an open entry is a binary file, whatever its stub says
        elif self._folder is not None:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                yield file


@contextmanager
def new_store(part: Path, *, packed: bool) -> Iterator[NewStore]:
    if packed:  # films are packed as well as they can be: storing is as small and much quicker
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as whole:
            yield NewStore(None, whole)
    else:
        part.mkdir()
        yield NewStore(part, None)


class Damaged(Exception):
    """What is in an archive cannot be unpacked."""


class Store:
    """A folder or .zip to read from. Only names that we ask for are looked at, so none can point outside."""

    def __init__(self, place: Path, packed: zipfile.ZipFile | None, called: Path) -> None:
        self._place, self._packed, self._called = place, packed, called
        self._entries = {} if packed is None else _entries(packed)

    def has(self, name: str) -> bool:
        if self._packed is not None:
            return name in self._entries
        return (self._place / PurePosixPath(name)).is_file()

    def named_or_as_large(self, name: str, size: int) -> list[str]:
        """The file of that name, if there is one, then those in the same folder that have this size: whoever unpacks
        or packs an archive may write names otherwise, as macOS does accents and Windows Chinese. Raises FileTrouble.
        """
        folder = str(PurePosixPath(name).parent)
        return [name] * self.has(name) + [each for each in self._as_large(folder, size) if each != name][:_MOST_ALIKE]

    def _as_large(self, folder: str, size: int) -> list[str]:
        if self._packed is not None:
            inside = [name for name in self._entries if str(PurePosixPath(name).parent) == folder]
            return [name for name in inside if self._entries[name].file_size == size]
        try:
            files = sorted((self._place / PurePosixPath(folder)).iterdir())
            return [f"{folder}/{file.name}" for file in files if file.is_file() and file.stat().st_size == size]
        except OSError:  # there is no such folder
            return []

    def read(self, name: str) -> bytes:
        """A record; empty where there is none, or none that can be read. Raises FileTrouble."""
        content = bytearray()
        try:
            for piece in self.pieces(name):
                content += piece
                if len(content) > _LARGEST_RECORD:
                    return b""
        except Damaged:
            return b""
        return bytes(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; none where there is no such file. Raises Damaged; FileTrouble, which names the archive:
        what is wrong with it must not be taken for a fault of what is written from it.
        """
        try:
            if not self.has(name):
                return
            packed, file = self._packed, self._place / PurePosixPath(name)
            with file.open("rb") if packed is None else packed.open(self._entries[name]) as data:
                while piece := data.read(_PIECE):
                    yield piece
        except OSError as error:
            raise FileTrouble(f"{self._called}: {error.strerror or error}") from error
        except _UNPACKABLE as error:
            raise Damaged(name) from error


def _entries(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Its files by the names that they have in an archive of ours: who packs an unpacked one again puts all of it into
    one folder, and some programs write the other slash.
    """
    named = {each.filename.replace("\\", "/"): each for each in packed.infolist() if not each.is_dir()}
    tops = {name.partition("/")[0] if "/" in name else "" for name in named if not name.startswith(_ASIDE)}
    if len(tops) != 1 or "" in tops:
        return named
    top = f"{tops.pop()}/"
    return {name.removeprefix(top): each for name, each in named.items() if name.startswith(top)}


@contextmanager
def existing_store(archive: Path, called: Path | None = None) -> Iterator[Store]:
    """Raises FileTrouble, which names the archive as it is `called`, where that is otherwise than it lies there."""
    called = called or archive
    if archive.is_dir():
        yield Store(archive, None, called)
        return
    try:
        packed = zipfile.ZipFile(archive)
    except OSError as error:
        raise FileTrouble(f"{called}: {error.strerror or error}") from error
    except _UNPACKABLE:
        raise FileTrouble("this is no archive of a film") from None
    with packed:
        yield Store(archive, packed, called)
