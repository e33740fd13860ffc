"""What can be taken back: judgements, forgets, the queue and edits of plans, in the order in which they were made."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kling_desktop.errors import StoreBusy
from kling_desktop.studio.feed import Feed, Noticed

MOST_STEPS = 200
"""So many steps back; older ones stay as they are."""
_PAUSE_SECONDS = 0.1
_PATIENCE_SECONDS = 10.0
"""How long a change waits, unseen, for another program to let go of the library before it is refused."""

Run = Callable[[Coroutine[Any, Any, None]], object]


class Change(StrEnum):
    """What was changed; the screen has its own words for each."""

    PICK = "Pick take"
    UNPICK = "Unpick take"
    REJECT_SEVERAL = "Reject takes"
    REJECT = "Reject take"
    RESTORE = "Restore take"
    FORGET_SEVERAL = "Remove takes from the list"
    FORGET = "Remove take from the list"
    STARS = "Stars"
    JUDGE_SEVERAL = "Judge takes"
    NOTE = "Note"
    LABEL = "Colour label"
    RENAME_FILM = "Rename film"
    ARCHIVE_FILM = "Archive film"
    UNARCHIVE_FILM = "Unarchive film"
    MERGE_FILMS = "Merge films"
    SPLIT_FILM = "Split off"
    DELETE_PLAN = "Delete plan"
    RENAME_PLAN = "Rename plan"
    GATE = "Gate"
    TAKES = "Takes per hop"
    ADD_HOP = "Add hop"
    ADD_HOPS = "Add hops"
    EDIT_HOP = "Edit hop"
    MOVE_HOP = "Move hop"
    REMOVE_HOP = "Remove hop"
    PASTE_HOPS = "Paste hops"
    PLAN_ACCOUNT = "Account of the plan"
    CLEAR_QUEUE = "Clear queue"
    SWEEP = "Sweep"
    SEAM_LIMITS = "Seam limits"


@dataclass(frozen=True, slots=True)
class Step:
    """One change, and how it is taken back and made again."""

    label: Change
    back: Callable[[], None]
    again: Callable[[], None]


class Undo:
    """One stack for the whole program, so that two windows' changes are taken back in the order they were made."""

    def __init__(
        self, changed: Callable[[], None] = lambda: None, feed: Feed | None = None, run: Run | None = None
    ) -> None:
        """`changed` is called whenever what can be undone or redone is another. With a way to `run` something beside
        the window, changes that meet a library which another program holds are made a little later, in their order.
        """
        self._changed = changed
        self._feed = feed
        self._run = run
        self._waiting: deque[Step] = deque()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._batch: list[Step] | None = None

    def tell(self, changed: Callable[[], None]) -> None:
        """Have `changed` called from now on whenever what can be undone or redone is another."""
        self._changed = changed

    def make(self, label: Change, again: Callable[[], None], back: Callable[[], None]) -> Step:
        """Make a change now, and remember how to take it back; as soon as the library can be written if that is later.

        Raises StoreBusy only where nothing can be made later.
        """
        step = Step(label, back, again)
        if self._waiting:
            self._waiting.append(step)  # behind those before it
            return step
        try:
            again()
        except StoreBusy:
            if self._run is None:
                raise
            self._waiting.append(step)
            self._run(self._make_waiting())
            return step
        return self._remember(step)

    async def _make_waiting(self) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + _PATIENCE_SECONDS
        while self._waiting:
            try:
                self._waiting[0].again()
            except StoreBusy as error:
                if clock() > until:
                    self._refuse(error)
                    return
                await asyncio.sleep(_PAUSE_SECONDS)
            except BaseException:
                self._waiting.popleft()
                raise
            else:
                self._remember(self._waiting.popleft())

    def _refuse(self, error: StoreBusy) -> None:
        self._waiting.clear()
        if self._feed is not None:
            self._feed.publish(Noticed(error.trouble))

    def remember(self, label: Change, again: Callable[[], None], back: Callable[[], None]) -> Step:
        """Remember a change that was made already."""
        return self._remember(Step(label, back, again))

    def _remember(self, step: Step) -> Step:
        if self._batch is not None:
            self._batch.append(step)
            return step
        self._done = [*self._done[-(MOST_STEPS - 1) :], step]
        self._undone.clear()
        self._changed()
        return step

    @contextmanager
    def as_one(self, label: Change) -> Iterator[None]:
        """All changes made in this block are one step; a single one keeps its own label."""
        steps: list[Step] = []
        self._batch = steps
        try:
            yield
        finally:
            self._batch = None
            if len(steps) == 1:
                self.remember(steps[0].label, steps[0].again, steps[0].back)
            elif steps:
                self.remember(label, lambda: _each(step.again for step in steps), lambda: _each(_backs(steps)))

    def take_back(self, step: Step) -> bool:
        """Take one change back whatever was done after it; False when it was taken back already, or is too old."""
        if step not in self._done:
            return False
        self._done.remove(step)
        try:
            step.back()
            self._undone.append(step)
        finally:
            self._changed()
        return True

    @property
    def undo_label(self) -> Change | None:
        """What `undo` would take back; None when there is nothing."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> Change | None:
        """What `redo` would make again; None when there is nothing."""
        return self._undone[-1].label if self._undone else None

    def undo(self) -> Change | None:
        """Take the last change back; which one it was. One that fails is dropped: those before it can go on."""
        if not self._done:
            return None
        step = self._done.pop()
        try:
            step.back()
            self._undone.append(step)
        except StoreBusy:
            self._done.append(step)  # it can be asked for again
            raise
        finally:
            self._changed()
        return step.label

    def redo(self) -> Change | None:
        """Make the change again that was taken back last; which one it was."""
        if not self._undone:
            return None
        step = self._undone.pop()
        try:
            step.again()
            self._done.append(step)
        except StoreBusy:
            self._undone.append(step)
            raise
        finally:
            self._changed()
        return step.label


def _backs(steps: list[Step]) -> Iterator[Callable[[], None]]:
    return (step.back for step in reversed(steps))


def _each(acts: Iterator[Callable[[], None]]) -> None:
    for act in acts:
        act()
