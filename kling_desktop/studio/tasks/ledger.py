"""The only place where a task changes: written down, then told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import told_apart
from kling_desktop.domain.tasks import Extension, Filter, Status, Task
from kling_desktop.domain.units import Reservation
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import Feed, TaskChanged, TaskForgotten

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

_LATELY = 20
"""Tasks: more than one press and one plan make between two presses."""


class Ledger:
    """Reads and writes the library's tasks, and tells the feed. Raises StoreTrouble, or FileTrouble on a full disk."""

    def __init__(
        self,
        library: Library,
        feed: Feed,
        on_ended: Callable[[Task], None] = lambda task: None,
        reserve: Callable[[Task], Reservation | None] = lambda task: None,
    ) -> None:
        """`reserve` says what a task that is about to leave asks of the budget."""
        self._library = library
        self._reserve = reserve
        self._feed = feed
        self._on_ended = on_ended
        # One of its own: the program's other threads may all be waiting, for a slow stick or a share that is away.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._writing: set[str] = set()
        self._since: dict[str, Task | None] = {}

    def note(self, task: Task) -> Task:
        """Write a task, new or changed; returns it, with a clip of its own (see `_own_clip`)."""
        task = self._own_clip(task)
        self._library.put(task)
        self._heed(task.id, task)
        if task.status.ended:
            self._on_ended(task)
        self._feed.publish(TaskChanged(task))
        return task

    async def note_durably(self, task: Task) -> Task:
        """Like `note`, but returns only after the disk has it, and with it what the task holds of the budget.

        Raises OverBudget when that does not allow it; then nothing was written. Cancelled, it leaves the task as it
        was before, or as it was noted or forgotten meanwhile: the thread that writes cannot be stopped, so its word
        is taken back.
        """
        before = self.find(task.id)
        loop = asyncio.get_running_loop()
        writing = loop.run_in_executor(self._thread, self._library.put_durably, task, self._reserve(task))
        self._writing.add(task.id)
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.gather(writing, return_exceptions=True)
            self._take_back(task.id, before)
            raise
        finally:
            self._writing.discard(task.id)
            self._since.pop(task.id, None)
        self._feed.publish(TaskChanged(task))
        return task

    def forget(self, task_id: str) -> None:
        """Take a task out."""
        self._library.forget(task_id)
        self._heed(task_id, None)
        self._feed.publish(TaskForgotten(task_id))

    def find(self, task_id: str) -> Task | None:
        """The task as it stands now, if there is one."""
        return self._library.get(task_id)

    def count(self, wanted: Filter) -> int:
        """How many tasks pass the filter."""
        return self._library.count(wanted)

    def dying(self, now: datetime) -> tuple[int, datetime | None]:
        """How many takes Kling deletes within a week from `now`, and when the first of them."""
        return self._library.dying(now)

    def page(self, wanted: Filter, offset: int, limit: int) -> list[Task]:
        """Tasks that pass the filter, newest first."""
        return self._library.page(wanted, offset, limit)

    def place(self, wanted: Filter, task_id: str) -> int | None:
        """Row number of a task under a filter; None when it does not pass."""
        return self._library.place(wanted, task_id)

    def prompts(self, limit: int = 50) -> list[str]:
        """Earlier prompts, newest first."""
        return self._library.prompts(limit)

    def asked_lately(self, extension: Extension) -> tuple[Task, ...]:
        """Of the last tasks those that ask for just this and have not failed, whatever their own id and picture."""
        asked = _request_of(extension)
        newest = [*self._library.page(Filter(), 0, _LATELY), *self._library.last_written(_LATELY)]
        same = (task for task in newest if task.status is not Status.FAILED and _request_of(task.extension) == asked)
        return tuple({task.id: task for task in same}.values())

    def owner_of(self, kling_id: str, profile: Profile) -> Task | None:
        """The task of this profile that Kling calls so, if there is one."""
        owner = self._library.by_kling_id(kling_id)
        return owner if owner is not None and owner.profile == profile else None

    def current(self, task_id: str) -> Task:
        """The task as it stands now. Raises KlingDesktopError when it was taken out."""
        task = self._library.get(task_id)
        if task is None:
            raise KlingDesktopError(f"task {task_id} is no longer in the library")
        return task

    def _own_clip(self, task: Task) -> Task:
        """Two tasks of Kling's are two takes with their own files, even if Kling gives their videos one id: the later
        one's is told apart here (see `video_id_of`).
        """
        clip = task.clip
        if clip is None or "#" in clip.id or not task.kling_id:
            return task
        holder = self._library.by_clip(clip.id)
        if holder is None or holder.id == task.id or holder.kling_id in ("", task.kling_id):
            return task
        return replace(task, clip=replace(clip, id=told_apart(clip.id, task.kling_id)))

    def _heed(self, task_id: str, task: Task | None) -> None:
        if task_id in self._writing:
            self._since[task_id] = task

    def _take_back(self, task_id: str, before: Task | None) -> None:
        task = self._since.get(task_id, before)
        if task is None:
            self._library.forget(task_id)
        else:
            self._library.put(task)


def _request_of(extension: Extension) -> Extension:
    """What a creator asks for: without the id and the picture that are added on the way out."""
    made = extension.generation
    bare = replace(made, first_frame=None) if made is not None and extension.video_id else made
    return replace(extension, own_id="", generation=bare)
