"""The local queues, one a profile: what waits here, in which order, and whether the creator holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.feed import Feed, QueueChanged
from kling_desktop.studio.tasks.profile_queue import ProfileQueue

_STEP = 1.0
"""Between the ranks of neighbours that are placed anew. Ranks are seconds: who is asked later goes later."""


class Queues:
    """Opens a queue for each profile, gives tasks their ranks, and tells by the feed how each queue stands."""

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
        self._profile_queues: dict[Profile, ProfileQueue] = {}
        self._paused: set[str] = set()
        self._untold: set[Profile] = set()

    def queue(self, profile: Profile) -> ProfileQueue:
        """The queue of a profile; made, and held if the creator holds this profile's queue, when first asked for."""
        if profile not in self._profile_queues:
            queue = self._profile_queues[profile] = ProfileQueue(lambda: self._tell_soon(profile))
            queue.pause(profile.name in self._paused)
        return self._profile_queues[profile]

    @property
    def profile_queues(self) -> dict[Profile, ProfileQueue]:
        """Every queue that was asked for."""
        return dict(self._profile_queues)

    def pause(self, profile_name: str, paused: bool) -> None:
        """Hold a profile's queue, or let it go. What Kling already has goes on there."""
        (self._paused.add if paused else self._paused.discard)(profile_name)
        for profile, queue in self._profile_queues.items():
            if profile.name == profile_name:
                queue.pause(paused)

    @property
    def paused(self) -> tuple[str, ...]:
        """Names of the profiles whose queues the creator holds."""
        return tuple(sorted(self._paused))

    def waiting(self) -> list[str]:
        """Ids of all tasks that wait here, queue by queue, in the order in which they will be sent."""
        return [id for queue in self._profile_queues.values() for id in queue.waiting]

    def last_rank(self, profile: Profile) -> float:
        """The rank of a task that goes behind all others."""
        queue = self.queue(profile)
        now = self._now().timestamp()
        return max([now, *(queue.rank_of(id) + _STEP for id in queue.waiting[-1:])])

    def is_unsent(self, task: Task) -> bool:
        """Whether nothing of this task can have left: Kling has not made it, and will not unless it is sent."""
        return task.status is Status.QUEUED and task.sent_at is None and self.queue(task.profile).sending != task.id

    # --- order ---

    def move(self, task_ids: Iterable[str], step: int) -> None:
        """Move waiting tasks one place: earlier with a step of -1, later with 1. They keep their order."""
        for queue, chosen in self._by_queue(task_ids):
            order = queue.waiting if step < 0 else queue.waiting[::-1]
            for place in range(1, len(order)):
                if order[place] in chosen and order[place - 1] not in chosen:
                    order[place - 1], order[place] = order[place], order[place - 1]
            self._place(queue, order if step < 0 else order[::-1], chosen)

    def send_first(self, task_ids: Iterable[str]) -> None:
        """Put waiting tasks before all others, in their order."""
        for queue, chosen in self._by_queue(task_ids):
            self._place(queue, [*chosen, *(id for id in queue.waiting if id not in chosen)], chosen)

    def send_last(self, task_ids: Iterable[str]) -> None:
        """Put waiting tasks behind all others, in their order."""
        for queue, chosen in self._by_queue(task_ids):
            self._place(queue, [*(id for id in queue.waiting if id not in chosen), *chosen], chosen)

    def _by_queue(self, task_ids: Iterable[str]) -> list[tuple[ProfileQueue, list[str]]]:
        """The tasks that wait, or will in a moment, in their order, with the queue that each belongs to."""
        wanted = [task for id in task_ids if (task := self._find(id)) and task.status is Status.QUEUED]
        profile_queues: dict[Profile, list[Task]] = {}
        for task in sorted(wanted, key=lambda task: (task.rank, task.asked_at, task.id)):
            if self.queue(task.profile).sending != task.id:
                profile_queues.setdefault(task.profile, []).append(task)
        return [(self.queue(profile), [task.id for task in tasks]) for profile, tasks in profile_queues.items()]

    def _place(self, queue: ProfileQueue, order: Sequence[str], moved: Sequence[str]) -> None:
        """Write the ranks that make this the order: of the moved tasks where there is room, else of all."""
        ranks = _squeezed(order, set(moved), {id: queue.rank_of(id) for id in queue.waiting}, self._now().timestamp())
        waiting = set(queue.waiting)
        for id, rank in ranks.items():
            task = self._find(id)
            if task is not None and task.rank != rank:
                task = self._note(replace(task, rank=rank))
                if id in waiting:
                    queue.rank(task)

    # --- telling ---

    def _tell_soon(self, profile: Profile) -> None:
        """Once a turn of the loop: a queue changes several times while one task goes through it."""
        if not self._untold:
            asyncio.get_running_loop().call_soon(self._tell)
        self._untold.add(profile)

    def _tell(self) -> None:
        told, self._untold = self._untold, set()
        for profile in told:
            queue = self._profile_queues[profile]
            self._feed.publish(QueueChanged(profile, tuple(queue.waiting), queue.running, queue.limit, queue.paused))


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
