"""Archives a film: originals, papers and the library's own record of it, in one folder or .zip; and opens one again."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from kling_desktop.errors import ExportDiffers, ExportFull, FileTrouble
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.names import free
from kling_desktop.export.original import pieces, size_of
from kling_desktop.export.papers.carriers import FOLDER_RECORD, sidecar
from kling_desktop.export.papers.record import Papers, Source, file_names, from_json, papers_of, relinked, sha256_of
from kling_desktop.export.placing import hidden, hidden_name, named, remove_old_leftovers, require_space
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.write_trouble import writing

ORIGINALS: Final = "originals"
LIBRARY: Final = "library.json"

_PIECE: Final = 1 << 20
_UNPACKABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What a .zip that is damaged, locked by a password, or packed by other means is met with."""
_LARGEST_RECORD: Final = 64 << 20

Progress = Callable[[int, int], object]
"""Told how many bytes are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive that was opened: its originals lie in a folder of ours."""

    film: ExportFilm
    papers: Papers
    """What the archive says of the film, so that a file that is missing is known when it comes."""
    library: Mapping[str, object]
    """What the library knew of the film, as `write_archive` was given it."""
    missing: tuple[str, ...]
    """Names of originals that the archive lacks, or that are damaged in it: their parts are placeholders."""


def write_archive(
    film: ExportFilm,
    library: Mapping[str, object],
    target: Path,
    *,
    progress: Progress = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
    mark: str = "",
) -> Path:
    """Write the archive and return it: a .zip when `target` ends so, else a folder; ` -1` where there is such a one.

    `library` must go into JSON, `mark` is that of the request. It appears whole, read back, or not. For a thread.
    Raises ExportFull, FileTrouble, ExportDiffers, Abandoned.
    """
    names = file_names(film)
    total = sum(map(size_of, names))
    with hidden(target, mark) as part:
        require_space(part.parent, total)
        with _new(part, packed=target.suffix.lower() == ".zip") as archive:
            papers = papers_of(film, sums=_copied(archive, names, total, progress, stopped))
            archive.write(FOLDER_RECORD, sidecar(papers, film))
            archive.write(LIBRARY, json.dumps(library, ensure_ascii=False).encode("utf-8", "replace"))
        _check(part, papers, stopped)
        return named(part, target)


