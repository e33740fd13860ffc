"""The local queues, one a profile: what waits here, in which order, and whether the creator holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.plans import PLAN_RANK
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.feed import Feed, QueueChanged
from kling_desktop.studio.lane import Lane

_STEP = 1.0
"""Between the ranks of neighbours that are placed anew. Ranks are seconds: who is asked later goes later."""


class Queues:
    """Opens a lane for each profile, gives tasks their ranks, and tells by the feed how each queue stands."""

    def __init__(
        self,
        feed: Feed,
        note: Callable[[Task], Task],
        find: Callable[[str], Task | None],
        now: Callable[[], datetime],
    ) -> None:
        self._feed = feed
        self._note = note
        self._find = find
        self._now = now
        self._lanes: dict[Profile, Lane] = {}
        self._paused: set[str] = set()
        self._untold: set[Profile] = set()

    def lane(self, profile: Profile) -> Lane:
        """The lane of a profile; made, and held if the creator holds this profile's queue, when first asked for."""
        if profile not in self._lanes:
            lane = self._lanes[profile] = Lane(lambda: self._tell_soon(profile))
            lane.pause(profile.name in self._paused)
        return self._lanes[profile]

    @property
    def lanes(self) -> dict[Profile, Lane]:
        """Every lane that was asked for."""
        return dict(self._lanes)

    def pause(self, profile_name: str, paused: bool) -> None:
        """Hold a profile's queue, or let it go. What Kling already has goes on there."""
        (self._paused.add if paused else self._paused.discard)(profile_name)
        for profile, lane in self._lanes.items():
            if profile.name == profile_name:
                lane.pause(paused)

    @property
    def paused(self) -> tuple[str, ...]:
        """Names of the profiles whose queues the creator holds."""
        return tuple(sorted(self._paused))

    def waiting(self) -> list[str]:
        """Ids of all tasks that wait here, lane by lane, in the order in which they will be sent."""
        return [id for lane in self._lanes.values() for id in lane.waiting]

    def last_rank(self, profile: Profile) -> float:
        """The rank of a task that goes behind all others that were sent by hand; those of plans come after them."""
        lane = self.lane(profile)
        now = self._now().timestamp()
        ranks = (rank for id in reversed(lane.waiting) if (rank := lane.rank_of(id)) < PLAN_RANK)
        last = next(ranks, None)
        return now if last is None else max(now, last + _STEP)

    def is_unsent(self, task: Task) -> bool:
        """Whether nothing of this task can have left: Kling has not made it, and will not unless it is sent."""
        return task.status is Status.QUEUED and task.sent_at is None and self.lane(task.profile).sending != task.id

    # --- order ---

    def move(self, task_ids: Iterable[str], step: int) -> None:
        """Move waiting tasks one place: earlier with a step of -1, later with 1. They keep their order."""
        for lane, chosen in self._by_lane(task_ids):
            order = lane.waiting if step < 0 else lane.waiting[::-1]
            for place in range(1, len(order)):
                if order[place] in chosen and order[place - 1] not in chosen:
                    order[place - 1], order[place] = order[place], order[place - 1]
            self._place(lane, order if step < 0 else order[::-1], chosen)

    def send_first(self, task_ids: Iterable[str]) -> None:
        """Put waiting tasks before all others, in their order."""
        for lane, chosen in self._by_lane(task_ids):
            self._place(lane, [*chosen, *(id for id in lane.waiting if id not in chosen)], chosen)

    def send_last(self, task_ids: Iterable[str]) -> None:
        """Put waiting tasks behind all others, in their order."""
        for lane, chosen in self._by_lane(task_ids):
            self._place(lane, [*(id for id in lane.waiting if id not in chosen), *chosen], chosen)

    def _by_lane(self, task_ids: Iterable[str]) -> list[tuple[Lane, list[str]]]:
        """The tasks that wait, or will in a moment, in their order, with the lane that each belongs to."""
        wanted = [task for id in task_ids if (task := self._find(id)) and task.status is Status.QUEUED]
        lanes: dict[Profile, list[Task]] = {}
        for task in sorted(wanted, key=lambda task: (task.rank, task.asked_at, task.id)):
            if self.lane(task.profile).sending != task.id:
                lanes.setdefault(task.profile, []).append(task)
        return [(self.lane(profile), [task.id for task in tasks]) for profile, tasks in lanes.items()]

    def _place(self, lane: Lane, order: Sequence[str], moved: Sequence[str]) -> None:
        """Write the ranks that make this the order: of the moved tasks where there is room, else of all."""
        ranks = _squeezed(order, set(moved), {id: lane.rank_of(id) for id in lane.waiting}, self._now().timestamp())
        waiting = set(lane.waiting)
        for id, rank in ranks.items():
            task = self._find(id)
            if task is not None and task.rank != rank:
                task = self._note(replace(task, rank=rank))
                if id in waiting:
                    lane.rank(task)

    # --- telling ---

    def _tell_soon(self, profile: Profile) -> None:
        """Once a turn of the loop: a lane changes several times while one task goes through it."""
        if not self._untold:
            asyncio.get_running_loop().call_soon(self._tell)
        self._untold.add(profile)

    def _tell(self) -> None:
        told, self._untold = self._untold, set()
        for profile in told:
            lane = self._lanes[profile]
            self._feed.publish(QueueChanged(profile, tuple(lane.waiting), lane.running, lane.limit, lane.paused))


def _squeezed(order: Sequence[str], moved: set[str], ranks: dict[str, float], now: float) -> dict[str, float]:
    """Ranks for the moved tasks between those of their neighbours; for all of them when there is no room between."""
    placed: dict[str, float] = {}
    before: float | None = None
    for at, id in enumerate(order):
        if id not in moved:
            before = ranks[id]
            continue
        rest = order[at:]
        run = next((n for n, other in enumerate(rest) if other not in moved), len(rest))
        after = ranks[rest[run]] if run < len(rest) else None
        before = placed[id] = _between(before, after, run, now)
    final = [placed.get(id, ranks.get(id, now)) for id in order]
    if all(one < other for one, other in pairwise(final)):
        return placed
    return {id: now - _STEP * (len(order) - at) for at, id in enumerate(order)}


def _between(before: float | None, after: float | None, run: int, now: float) -> float:
    """The rank of the first of `run` tasks that go between two others, either of which may be missing."""
    if after is None:
        return now if before is None else max(now, before + _STEP)
    if before is None:
        return after - _STEP * run
    return before + (after - before) / (run + 1)
