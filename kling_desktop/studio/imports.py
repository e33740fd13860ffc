"""Brings video files in: each becomes a clip of the library and the root of a film, and is itself never changed."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

from kling_desktop.domain.clips import FILE_CLIP, Clip, Progress
from kling_desktop.errors import DownloadFailed, FileTrouble, KlingDesktopError, VideoUnfit
from kling_desktop.export import original
from kling_desktop.studio.feed import Feed, FileImported, ImportMoved
from kling_desktop.studio.files.folder import ensure_folder
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.naming import cleaned

log = logging.getLogger(__name__)

SUFFIXES = (".mp4", ".mov", ".m4v", ".webm", ".mkv")
"""Names of files that are taken out of a folder. A file that is named by itself is judged by what is in it."""
MOST_OF_A_FOLDER = 200
"""More than that was hardly meant."""

_PIECE = 1 << 20


class Imports:
    """Lives on the loop's thread. One file at a time is read, in a worker thread."""

    def __init__(
        self,
        films: Films,
        known: Callable[[str], Clip | None],
        clip_of_file: Callable[[Path], Clip | None],
        note_clip: Callable[[Clip], None],
        feed: Feed,
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
        takes_folder: Callable[[], Path],
        links: Callable[[], bool],
    ) -> None:
        """`known` and `clip_of_file` say what the library has under an id or as its file. `links` says whether a file
        stays where it lies, or is copied into the folder of takes.
        """
        self._films = films
        self._known = known
        self._clip_of_file = clip_of_file
        self._note_clip = note_clip
        self._feed = feed
        self._run_in_background = run_in_background
        self._takes_folder = takes_folder
        self._links = links
        self._one_at_a_time = asyncio.Semaphore(1)
        self._stops: dict[Path, Event] = {}
        self._closing = False

    def bring(self, paths: Sequence[Path]) -> None:
        """Have these files, and the videos that lie in these folders, brought in; FileImported tells of each."""
        self._run_in_background(self._bring_all([Path(path) for path in paths]))

    def stop(self, file: Path) -> None:
        """Give up bringing a file in; what was copied of it goes."""
        if file in self._stops:
            self._stops[file].set()

    def close(self) -> None:
        """Give up everything that is being read; nothing of it is kept."""
        self._closing = True
        for stop in self._stops.values():
            stop.set()

    # --- one after the other -------------------------------------------------------------------------------------

    async def _bring_all(self, paths: Sequence[Path]) -> None:
        for path in paths:
            try:
                files = await asyncio.to_thread(_videos_of, path)
            except KlingDesktopError as error:
                self._feed.publish(FileImported(path, None, None, trouble=error.trouble))
                continue
            for file in files:
                async with self._one_at_a_time:
                    await self._bring(file)

    async def _bring(self, file: Path) -> None:
        """Cancelled, as when the program ends, it leaves no part of a copy."""
        if self._closing:
            return
        stop = self._stops[file] = Event()
        try:
            told = await self._told(file, stop)
        except KlingDesktopError as error:
            log.info("a file was not brought in: %s", error)
            told = FileImported(file, None, None, trouble=error.trouble)
        finally:
            stop.set()
            del self._stops[file]
        self._feed.publish(ImportMoved(file, None))
        if told is not None:
            self._feed.publish(told)

    async def _told(self, file: Path, stop: Event) -> FileImported | None:
        """None: it was stopped."""
        if (own := self._clip_of_file(file)) is not None:  # a take that was dragged out of its own folder
            return FileImported(file, own, self._films.take_root(own))
        loop = asyncio.get_running_loop()

        def tell(progress: Progress) -> None:
            if not stop.is_set():
                loop.call_soon_threadsafe(self._feed.publish, ImportMoved(file, progress))

        seconds = await asyncio.to_thread(_seconds_of, file)
        copies = not self._links()
        digest = await asyncio.to_thread(_digest, file, stop, tell, 2 if copies else 1)
        if digest is None:
            return None
        clip_id = FILE_CLIP + digest
        known = self._known(clip_id)
        if known is not None and known.file is not None and await asyncio.to_thread(known.file.exists):
            return FileImported(file, known, self._films.take_root(known))
        kept = await asyncio.to_thread(_kept, file, self._takes_folder(), stop, tell) if copies else file
        if kept is None:
            return None
        clip = Clip(clip_id, seconds=seconds, file=kept)
        self._note_clip(clip)
        film_id = self._films.new(file.stem).id if known is None else ""  # one whose file had gone has its film
        return FileImported(file, clip, self._films.take_root(clip, film_id), is_new=True)


# In worker threads. The media libraries are loaded here: they would slow the start.


def _videos_of(path: Path) -> list[Path]:
    """The file itself, or the videos of a folder by name. Raises FileTrouble, VideoUnfit for a folder without any."""
    try:
        path = path.expanduser().absolute()
        if not path.is_dir():
            return [path]
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file())
    except OSError as error:
        raise FileTrouble(f"{path}: {error.strerror}") from error
    if not found:
        raise VideoUnfit("no video in this folder")
    return found[:MOST_OF_A_FOLDER]


def _seconds_of(file: Path) -> Decimal | None:
    """How long its pictures last, by their own times: what a file says of its length may leave out its last ones."""
    from kling_desktop.media.footage import inspected
    from kling_desktop.media.frame_times import frame_times

    stated = inspected(file).seconds
    try:
        seconds = float(frame_times(file).end)
    except DownloadFailed:  # its pictures were looked at: only their times are odd
        seconds = stated
    return Decimal(f"{seconds:.3f}") if seconds > 0 else None


def _digest(file: Path, stop: Event, tell: Callable[[Progress], None], rounds: int) -> str | None:
    """SHA-256 in hexadecimal; None when it was stopped. Raises FileTrouble, also when the file changes meanwhile."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as data:
            before = file.stat()
            for number, piece in enumerate(_pieces(data.read), 1):
                if stop.is_set():
                    return None
                digest.update(piece)
                tell(Progress(min(number * _PIECE, before.st_size), rounds * before.st_size))
            after = file.stat()
    except OSError as error:
        raise FileTrouble(f"{file}: {error.strerror}") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileTrouble(f"{file}: it changed while it was read")
    return digest.hexdigest()


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while piece := read(_PIECE):
        yield piece


def _kept(file: Path, folder: Path, stop: Event, tell: Callable[[Progress], None]) -> Path | None:
    """The copy in the folder of takes, or the file itself if it lies there; None when it was stopped. Raises
    DiskFull, FileTrouble.
    """
    try:
        ensure_folder(folder)
        if file.resolve().is_relative_to(folder.resolve()):
            return file
    except OSError as error:
        raise FileTrouble(f"{folder}: {error.strerror}") from error
    from kling_desktop.export.placing import remove_old_leftovers  # loads the media library: not at the start

    remove_old_leftovers(folder)
    target = _free_name(folder, cleaned(file.stem) or "video", file.suffix.lower())
    with closing(original.copy(file, target)) as moving:
        for progress in moving:
            if stop.is_set():
                return None
            whole = progress.total_bytes or 0
            tell(Progress(whole + progress.received_bytes, 2 * whole))
    with suppress(OSError):  # a disk that knows no owners
        target.chmod(0o600)
    return target


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    number, target = 1, folder / f"{stem}{suffix}"
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{suffix}"
    return target
