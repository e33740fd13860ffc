"""Brings finished takes home: downloads, verifies, names and keeps them, and makes their stills."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from kling_desktop.domain import Clip, Progress, Task
from kling_desktop.errors import DiskFull, DownloadFailed, KlingDesktopError, LinkExpired
from kling_desktop.kling.limiter import Limiter
from kling_desktop.studio.accounts import Accounts
from kling_desktop.studio.feed import Feed, TransferMoved
from kling_desktop.studio.naming import cleaned, take_name
from kling_desktop.studio.pace import Pace

log = logging.getLogger(__name__)

_TRIES = 4
"""Attempts at one download before the creator is asked; downloads cost nothing."""
_POSTER_WIDTH = 480
_POSTERS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where things are put, and how many transfers run at once. Read anew for every download."""

    takes: Path
    posters: Path
    parallel: int
    bytes_per_second: int


class Keeper:
    """Downloads in worker threads, so that neither the window nor the questions to Kling wait for bytes."""

    def __init__(self, accounts: Accounts, feed: Feed, shelf: Callable[[], Shelf], pace: Pace) -> None:
        self._accounts = accounts
        self._feed = feed
        self._shelf = shelf
        self._pace = pace
        self._running = 0
        self._place_free = asyncio.Condition()
        self._closing = Event()
        self._limiter = Limiter(shelf().bytes_per_second)
        self._easel = asyncio.Semaphore(_POSTERS_AT_ONCE)

    async def keep(self, task: Task) -> Clip:
        """Fetch the clip of a finished task into the library folder and return it with its file.

        Tries again after failures that may pass, asks Kling once for a fresh address when the old one died, and
        waits for as long as the disk is full. Raises DownloadFailed, or its more exact kinds.
        """
        clip = _clip_of(task)
        async with _Place(self):
            try:
                return await self._with_patience(task, clip)
            except LinkExpired:
                return await self._with_patience(task, await self._fresh(task))
            finally:
                self._feed.publish(TransferMoved(task.id, None))

    async def poster(self, clip: Clip) -> Path:
        """A still of the clip's first frame; made when there is none yet. Raises NotAVideo, DownloadFailed."""
        if (poster := self.poster_at_hand(clip.id)) is None:
            poster = self._poster_file(clip.id)
            async with self._easel:
                await asyncio.to_thread(_make_poster, clip.file or clip.url, poster)
        return poster

    def poster_at_hand(self, clip_id: str) -> Path | None:
        """The still of this clip, if it has been made. Costs one look at the folder."""
        file = self._poster_file(clip_id)
        return file if file.exists() else None

    def _poster_file(self, clip_id: str) -> Path:
        return self._shelf().posters / f"{cleaned(clip_id)}.jpg"

    def close(self) -> None:
        """Tell the threads to stop after their next chunk; what they have stays and is resumed another day."""
        self._closing.set()

    async def _with_patience(self, task: Task, clip: Clip) -> Clip:
        failures = 0
        while True:
            try:
                return await self._fetch_all(task, clip)
            except LinkExpired:
                raise
            except DownloadFailed as error:
                failures += 0 if isinstance(error, DiskFull) else 1
                log.info("download of %s failed: %s", task.id, error)
                if failures == _TRIES:
                    raise
                await asyncio.sleep(self._pace.after_failures(max(failures, 1) + 2, error.retry_after))

    async def _fetch_all(self, task: Task, clip: Clip) -> Clip:
        shelf = self._shelf()
        prompt, asked_at = task.extension.prompt, task.asked_at
        if clip.file is None:
            clip = replace(
                clip, file=await self._fetch(task, clip.url, shelf.takes / take_name(prompt, clip, asked_at))
            )
        if clip.watermark_url and clip.watermark_file is None:
            name = take_name(prompt, clip, asked_at, mark="watermark")
            clip = replace(clip, watermark_file=await self._fetch(task, clip.watermark_url, shelf.takes / name))
        return clip

    async def _fetch(self, task: Task, url: str, target: Path) -> Path:
        loop = asyncio.get_running_loop()

        def moved(progress: Progress) -> None:
            loop.call_soon_threadsafe(self._feed.publish, TransferMoved(task.id, progress))

        self._limiter.bytes_per_second = self._shelf().bytes_per_second
        return await asyncio.to_thread(_fetch, url, target, moved, self._closing.is_set, self._limiter)

    async def _fresh(self, task: Task) -> Clip:
        """The clip with an address that is signed anew, if Kling still has it."""
        try:
            standing = await (await self._accounts.kling(task.profile)).query(task.kling_id, task.kind)
        except KlingDesktopError as error:
            raise LinkExpired(error.message, code=error.code, request_id=error.request_id) from error
        old = _clip_of(task)
        if standing.clip is None or standing.clip.url == old.url:
            raise LinkExpired("the address is still the same")
        return replace(old, url=standing.clip.url, watermark_url=standing.clip.watermark_url)

    def heed_shelf(self) -> None:
        """The shelf is another: transfers under way take its speed, and those that wait look for a place again."""
        self._limiter.bytes_per_second = self._shelf().bytes_per_second
        self._looking = asyncio.create_task(self._look_for_places())

    async def _look_for_places(self) -> None:
        async with self._place_free:
            self._place_free.notify_all()

    async def enter(self) -> None:
        """Wait for a free place among the transfers."""
        async with self._place_free:
            await self._place_free.wait_for(lambda: self._running < max(self._shelf().parallel, 1))
            self._running += 1

    async def leave(self) -> None:
        """Give the place to the next."""
        async with self._place_free:
            self._running -= 1
            self._place_free.notify_all()


class _Place:
    """One of the few transfers that run at once."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def __aenter__(self) -> None:
        await self._keeper.enter()

    async def __aexit__(self, *_: object) -> None:
        await self._keeper.leave()


def _clip_of(task: Task) -> Clip:
    if task.clip is None or not task.clip.url:
        raise LinkExpired("Kling named no file")
    return task.clip


def _fetch(
    url: str, target: Path, moved: Callable[[Progress], None], stopped: Callable[[], bool], limiter: Limiter
) -> Path:
    """Runs in a worker thread. The libraries are loaded here: they would slow the start."""
    from kling_desktop.kling import download
    from kling_desktop.media import probe

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    for progress in download.fetch(url, part, stopped=stopped, limiter=limiter):
        moved(progress)
    try:
        probe.verify(part)
    except DownloadFailed:
        download.discard(part)  # as long as announced, yet not whole: the next try must not go on from it
        raise
    return download.keep(part, target)


def _make_poster(source: Path | str, target: Path) -> None:
    from kling_desktop.media import stills

    target.parent.mkdir(parents=True, exist_ok=True)
    stills.poster(source, target, width=_POSTER_WIDTH)
