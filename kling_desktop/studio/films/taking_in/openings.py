"""Opens archives of films: tells how far each one is, lets the creator stop it, and leaves all of it or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip, Progress
from kling_desktop.errors import FileTrouble
from kling_desktop.studio.feed import ArchiveMoved, Feed
from kling_desktop.studio.files.folder import ensure_folder

if TYPE_CHECKING:
    from kling_desktop.studio.films.taking_in.adoption import Adoption
    from kling_desktop.studio.films.taking_in.homecoming import Opened

_QUIET_SECONDS = 0.5
"""An archive that is open sooner is not worth a word on the way."""
_TELL_SECONDS = 0.25
"""Between two words about the same archive."""


class _Stopped(Exception):
    """The creator has given an opening up."""


class Openings:
    """Originals are read and copied in worker threads. Belongs to the loop's thread; the fact is ArchiveMoved."""

    def __init__(
        self,
        feed: Feed,
        adoption: Adoption,
        clip_of_file: Callable[[Path], Clip | None],
        quiet_seconds: float = _QUIET_SECONDS,
    ) -> None:
        """`clip_of_file` says which clip of the library has this file."""
        self._feed = feed
        self._adoption = adoption
        self._clip_of_file = clip_of_file
        self._quiet_seconds = quiet_seconds
        self._stops: dict[Path, Event] = {}
        self._told: set[Path] = set()

    def stop(self, archive: Path) -> None:
        """Give an opening up: what was copied goes, and the library knows nothing of it. Without effect once its takes
        are being written, which is said.
        """
        if archive in self._stops:
            self._stops[archive].set()

    async def open(self, archive: Path, folder: Path, known: Sequence[Path]) -> tuple[str, Opened] | None:
        """The id that its film has here, and what was opened; None when it was stopped, or is being opened already.

        Originals are copied into `folder` unless they are among the `known` files. Cancelled, as when the program
        ends, it is stopped. Raises FileTrouble, DriveAbsent, ExportFull, and what the library does.
        """
        if archive in self._stops:
            return None
        stop = self._stops[archive] = Event()
        try:
            opened = await self._opened(archive, folder, known, stop)
            return None if opened is None else (await self._taken_in(archive, opened, stop), opened)
        except _Stopped:
            return None
        finally:
            del self._stops[archive]
            self._told.discard(archive)
            self._feed.publish(ArchiveMoved(archive, None))

    async def _opened(self, archive: Path, folder: Path, known: Sequence[Path], stop: Event) -> Opened | None:
        loop, deaf = asyncio.get_running_loop(), Event()

        def tell(progress: Progress) -> None:
            if not deaf.is_set():
                loop.call_soon_threadsafe(self._say, ArchiveMoved(archive, progress), stop)

        work = asyncio.ensure_future(
            asyncio.to_thread(_opened, archive, folder, known, stop, tell, self._quiet_seconds)
        )
        try:
            opened = await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])  # a thread is not cancelled, and would go on copying
            if work.exception() is None and (late := work.result()) is not None:
                self._give_back(late)
            raise
        finally:
            deaf.set()
        if opened is not None and stop.is_set():  # said after its last byte
            self._give_back(opened)
            return None
        return opened

    def _say(self, fact: ArchiveMoved, stop: Event) -> None:
        """A word from the thread, unless the opening has ended in the meantime."""
        if self._stops.get(fact.archive) is stop:
            self._told.add(fact.archive)
            self._feed.publish(fact)

    async def _taken_in(self, archive: Path, opened: Opened, stop: Event) -> str:
        """The library has all of it, also when the program ends meanwhile, unless it takes none. Raises _Stopped."""
        whole = sum(source.size for source in opened.papers.sources)
        word = ArchiveMoved(archive, Progress(whole, whole))
        loop = asyncio.get_running_loop()
        telling = loop.call_later(self._quiet_seconds, self._say, word, stop)

        def begun() -> None:
            nonlocal telling
            if stop.is_set():  # said while another film was taken in
                raise _Stopped
            telling.cancel()
            now = replace(word, can_stop=False)
            telling = loop.call_later(0 if archive in self._told else self._quiet_seconds, self._say, now, stop)

        try:
            return await self._adoption.adopt(opened.library, opened.film, opened.papers, begun)
        except BaseException:
            self._give_back(opened)
            raise
        finally:
            telling.cancel()

    def _give_back(self, opened: Opened) -> None:
        """Delete what was copied, except what the library has come to know."""
        from kling_desktop.studio.films.taking_in.homecoming import remove_copied

        remove_copied(file for file in opened.copied if self._clip_of_file(file) is None)


def _opened(
    archive: Path,
    folder: Path,
    known: Sequence[Path],
    stop: Event,
    tell: Callable[[Progress], None],
    quiet_seconds: float,
) -> Opened | None:
    """Runs in a worker thread. None when it was stopped. The media library is loaded here: it would slow the start."""
    from kling_desktop.studio.films.taking_in.homecoming import Abandoned, open_archive

    due = time.monotonic() + quiet_seconds

    def moved(done: int, total: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _TELL_SECONDS
            tell(Progress(done, total))

    try:
        ensure_folder(folder)
    except OSError as error:
        raise FileTrouble(f"{folder}: {error.strerror}") from error
    try:
        return open_archive(archive, folder, known, progress=moved, stopped=stop.is_set)
    except Abandoned:
        return None
