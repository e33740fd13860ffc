"""Brings finished takes home: downloads, verifies, names and keeps them, and makes their stills."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from weakref import WeakValueDictionary

from kling_desktop.domain.clips import Clip, Progress, is_gone, video_id_of
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Task
from kling_desktop.errors import (
    AddressRefused,
    BadRequest,
    DiskFull,
    DownloadFailed,
    DownloadInterrupted,
    FileTrouble,
    FileUnnamed,
    KlingDesktopError,
    LinkExpired,
)
from kling_desktop.kling.limiter import Limiter
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.feed import Feed, Noticed, TransferMoved
from kling_desktop.studio.files.attempts import Attempts
from kling_desktop.studio.files.disk_space import DiskSpaceGate
from kling_desktop.studio.files.folder import lying_here, make_folder
from kling_desktop.studio.files.transfer_slots import TransferSlots
from kling_desktop.studio.files.transfers import bring_home
from kling_desktop.studio.naming import id_name, take_name
from kling_desktop.studio.pace import Pace, sleep_or_wake

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 17
"""Threads for transfers, one of them for what goes beside takes. They are apart from the program's other threads,
which must not wait for bytes.
"""
_POSTER_WIDTH = 480
_POSTERS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class DownloadSettings:
    """Where things are put, and how many transfers run at once. Read anew for every download."""

    takes: Path
    posters: Path
    parallel: int
    bytes_per_second: int


class Downloader:
    """Downloads in worker threads, so that neither the window nor the questions to Kling wait for bytes."""

    def __init__(self, accounts: Accounts, feed: Feed, settings: Callable[[], DownloadSettings], pace: Pace) -> None:
        self._accounts = accounts
        self._feed = feed
        self._download_settings = settings
        self._pace = pace
        self._transfer_slots = TransferSlots(lambda: settings().parallel)
        # Of what no take waits for, copies and clips of the account: what trickles in takes no take's place.
        self._slots_beside = TransferSlots(lambda: 1)
        self._closing = Event()
        self._woken = asyncio.Event()
        self._limiter = Limiter(settings().bytes_per_second)
        self._easels = [
            asyncio.Semaphore(_POSTERS_AT_ONCE) for _ in range(2)
        ]  # of addresses, which may be slow; of files
        self._targets: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        self._threads = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="download")
        self._disk_space = DiskSpaceGate(
            lambda: settings().takes, pace, lambda error: feed.publish(Noticed(error.trouble))
        )

    async def keep(self, task: Task, on_trouble: Callable[[KlingDesktopError], None] = lambda error: None) -> Clip:
        """Fetch the clip of a finished task into the library folder and return it with its file.

        Never gives up while Kling keeps it: waits while the disk is full, tries again ever more rarely after any other
        failure, and asks Kling for a fresh address when it may be the address; `on_trouble` hears what is in the way
        meanwhile. Raises LinkExpired when Kling has it no longer, FileTrouble, DownloadFailed when there is no address.
        """
        try:
            return await self._kept(task, _clip_of(task), False, on_trouble, self._transfer_slots)
        finally:
            self._feed.publish(TransferMoved(task.id, None))

    async def keep_beside(self, task: Task) -> Clip:
        """The same for a clip that nobody has asked for: it takes no place from takes."""
        try:
            return await self._kept(task, _clip_of(task), False, lambda _: None, self._slots_beside)
        finally:
            self._feed.publish(TransferMoved(task.id, None))

    async def copy(self, task: Task, is_wanted: Callable[[], bool]) -> Clip:
        """Fetch the watermarked copy of a kept take, and return its clip with both.

        It comes behind the take and holds up nothing: it has a place of its own, tells of no progress and no trouble,
        and waits as long as the service likes. Tries as `keep` does while `is_wanted`. Raises DownloadFailed and
        FileTrouble when it is not to be had.
        """

        def heed(_: KlingDesktopError) -> None:
            if not is_wanted():
                raise LinkExpired("nobody waits for the copy any more")

        return await self._kept(task, _clip_of(task), True, heed, self._slots_beside)

    async def poster(self, clip: Clip) -> Path:
        """A still of the clip's first frame; made when there is none yet. Raises DownloadFailed, FileTrouble."""
        if (poster := self.poster_at_hand(clip.id)) is None:
            poster = self._poster_file(clip.id)
            async with self._easels[clip.file is not None]:
                if not poster.exists():  # it was made of the clip's address while its file came
                    seconds = float(clip.parent_seconds or 0)
                    await asyncio.to_thread(_make_poster, clip.file or clip.url, poster, seconds)
        return poster

    def poster_at_hand(self, clip_id: str) -> Path | None:
        """The still of this clip, if it has been made. Costs one look at the folder."""
        file = self._poster_file(clip_id)
        return file if file.exists() else None

    def posters_at_hand(self, clip_ids: Iterable[str]) -> dict[str, Path]:
        """The stills of these clips, of those that have one. Looks for each in the folder: for a worker thread."""
        return {id: file for id in clip_ids if (file := self.poster_at_hand(id))}

    def _poster_file(self, clip_id: str) -> Path:
        return self._download_settings().posters / f"{id_name(clip_id)}.jpg"

    def close(self) -> None:
        """Tell the threads to stop after their next chunk; what they have stays and is resumed another day."""
        self._closing.set()
        self._disk_space.close()

    def wake(self) -> None:
        """The network is back: what waits for it tries again now."""
        self._woken.set()
        self._woken = asyncio.Event()

    async def _kept(
        self,
        task: Task,
        clip: Clip,
        marked: bool,
        on_trouble: Callable[[KlingDesktopError], None],
        slots: TransferSlots,
    ) -> Clip:
        attempts = Attempts(of_copy=marked)
        while True:
            await self._disk_space.wait()
            try:
                file = await self._lying_here(clip, marked)
                if file is None:
                    if attempts.want_fresh:
                        clip = await self._renewed(task, clip)
                    file = await self._attempt(task, clip, marked, attempts.least_seconds(clip), slots)
                return replace(clip, watermark_file=file) if marked else replace(clip, file=file)
            except (DownloadFailed, FileTrouble) as error:
                trouble = attempts.judged(error, clip)
            if trouble is None:
                continue
            log.info("download of %s failed: %s", task.id, trouble)
            on_trouble(trouble)
            if isinstance(trouble, DiskFull) and not marked:  # there may be room for other takes where a copy has none
                self._disk_space.lost(trouble)
                continue
            attempts.count(trouble)
            await sleep_or_wake(self._pace.between_downloads(attempts.failures, trouble.retry_after), self._woken)

    async def _lying_here(self, clip: Clip, marked: bool) -> Path | None:
        """The take, when it is in the folder already: from another computer, or from before the library was lost."""
        folder = self._download_settings().takes
        return await asyncio.to_thread(lying_here, folder, clip.id, "watermark" if marked else "", clip.seconds)

    async def _attempt(self, task: Task, clip: Clip, marked: bool, least_seconds: float, slots: TransferSlots) -> Path:
        settings = self._download_settings()
        url, mark = (clip.watermark_url, "watermark") if marked else (clip.url, "")
        target = settings.takes / take_name(task.extension.prompt, clip, task.asked_at, mark=mark)
        tell = _silent if marked else self._teller(task.id)
        async with self._targets.setdefault(target, asyncio.Lock()), slots:
            try:
                file = await self._fetch(url, target, least_seconds, tell)
            except LinkExpired as error:  # the host's word; only Kling knows whether the film is gone
                raise AddressRefused(error.message, http=error.http) from error
        self._disk_space.found()
        return file

    def _teller(self, task_id: str) -> Callable[[Progress], None]:
        """Tells the feed how far a transfer is; to be called from its thread."""
        loop = asyncio.get_running_loop()

        def moved(progress: Progress) -> None:
            loop.call_soon_threadsafe(self._feed.publish, TransferMoved(task_id, progress))

        return moved

    async def _fetch(self, url: str, target: Path, least_seconds: float, moved: Callable[[Progress], None]) -> Path:
        """In a thread. Cancelled, it returns only after the thread has let go of the file."""
        loop, given_up = asyncio.get_running_loop(), Event()

        def stopped() -> bool:
            return given_up.is_set() or self._closing.is_set()

        self._limiter.bytes_per_second = self._download_settings().bytes_per_second
        work = loop.run_in_executor(
            self._threads, bring_home, url, target, moved, stopped, self._limiter, least_seconds
        )
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            given_up.set()
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def _renewed(self, task: Task, clip: Clip) -> Clip:
        """The clip with an address that is signed anew, if Kling still has it; as it is where Kling names none
        now, which proves nothing. Raises LinkExpired when it has it no longer, DownloadInterrupted when it cannot be
        asked.
        """
        try:
            kling = await self._accounts.kling_soon(task.profile)
            standing = await kling.query(task.kling_id or task.id, task.kind)
        except BadRequest as error:
            raise LinkExpired(error.message, code=error.code, request_id=error.request_id, http=error.http) from error
        except KlingDesktopError as error:
            raise DownloadInterrupted(error.message, code=error.code, retry_after=error.retry_after) from error
        videos = [video for video in (standing.clip, *standing.more) if video is not None and video.url]
        named = {video.id: video for video in reversed(videos)}
        fresh = named.get(clip.id) or named.get(video_id_of(clip.id))
        if fresh is None and len(videos) == 1:
            fresh = videos[0]
        if _is_over(clip, fresh, KLING_TIME.now()):
            raise LinkExpired("Kling keeps the file no longer")
        if fresh is None:
            return clip
        return replace(clip, url=fresh.url, watermark_url=fresh.watermark_url or clip.watermark_url)

    async def few_wait(self, number: int) -> None:
        """Return as soon as fewer than so many downloads wait for others to end."""
        await self._transfer_slots.few_wait(number)

    def apply_download_settings(self) -> None:
        """The settings have changed: transfers under way take its speed, and those that wait look for a place again."""
        self._limiter.bytes_per_second = self._download_settings().bytes_per_second
        self._disk_space.look_again()
        self._transfer_slots.call()


def _is_over(clip: Clip, fresh: Clip | None, now: datetime) -> bool:
    """Whether Kling has deleted a clip whose address was refused, by its own dates: of what it names now, unless that
    address was not tried yet; where it names none, of the clip's making, for an address may be signed for an hour.
    """
    if fresh is None:
        return is_gone(replace(clip, expires_at=None) if clip.made_at else clip, now)
    return is_gone(fresh, now) and (fresh.url == clip.url or is_gone(clip, now))


def _silent(progress: Progress) -> None:
    """Of a copy nobody is told how far it is: the row of its take stands at its end."""


def _clip_of(task: Task) -> Clip:
    if task.clip is None or not task.clip.url:
        raise FileUnnamed("Kling named no file")
    return task.clip


def _make_poster(source: Path | str, target: Path, new_from_seconds: float) -> None:
    """Of an extension from its new stretch: the first frames of all takes of a film are the same."""
    from kling_desktop.media import stills

    make_folder(target.parent)
    stills.poster(source, target, width=_POSTER_WIDTH, at_seconds=new_from_seconds)
