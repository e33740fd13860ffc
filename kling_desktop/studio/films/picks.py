"""What the creator decides about takes: picked, rejected, stars, notes, labels; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kling_desktop.domain.takes import Label, Take, TakeMark, TakeState
from kling_desktop.domain.tasks import MOST_STARS, Pick, Task
from kling_desktop.studio.feed import BranchLeft, Feed, FilmChanged, TakePicked
from kling_desktop.studio.films.undo import Change, Step, Undo

if TYPE_CHECKING:
    from kling_desktop.store.films.films import FilmRecords


class Picks:
    """Plain calls that return at once. A take never changes: all this lies beside it."""

    def __init__(
        self,
        records: FilmRecords,
        feed: Feed,
        undo: Undo,
        note: Callable[[Task], Task],
        forget: Callable[[str], Task],
        restore: Callable[[Task], object],
    ) -> None:
        """`note` writes a changed task and tells it (`Ledger.note`); `forget` and `restore` are the studio's."""
        self._records = records
        self._feed = feed
        self._undo = undo
        self._note = note
        self._forget = forget
        self._restore = restore
        self._heed: Callable[[str, str], object] = lambda film_id, take_id: None

    def listen(self, heed: Callable[[str, str], object]) -> None:
        """Tell at once, by film and take, what the creator picks, also what is picked already: who goes on by himself
        is bound by it.
        """
        self._heed = heed

    def pick(self, take_id: str, *, by_plan: bool = False) -> None:
        """The path goes through this take from now on; what hung below another one stays there. A plan's own pick is
        a step that can be taken back only where it puts another one away.
        """
        state = self._sure(take_id)
        slot, before = state.take.slot, self._records.pick(state.take.slot)

        def again() -> None:
            self._put(slot, take_id, by_plan=by_plan, before=before)

        was_rejected = state.is_rejected

        def back() -> None:
            self._put(slot, before)
            if was_rejected:
                self._set(take_id, Pick.REJECTED)

        if before == take_id:
            if not by_plan:
                self._heed(state.take.film_id, take_id)
        elif not by_plan:
            self._undo.make(Change.PICK, again, back)
        else:
            again()
            if before:
                self._undo.remember(Change.PICK, again, back)

    def unpick(self, take_id: str) -> None:
        """Leave the place of this take to the newest finished one."""
        slot = self._sure(take_id).take.slot
        before = self._records.pick(slot)
        if before:
            self._undo.make(Change.UNPICK, lambda: self._put(slot, ""), lambda: self._put(slot, before))

    def pick_number(self, take_id: str, number: int) -> TakeState | None:
        """Pick take `number`, from 1, of the same place; None when there are not so many."""
        siblings = self._records.siblings(self._sure(take_id).take.slot)
        if not 1 <= number <= len(siblings):
            return None
        self.pick(siblings[number - 1].take.id)
        return self._records.state(siblings[number - 1].take.id)

    def reject(self, take_ids: Sequence[str]) -> None:
        """Fold these takes to one line each; nothing is deleted. The path avoids them. One step to take back."""
        left = [state.take for id in take_ids if (state := self._records.state(id)) and self._bears(state.take)]
        self._judge(Change.REJECT_SEVERAL if len(take_ids) > 1 else Change.REJECT, take_ids, Pick.REJECTED)
        for take in left:
            self._feed.publish(BranchLeft(take.film_id, take.id))

    def restore(self, take_ids: Sequence[str]) -> None:
        """Undecided again."""
        self._judge(Change.RESTORE, take_ids, Pick.UNDECIDED)

    def forget(self, take_ids: Sequence[str]) -> Step:
        """Take these takes' tasks out of the library; their files stay. A take on which others hang keeps its place."""
        states = [state for id in take_ids if (state := self._records.state(id)) and state.task]
        forgotten: list[Task] = []

        def again() -> None:
            forgotten[:] = [self._forget(state.take.task_id) for state in states]
            self._tell(states)

        def back() -> None:
            for state, task in reversed(list(zip(states, forgotten, strict=True))):
                self._restore(replace(task, pick=self._mark_of(state.take, task)))
            self._tell(states)

        return self._undo.make(Change.FORGET_SEVERAL if len(states) > 1 else Change.FORGET, again, back)

    def star(self, take_id: str, stars: int) -> None:
        """How much the creator likes it: 0 (not said) to MOST_STARS."""
        state, stars = self._sure(take_id), max(0, min(stars, MOST_STARS))
        before = state.stars
        self._undo.make(Change.STARS, lambda: self._star(take_id, stars), lambda: self._star(take_id, before))

    def note(self, take_id: str, note: str) -> None:
        before = self._sure(take_id).mark
        self._remark(Change.NOTE, take_id, before, replace(before, note=note))

    def label(self, take_id: str, label: Label) -> None:
        before = self._sure(take_id).mark
        self._remark(Change.LABEL, take_id, before, replace(before, label=label))

    # --- inside ---

    def _bears(self, take: Take) -> bool:
        """Whether what was made from it is where its place's path goes on."""
        return bool(take.parent_id) and self._records.next(take.slot) == take.id and self._records.size_of(take.id) > 0

    def _put(self, slot: str, take_id: str, *, by_plan: bool = False, before: str = "") -> None:
        """The task's own word follows, so that the list of all takes says the same."""
        for state in self._records.siblings(slot):
            wanted = Pick.PICKED if state.take.id == take_id else Pick.UNDECIDED
            task = state.task
            if task is not None and task.pick is not wanted and Pick.PICKED in (task.pick, wanted):
                self._note(replace(task, pick=wanted))
        self._records.set_pick(slot, take_id)
        siblings = self._records.siblings(slot)
        film_id = siblings[0].take.film_id if siblings else slot
        if take_id and not by_plan:
            self._heed(film_id, take_id)
        self._feed.publish(TakePicked(film_id, take_id, by_plan, before))
        self._feed.publish(FilmChanged(film_id))

    def _judge(self, label: Change, take_ids: Sequence[str], pick: Pick) -> None:
        states = [state for id in take_ids if (state := self._records.state(id)) and state.task]
        picks = [(state.take.id, state.task.pick) for state in states if state.task]
        slots = {state.take.slot: self._records.pick(state.take.slot) for state in states}

        def again() -> None:
            for take_id, _ in picks:
                self._set(take_id, pick)

        def back() -> None:
            for take_id, before in picks:
                if before is not Pick.PICKED:
                    self._set(take_id, before)
            for slot, picked in slots.items():
                if self._records.pick(slot) != picked:
                    self._put(slot, picked)

        if picks:
            self._undo.make(label, again, back)

    def _mark_of(self, take: Take, task: Task) -> Pick:
        """How a task that comes back is marked: it, or another one in its place, may have been picked since."""
        picked = self._records.pick(take.slot)
        if picked == take.id:
            return Pick.PICKED
        return Pick.UNDECIDED if picked and task.pick is Pick.PICKED else task.pick

    def _tell(self, states: Sequence[TakeState]) -> None:
        for film_id in dict.fromkeys(state.take.film_id for state in states):
            self._feed.publish(FilmChanged(film_id))

    def _set(self, take_id: str, pick: Pick) -> None:
        state = self._records.state(take_id)
        if state is not None and state.task is not None:
            self._note(replace(state.task, pick=pick))
            self._feed.publish(FilmChanged(state.take.film_id))

    def _star(self, take_id: str, stars: int) -> None:
        state = self._sure(take_id)
        if state.task is not None:
            self._note(replace(state.task, stars=stars))
        else:
            self._records.mark(take_id, replace(state.mark, stars=stars))
        self._feed.publish(FilmChanged(state.take.film_id))

    def _remark(self, label: Change, take_id: str, before: TakeMark, after: TakeMark) -> None:
        self._undo.make(label, lambda: self._mark(take_id, after), lambda: self._mark(take_id, before))

    def _mark(self, take_id: str, mark: TakeMark) -> None:
        self._records.mark(take_id, mark)
        self._feed.publish(FilmChanged(self._sure(take_id).take.film_id))

    def _sure(self, take_id: str) -> TakeState:
        state = self._records.state(take_id)
        if state is None:
            raise ValueError(f"no take {take_id}")
        return state
