"""Archives a film: originals, papers and the library's own record of it, in one folder or .zip; and opens one again."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from kling_desktop.errors import ExportDiffers, FileTrouble
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.names import free
from kling_desktop.export.papers.carriers import FOLDER_RECORD, sidecar
from kling_desktop.export.papers.record import Papers, Source, file_names, from_json, papers_of, relinked
from kling_desktop.export.placing import hidden, named, require_space
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.write_trouble import writing

ORIGINALS: Final = "originals"
LIBRARY: Final = "library.json"

_PIECE: Final = 1 << 20
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
) -> Path:
    """Write the archive and return it: a .zip when `target` ends so, else a folder; ` -1` where there is such a one.

    `library` must go into JSON. It appears whole, read back, or not at all. For a thread. Raises DiskFull, FileTrouble,
    ExportDiffers, Abandoned.
    """
    with hidden(target) as part:
        require_space(part.parent, sum(file.stat().st_size for file in file_names(film)))
        papers = papers_of(film)
        with _new(part, packed=target.suffix.lower() == ".zip") as archive:
            archive.write(FOLDER_RECORD, sidecar(papers, film))
            archive.write(LIBRARY, json.dumps(library, ensure_ascii=False).encode("utf-8", "replace"))
            _copy(archive, file_names(film), progress, stopped)
        _check(part, papers)
        return named(part, target)


def open_archive(
    archive: Path,
    folder: Path,
    *,
    progress: Progress = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Opened:
    """Copy the originals of an archive into `folder` and return the film on them. The archive stays as it is.

    A file that is there already with the same content is used. For a thread. Raises FileTrouble when it is no archive
    of ours, DiskFull, Abandoned.
    """
    with writing(folder), _existing(archive) as store:
        papers, library = _records(store)
        folder.mkdir(parents=True, exist_ok=True)
        total, done = sum(source.size for source in papers.sources), 0
        found: list[Path] = []
        for source in papers.sources:
            copied = _brought(store, source, folder, stopped)
            found += [copied] if copied else []
            done += source.size
            progress(done, total)
    film, missing = relinked(papers, found)
    return Opened(film, papers, library, missing)


def is_archive(file: Path) -> bool:
    """Whether it is a .zip or a folder that says that it holds a film's originals and record. Never raises."""
    try:
        if not file.is_dir() and not zipfile.is_zipfile(file):
            return False
        with _existing(file) as store, store.open(LIBRARY) as record:
            return record is not None and bool(store.read(FOLDER_RECORD))
    except (OSError, FileTrouble, zipfile.BadZipFile):
        return False


def _records(store: _Store) -> tuple[Papers, Mapping[str, object]]:
    papers = from_json(store.read(FOLDER_RECORD).decode("utf-8", "replace"))
    if papers is None:
        raise FileTrouble("this is no archive of a film")
    try:
        library = json.loads(store.read(LIBRARY))
    except ValueError:
        library = {}
    return papers, library if isinstance(library, dict) else {}


def _brought(store: _Store, source: Source, folder: Path, stopped: Callable[[], bool]) -> Path | None:
    """The original in our folder, or None when the archive has not what the papers promise."""
    known = folder / source.name
    if known.is_file() and known.stat().st_size == source.size and _sum(known) == source.sha256:
        return known
    target, part = free(known), folder / f".{uuid.uuid4().hex[:8]}.part"
    try:
        with store.open(f"{ORIGINALS}/{source.name}") as data:
            if data is None or _poured(data, part, source.size, stopped) != source.sha256:
                return None
        part.rename(target)
    except zipfile.BadZipFile:  # its own sum does not fit
        return None
    finally:
        part.unlink(missing_ok=True)
    return target


def _poured(data: BinaryIO, part: Path, size: int, stopped: Callable[[], bool]) -> str:
    """Copy at most `size` bytes and one more; the sum of what came."""
    digest, left = hashlib.sha256(), size + 1
    with part.open("wb") as file:
        while left and (piece := data.read(min(_PIECE, left))):
            if stopped():
                raise Abandoned
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
    return digest.hexdigest()


def _sum(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _copy(archive: _NewStore, names: dict[Path, str], progress: Progress, stopped: Callable[[], bool]) -> None:
    total, done = sum(file.stat().st_size for file in names), 0
    for file, name in names.items():
        with file.open("rb") as source, archive.create(f"{ORIGINALS}/{name}", file.stat().st_size) as target:
            while piece := source.read(_PIECE):
                if stopped():
                    raise Abandoned
                target.write(piece)
                done += len(piece)
                progress(done, total)


def _check(part: Path, papers: Papers) -> None:
    """Raises ExportDiffers unless every original is in it, byte for byte."""
    with _existing(part) as store:
        for source in papers.sources:
            digest = hashlib.sha256()
            with store.open(f"{ORIGINALS}/{source.name}") as data:
                while data is not None and (piece := data.read(_PIECE)):
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


class _Store:
    """A folder or .zip to read from. Only names that we ask for are looked at, so none can point outside."""

    def __init__(self, folder: Path, packed: zipfile.ZipFile | None) -> None:
        self._folder, self._packed = folder, packed

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return b"" if file is None else file.read(_LARGEST_RECORD)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO | None]:
        if self._packed is None:
            path = self._folder / PurePosixPath(name)
            if not path.is_file():
                yield None
                return
            with path.open("rb") as file:
                yield file
        elif name in self._packed.namelist():
            with self._packed.open(name) as entry:
                yield entry  # type: ignore[misc]  # an open entry is a binary file, whatever its stub says
        else:
            yield None


@contextmanager
def _existing(archive: Path) -> Iterator[_Store]:
    if archive.is_dir():
        yield _Store(archive, None)
        return
    try:
        packed = zipfile.ZipFile(archive)
    except zipfile.BadZipFile:
        raise FileTrouble("this is no archive of a film") from None
    with packed:
        yield _Store(archive, packed)