def open_archive(
    archive: Path,
    folder: Path,
    known: Sequence[Path] = (),
    *,
    progress: Progress = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Opened:
    """Copy the originals of an archive into `folder` and return the film on them. The archive stays as it is.

    One of the `known` files, or one that is there already under its name, is used where it has the same content. All
    are copied or none. For a thread. Raises FileTrouble when it is no archive of ours or cannot be read, ExportFull,
    Abandoned.
    """
    brought: list[Path] = []
    with writing(folder, ExportFull), _existing(archive) as store:
        papers, library = _records(store)
        folder.mkdir(parents=True, exist_ok=True)
        remove_old_leftovers(folder)
        at_hand = _at_hand(papers, folder, known)
        wanted = [source for source in papers.sources if source.name not in at_hand]
        total, done = sum(source.size for source in wanted), 0
        if wanted:
            require_space(folder, total)
        try:
            for source in wanted:
                if (copied := _brought(store, source, folder, stopped)) is not None:
                    brought.append(copied)
                done += source.size
                progress(done, total)
        except BaseException:
            for file in brought:
                file.unlink(missing_ok=True)
            raise
    film, missing = relinked(papers, [*at_hand.values(), *brought])
    return Opened(film, papers, library, missing)


def papers_in(archive: Path) -> Papers | None:
    """What a .zip or a folder says of the film whose originals and record it holds; None when it is no archive of ours.
    Never raises.
    """
    try:
        if not archive.is_dir() and not zipfile.is_zipfile(archive):
            return None
        with _existing(archive) as store:
            return _records(store)[0] if store.has(LIBRARY) else None
    except (OSError, FileTrouble):
        return None


def _records(store: _Store) -> tuple[Papers, Mapping[str, object]]:
    papers = from_json(store.read(FOLDER_RECORD).decode("utf-8", "replace"))
    if papers is None:
        raise FileTrouble("this is no archive of a film")
    try:
        library = json.loads(store.read(LIBRARY))
    except ValueError:
        library = {}
    return papers, library if isinstance(library, dict) else {}


def _at_hand(papers: Papers, folder: Path, known: Sequence[Path]) -> dict[str, Path]:
    """The originals that need not be copied, by their names in the archive."""
    found: dict[str, Path] = {}
    for source in papers.sources:
        for file in (folder / source.name, *known):
            if file.is_file() and file.stat().st_size == source.size and sha256_of(file) == source.sha256:
                found[source.name] = file
                break
    return found


def _brought(store: _Store, source: Source, folder: Path, stopped: Callable[[], bool]) -> Path | None:
    """The original in our folder, or None when the archive has not what the papers promise."""
    target, part = free(folder / source.name), folder / hidden_name()
    try:
        name = f"{ORIGINALS}/{source.name}"
        if not store.has(name) or _poured(store.pieces(name), part, source.size, stopped) != source.sha256:
            return None
        part.rename(target)
    except _Damaged:
        return None
    finally:
        part.unlink(missing_ok=True)
    return target


def _poured(data: Iterator[bytes], part: Path, size: int, stopped: Callable[[], bool]) -> str:
    """Write what comes, until it is more than `size` bytes; the sum of what was written."""
    digest, left = hashlib.sha256(), size
    with part.open("wb") as file:
        for piece in data:
            if stopped():
                raise Abandoned
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
            if left < 0:
                break
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _copied(
    archive: _NewStore, names: dict[Path, str], total: int, progress: Progress, stopped: Callable[[], bool]
) -> dict[Path, str]:
    """Put the originals in; their sums."""
    sums, done = dict[Path, str](), 0
    for file, name in names.items():
        digest = hashlib.sha256()
        with archive.create(f"{ORIGINALS}/{name}", size_of(file)) as target:
            for piece in pieces(file):
                if stopped():
                    raise Abandoned
                digest.update(piece)
                target.write(piece)
                done += len(piece)
                progress(done, total)
        sums[file] = digest.hexdigest()
    return sums


def _check(part: Path, papers: Papers, stopped: Callable[[], bool]) -> None:
    """Raises ExportDiffers unless every original is in it, byte for byte; Abandoned."""
    with _existing(part) as store:
        for source in papers.sources:
            digest = hashlib.sha256()
            with suppress(_Damaged):
                for piece in store.pieces(f"{ORIGINALS}/{source.name}"):
                    if stopped():
                        raise Abandoned
                    digest.update(piece)
            if digest.hexdigest() != source.sha256:
                raise ExportDiffers(f"{source.name} is not in the archive as it should be")


class _NewStore:
    """A folder or .zip that is being written."""

    def __init__(self, folder: Path | None, packed: zipfile.ZipFile | None) -> None:
        self._folder, self._packed = folder, packed

    def write(self, name: str, content: bytes) -> None:
        with self.create(name, len(content)) as file:
            file.write(content)

    @contextmanager
    def create(self, name: str, size: int) -> Iterator[BinaryIO]:
        if self._packed is not None:
            with self._packed.open(name, "w", force_zip64=size > 1 << 31) as entry:
                yield entry  # type: ignore[misc]  # an open entry is a binary file, whatever its stub says
        elif self._folder is not None:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                yield file


@contextmanager
def _new(part: Path, *, packed: bool) -> Iterator[_NewStore]:
    if packed:  # films are packed as well as they can be: storing is as small and much quicker
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as whole:
            yield _NewStore(None, whole)
    else:
        part.mkdir()
        yield _NewStore(part, None)


class _Damaged(Exception):
    """What is in an archive cannot be unpacked."""


class _Store:
    """A folder or .zip to read from. Only names that we ask for are looked at, so none can point outside."""

    def __init__(self, place: Path, packed: zipfile.ZipFile | None) -> None:
        self._place, self._packed = place, packed

    def has(self, name: str) -> bool:
        if self._packed is not None:
            return name in self._packed.namelist()
        return (self._place / PurePosixPath(name)).is_file()

    def read(self, name: str) -> bytes:
        """A record; empty where there is none, or none that can be read. Raises FileTrouble."""
        content = bytearray()
        try:
            for piece in self.pieces(name):
                content += piece
                if len(content) > _LARGEST_RECORD:
                    return b""
        except _Damaged:
            return b""
        return bytes(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; none where there is no such file. Raises _Damaged; FileTrouble, which names the archive:
        what is wrong with it must not be taken for a fault of what is written from it.
        """
        try:
            if not self.has(name):
                return
            packed = self._packed
            with (self._place / PurePosixPath(name)).open("rb") if packed is None else packed.open(name) as data:
                while piece := data.read(_PIECE):
                    yield piece
        except OSError as error:
            raise FileTrouble(f"{self._place}: {error.strerror or error}") from error
        except _UNPACKABLE as error:
            raise _Damaged(name) from error


@contextmanager
def _existing(archive: Path) -> Iterator[_Store]:
    """Raises FileTrouble."""
    if archive.is_dir():
        yield _Store(archive, None)
        return
    try:
        packed = zipfile.ZipFile(archive)
    except OSError as error:
        raise FileTrouble(f"{archive}: {error.strerror or error}") from error
    except _UNPACKABLE:
        raise FileTrouble("this is no archive of a film") from None
    with packed:
        yield _Store(archive, packed)
