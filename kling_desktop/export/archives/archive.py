"""Archives a film: originals, papers and the library's own record of it, in one folder or .zip; and opens one again."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kling_desktop.errors import ArchiveNewer, ExportDiffers, ExportFull, FileTrouble
from kling_desktop.export.archives.store import Damaged, NewStore, Store, existing_store, new_store
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.names import free
from kling_desktop.export.original import pieces, size_of
from kling_desktop.export.papers.carriers import FOLDER_RECORD, sidecar
from kling_desktop.export.papers.record import (
    Papers,
    Source,
    file_names,
    from_json,
    is_newer,
    legal_name,
    papers_of,
    with_files,
)
from kling_desktop.export.placing import hidden, hidden_name, named, remove_old_leftovers, require_space
from kling_desktop.export.unchanged import unchanged
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.write_trouble import writing

ORIGINALS: Final = "originals"
LIBRARY: Final = "library.json"

_PIECE: Final = 1 << 20

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
    copied: tuple[Path, ...] = ()
    """Files that were not here before."""


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
        with unchanged(names), new_store(part, packed=target.suffix.lower() == ".zip") as archive:
            papers = papers_of(film, sums=_copied(archive, names, total, progress, stopped))
            archive.write(FOLDER_RECORD, sidecar(papers, film))
            archive.write(LIBRARY, json.dumps(library, ensure_ascii=False).encode("utf-8", "replace"))
        _check(part, target, papers, stopped)
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
    ArchiveNewer, Abandoned.
    """
    copied: dict[str, Path] = {}
    with writing(folder, ExportFull), existing_store(archive) as store:
        papers, library = _records(store)
        folder.mkdir(parents=True, exist_ok=True)
        remove_old_leftovers(folder)
        reading = _Reading(sum(source.size for source in papers.sources), progress, stopped)
        at_hand = _at_hand(papers, folder, known, reading)
        wanted = [source for source in papers.sources if source.name not in at_hand]
        if wanted:
            require_space(folder, sum(source.size for source in wanted))
        try:
            for source in wanted:
                if (file := _brought(store, source, folder, reading)) is not None:
                    copied[source.name] = file
                reading.settle(source.size)
            reading.moved(0)
        except BaseException:
            remove_copied(copied.values())
            raise
    film, missing = with_files(papers, at_hand | copied)
    return Opened(film, papers, library, missing, tuple(copied.values()))


def remove_copied(files: Iterable[Path]) -> None:
    """Delete what an opening has copied, as it comes to nothing."""
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


class _Reading:
    """How many bytes of an archive's originals are done, whether they were copied or are here already."""

    def __init__(self, total: int, progress: Progress, stopped: Callable[[], bool]) -> None:
        self._total, self._progress, self._stopped = total, progress, stopped
        self._settled = self._done = 0

    def moved(self, count: int) -> None:
        """So many more. Raises Abandoned."""
        if self._stopped():
            raise Abandoned
        self._done = min(self._done + count, self._total)
        self._progress(self._done, self._total)

    def settle(self, count: int) -> None:
        """An original of so many is done with; 0: a file was read that is none."""
        self._settled += count
        self._done = self._settled


def papers_in(archive: Path) -> Papers | None:
    """What a .zip or a folder says of the film whose originals and record it holds; None when it is no archive of ours.
    Raises ArchiveNewer, and nothing else.
    """
    try:
        if not archive.is_dir() and not zipfile.is_zipfile(archive):
            return None
        with existing_store(archive) as store:
            return _records(store)[0] if store.has(LIBRARY) else None
    except ArchiveNewer:
        raise
    except (OSError, FileTrouble):
        return None


def _records(store: Store) -> tuple[Papers, Mapping[str, object]]:
    text = store.read(FOLDER_RECORD).decode("utf-8", "replace")
    papers = from_json(text)
    if papers is None:
        raise ArchiveNewer() if is_newer(text) else FileTrouble("this is no archive of a film")
    try:
        library = json.loads(store.read(LIBRARY))
    except (ValueError, RecursionError):
        library = {}
    return papers, library if isinstance(library, dict) else {}


def _at_hand(papers: Papers, folder: Path, known: Sequence[Path], reading: _Reading) -> dict[str, Path]:
    """The originals that need not be copied, by their names in the archive."""
    found: dict[str, Path] = {}
    for source in papers.sources:
        for file in (folder / legal_name(Path(source.name)), *known):
            if file.is_file() and file.stat().st_size == source.size:
                is_it = _sum_of(file, reading) == source.sha256
                reading.settle(source.size if is_it else 0)
                if is_it:
                    found[source.name] = file
                    break
    return found


def _sum_of(file: Path, reading: _Reading) -> str:
    """Raises OSError, Abandoned."""
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while piece := data.read(_PIECE):
            digest.update(piece)
            reading.moved(len(piece))
    return digest.hexdigest()


def _brought(store: Store, source: Source, folder: Path, reading: _Reading) -> Path | None:
    """The original in our folder, or None when the archive has not what the papers promise."""
    target, part = free(folder / legal_name(Path(source.name))), folder / hidden_name()
    try:
        for name in store.named_or_as_large(f"{ORIGINALS}/{source.name}", source.size):
            with suppress(Damaged):
                if _poured(store.pieces(name), part, source.size, reading) == source.sha256:
                    part.rename(target)
                    return target
    finally:
        part.unlink(missing_ok=True)
    return None


def _poured(data: Iterator[bytes], part: Path, size: int, reading: _Reading) -> str:
    """Write what comes, until it is more than `size` bytes; the sum of what was written."""
    digest, left = hashlib.sha256(), size
    with part.open("wb") as file:
        for piece in data:
            reading.moved(len(piece))
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
            if left < 0:
                break
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _copied(
    archive: NewStore, names: dict[Path, str], total: int, progress: Progress, stopped: Callable[[], bool]
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


def _check(part: Path, target: Path, papers: Papers, stopped: Callable[[], bool]) -> None:
    """Raises ExportDiffers unless every original is in it, byte for byte; FileTrouble, Abandoned."""
    with existing_store(part, called=target) as store:
        for source in papers.sources:
            digest = hashlib.sha256()
            with suppress(Damaged):
                for piece in store.pieces(f"{ORIGINALS}/{source.name}"):
                    if stopped():
                        raise Abandoned
                    digest.update(piece)
            if digest.hexdigest() != source.sha256:
                raise ExportDiffers(f"{source.name} is not in the archive as it should be")
