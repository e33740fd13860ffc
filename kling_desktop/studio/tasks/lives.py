"""The life of each task, told in one coroutine: sent once, followed to its end, its take brought home."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kling_desktop.domain.clips import Clip, is_gone
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Standing, Status, Task
from kling_desktop.errors import (
    AddressRefused,
    CopyMissing,
    DownloadFailed,
    FileTrouble,
    KlingDesktopError,
    LinkExpired,
    NotAVideo,
    StoreTrouble,
    Vanished,
)
from kling_desktop.studio.clips import Clips
from kling_desktop.studio.feed import Feed, Noticed
from kling_desktop.studio.files.downloads import Downloader
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.lines import Lines
from kling_desktop.studio.tasks.profile_queue import ProfileQueue
from kling_desktop.studio.tasks.sending import Sender
from kling_desktop.studio.tasks.standing import apply_standing, siblings_of, without_film

log = logging.getLogger(__name__)

_ACCIDENTS = 3
"""Errors of ours after which a life is given up until the next start; it goes on from what the library says."""
_AT_ONCE = 10
"""Lives that are begun in one turn of the loop: about 3 ms."""
_REST_SECONDS = 0.002
_MOST_IN_LINE = 100
"""Takes that may wait to be brought home before more of thousands are given their lives: each that waits is 35 objects,
through which a look for garbage goes, and stands before a take that has just been made."""
_ANSWERS_WITHOUT_FILE = 5
"""How often Kling may call a task done and name no file, before the creator is told."""


class Lives:
    """Every unfinished task has one life at a time, which begins wherever the library says that the task stands."""

    def __init__(
        self,
        ledger: Ledger,
        lines: Lines,
        sender: Sender,
        downloader: Downloader,
        clips: Clips,
        feed: Feed,
        now: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._lines = lines
        self._sender = sender
        self._downloader = downloader
        self._clips = clips
        self._feed = feed
        self._now = now
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ending: dict[str, set[asyncio.Task[None]]] = {}
        self._store_trouble: str | None = None
        self._closed = False

    def begin(self, task_id: str) -> None:
        """Give a task its life, unless it has one. One that is just ending is waited for: never two at a time. None
        begins after `close`: nobody would wait for its end, and the library is closed under it.
        """
        if self._closed:
            return
        running = self._running.get(task_id)
        if running is None or running.done():  # done, and its end not yet heard of: no reason to do without
            life = asyncio.create_task(self._guarded(task_id, self._ending.get(task_id, ())), name=f"life of {task_id}")
            self._running[task_id] = life
            life.add_done_callback(lambda ended: self._over(task_id, ended))

    async def begin_by_and_by(self, task_ids: Sequence[str]) -> None:
        """Give these takes, which are only to be brought home, their lives: a few in each turn of the loop, with a rest
        in which the window goes on, and not before most of those that have theirs are here. One that is no longer
        watched when its turn comes, or is gone, gets none.
        """
        for first in range(0, len(task_ids), _AT_ONCE):
            await self._downloader.few_wait(_MOST_IN_LINE)
            for task_id in task_ids[first : first + _AT_ONCE]:
                task = self._ledger.find(task_id)
                if task is not None and task.watched:
                    self.begin(task_id)
            await asyncio.sleep(_REST_SECONDS)

    def end(self, task_id: str) -> None:
        """End a life where it stands. What its threads do comes to an end soon after."""
        if life := self._running.pop(task_id, None):
            self._ending.setdefault(task_id, set()).add(life)  # beside an earlier one whose thread still writes
            life.cancel()

    async def close(self) -> None:
        """End all lives, and return when nothing of them runs any more.

        A create that is on its way has a few seconds more: cut off, its answer would be lost, and the creator asked at
        the next start what became of it.
        """
        self._closed = True
        sending = {task_id for task_id in self._running if self._is_on_its_way(task_id)}
        for task_id in self._running.keys() - sending:
            self.end(task_id)
        if sending:
            turns = [asyncio.create_task(self._queue_of(task_id).turn_over()) for task_id in sending]
            await asyncio.wait(turns, timeout=self._lines.usual_pace.for_an_answer())
            for turn in turns:
                turn.cancel()
        for task_id in list(self._running):
            self.end(task_id)
        await asyncio.gather(*(life for lives in self._ending.values() for life in lives), return_exceptions=True)

    def _is_on_its_way(self, task_id: str) -> bool:
        task = self._ledger.find(task_id)
        return task is not None and task.status is Status.SENDING and self._queue_of(task_id).sending == task_id

    def _queue_of(self, task_id: str) -> ProfileQueue:
        return self._lines.queue(self._ledger.current(task_id).profile)

    def _over(self, task_id: str, life: asyncio.Task[None]) -> None:
        if self._running.get(task_id) is life:
            del self._running[task_id]
        if ending := self._ending.get(task_id):
            ending.discard(life)
            if not ending:
                del self._ending[task_id]

    # --- the life ---

    async def _live(self, task: Task) -> None:
        task = await self._sender.settle(task)
        if _is_open(task):
            self._clips.bring_home(task.extension.video_id)
            task = await self._follow(task)
        self._lines.queue(task.profile).release(task.id)
        if task.status is Status.SUCCEEDED:
            await self._keep(task)

    async def _follow(self, task: Task) -> Task:
        if not task.status.ended:
            self._lines.queue(task.profile).occupy(task.id)
        fileless = 0
        async with aclosing(self._lines.follower(task.profile).standings(task)) as standings:
            async for standing in standings:
                task = self._hear(self._ledger.current(task.id), standing)
                fileless += task.status is Status.SUCCEEDED
                if not _is_open(task) or fileless == _ANSWERS_WITHOUT_FILE:
                    break
        return task

    def _hear(self, task: Task, standing: Standing | KlingDesktopError) -> Task:
        if isinstance(standing, KlingDesktopError):
            return self._ledger.note(replace(task, trouble=standing.trouble))
        if standing.found_by_ours and self._is_anothers(standing, task):
            return self._ledger.note(replace(task, trouble=Vanished(request_id=standing.request_id).trouble))
        if standing.parent is not None:
            self._clips.note(standing.parent)
        told = apply_standing(task, standing, self._now())
        # Most answers bring nothing but another number of the request: disk and screen are left alone.
        if told != replace(task, request_id=told.request_id):
            task = self._ledger.note(told)
        if task.status is Status.SUCCEEDED and standing.kling_id == task.kling_id:
            self._take_in(task, standing.more)
        return task

    def _is_anothers(self, standing: Standing, task: Task) -> bool:
        owner = self._ledger.owner_of(standing.kling_id, task.profile)
        return owner is not None and owner.id != task.id

    def _take_in(self, task: Task, more: Sequence[Clip]) -> None:
        for sibling in siblings_of(task, more):
            if self._ledger.find(sibling.id) is None:
                self.begin(self._ledger.note(sibling).id)

    async def _keep(self, task: Task) -> None:
        clip = task.clip
        if clip is None or clip.file is None:
            try:
                clip = await self._downloader.keep(task, lambda error: self._heed_download(task.id, error))
            except (DownloadFailed, FileTrouble) as error:
                self._give_up(self._ledger.current(task.id), error)
                return
            self._ledger.note(replace(self._ledger.current(task.id), clip=clip, trouble=None))
        self._clips.want_poster(clip)
        await self._fetch_copy(self._ledger.current(task.id))

    async def _fetch_copy(self, task: Task) -> None:
        """Behind the take, which stands as done meanwhile. What Kling has no longer is not asked for at every start."""
        if not task.lacks_copy:
            return
        try:
            clip = await self._downloader.copy(task, lambda: self._lacks_copy(task.id))
            self._note_copy(task.id, clip.watermark_file)
        except FileTrouble as error:
            log.info("no watermarked copy of %s for now: %s", task.id, error)
        except DownloadFailed as error:
            log.info("no watermarked copy of %s: %s", task.id, error)
            if self._lacks_copy(task.id):
                self._ledger.note(replace(self._ledger.current(task.id), watched=False))
            if not isinstance(error, LinkExpired):  # what is long gone is no news
                self._feed.publish(Noticed(CopyMissing(error.message, http=error.http).trouble))

    def _lacks_copy(self, task_id: str) -> bool:
        task = self._ledger.find(task_id)
        return task is not None and task.lacks_copy

    def _note_copy(self, task_id: str, file: Path | None) -> None:
        task = self._ledger.current(task_id)
        if task.clip is not None:
            self._ledger.note(replace(task, clip=replace(task.clip, watermark_file=file)))

    def _trouble(self, task_id: str, error: KlingDesktopError | None) -> None:
        task = self._ledger.find(task_id)
        trouble = error.trouble if error else None
        if task is not None and task.trouble != trouble:
            self._ledger.note(replace(task, trouble=trouble))

    def _heed_download(self, task_id: str, error: KlingDesktopError) -> None:
        """What is in the way of a film. Raises it where Kling calls the task failed and the address holds no film: that
        agrees, and nothing is left to wait for.
        """
        if self._ledger.current(task_id).is_called_failed and isinstance(error, (AddressRefused, NotAVideo)):
            raise error
        self._trouble(task_id, error)

    def _give_up(self, task: Task, error: KlingDesktopError) -> None:
        """The creator may try again. What Kling has deleted is not asked for at every start."""
        if task.is_called_failed and isinstance(error, DownloadFailed):
            self._ledger.note(without_film(task))
            return
        is_lost = isinstance(error, LinkExpired) and (task.clip is None or is_gone(task.clip, KLING_TIME.now()))
        self._ledger.note(replace(task, trouble=error.trouble, watched=task.watched and not is_lost))

    # --- its guard ---

    async def _guarded(self, task_id: str, before: Collection[asyncio.Task[None]]) -> None:
        """What is expected becomes the task's trouble. When the library cannot be written, and after an error of
        ours, the life begins again from what the library says; nothing is ever sent twice by that.
        """
        if before:
            await asyncio.wait(before)
        failures = accidents = 0
        while accidents < _ACCIDENTS:
            try:
                await self._lived(task_id)
                self._store_works()
                return
            except (StoreTrouble, FileTrouble) as error:
                self._tell_store(error)
            except Exception:
                accidents += 1
                log.exception("the life of task %s broke off", task_id)
                if accidents == _ACCIDENTS:
                    self._tell_accident(task_id)
                    return
            failures += 1
            await asyncio.sleep(self._lines.usual_pace.after_failures(failures))

    async def _lived(self, task_id: str) -> None:
        task = self._ledger.find(task_id)
        if task is None:
            return
        try:
            await self._live(task)
        except (StoreTrouble, FileTrouble):
            raise
        except KlingDesktopError as error:
            log.info("the life of task %s ends: %s", task_id, error)
            self._trouble(task_id, error)

    def _tell_accident(self, task_id: str) -> None:
        """The task itself says that it does not go on, and offers to try again."""
        try:
            self._trouble(task_id, KlingDesktopError("unexpected"))
        except (StoreTrouble, FileTrouble) as error:
            self._tell_store(error)
        self._feed.publish(Noticed(KlingDesktopError().trouble))

    def _tell_store(self, error: KlingDesktopError) -> None:
        """Once for all tasks: they meet the same disk."""
        log.warning("the library could not be written: %s", error)
        if self._store_trouble != error.trouble.error:
            self._store_trouble = error.trouble.error
            self._feed.publish(Noticed(error.trouble))

    def _store_works(self) -> None:
        self._store_trouble = None


def _is_open(task: Task) -> bool:
    """Whether Kling has still something to tell: how it stands, or where the finished take lies."""
    clip = task.clip
    return not task.status.ended or (task.status is Status.SUCCEEDED and (clip is None or not (clip.file or clip.url)))
