"""The lines of all profiles: what waits here, in which order, whether the creator holds it, and how each stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.plans import PLAN_RANK
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.feed import Feed, QueueChanged
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.tasks.following import Follower
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.line import Line
from kling_desktop.studio.tasks.profile_queue import ProfileQueue

_STEP = 1.0
"""Between the ranks of neighbours that are placed anew. Ranks are seconds: who is asked later goes later."""


class Lines:
    """Opens a line for each profile, gives tasks their ranks, and tells by the feed how each queue stands."""

    def __init__(self, accounts: Accounts, ledger: Ledger, feed: Feed, pace: Pace, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._feed = feed
        self.usual_pace = pace
        self._now = now
        self._lines: dict[Profile, Line] = {}
        self._paused: set[str] = set()
        self._untold: set[Profile] = set()

    def line(self, profile: Profile) -> Line:
        """The line of a profile; made, and held if the creator holds this profile's queue, when first asked for."""
        if profile not in self._lines:
            line = Line(profile, self._accounts, self._feed, self.usual_pace, lambda: self._tell_soon(profile))
            self._lines[profile] = line
            line.queue.pause(profile.name in self._paused)
        return self._lines[profile]

    def queue(self, profile: Profile) -> ProfileQueue:
        """The queue in which this profile's tasks wait."""
        return self.line(profile).queue

    def follower(self, profile: Profile) -> Follower:
        """The one that asks Kling about all of this profile's tasks."""
        return self.line(profile).follower

    def pace(self, profile: Profile) -> Pace:
        """How long to wait between this profile's questions."""
        return self.line(profile).pace

    def stop(self, profile: Profile, error: KlingDesktopError) -> None:
        """Hold a profile's queue because of this error (see `Line.stop`)."""
        self.line(profile).stop(error)

    def reopen(self, profile_name: str) -> None:
        """Send again what waits under this name: the keys are new, or the account is in order."""
        for line in self._named(profile_name):
            line.reopen()

    def wake(self) -> None:
        """The network is back or the computer has woken: ask and send now."""
        for line in self._lines.values():
            line.wake()

    def hint(self, any_id: str) -> None:
        """Somebody says that this task, by our id or Kling's, has news: it is asked about soon."""
        for line in self._lines.values():
            line.follower.hint(any_id)

    async def close(self) -> None:
        """End all questions."""
        for line in self._lines.values():
            await line.follower.close()

    def pause(self, profile_name: str, paused: bool) -> None:
        """Hold a profile's queue, or let it go. What Kling already has goes on there."""
        (self._paused.add if paused else self._paused.discard)(profile_name)
        for line in self._named(profile_name):
            line.queue.pause(paused)

    @property
    def paused(self) -> tuple[str, ...]:
        """Names of the profiles whose queues the creator holds."""
        return tuple(sorted(self._paused))

    def _named(self, profile_name: str) -> list[Line]:
        return [line for profile, line in self._lines.items() if profile.name == profile_name]

    def limit(self, profile_name: str) -> int | None:
        """How many tasks Kling runs at once for an account, as far as a refusal has taught it."""
        limits = [line.queue.limit for line in self._named(profile_name) if line.queue.limit is not None]
        return min(limits, default=None)

    def waiting(self) -> list[str]:
        """Ids of all tasks that wait here, queue by queue, in the order in which they will be sent."""
        return [id for line in self._lines.values() for id in line.queue.waiting]

    def last_rank(self, profile: Profile) -> float:
        """The rank of a task that goes behind all others that were sent by hand; those of plans come after them."""
        queue = self.queue(profile)
        now = self._now().timestamp()
        last = next((rank for id in reversed(queue.waiting) if (rank := queue.rank_of(id)) < PLAN_RANK), None)
        return now if last is None else max(now, last + _STEP)

    def first_rank(self, profile: Profile) -> float:
        """The rank of a task that goes before all others."""
        queue = self.queue(profile)
        now = self._now().timestamp()
        return min([now, *(queue.rank_of(id) - _STEP for id in queue.waiting[:1])])

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

    def put(self, task_id: str, before: str = "") -> None:
        """Have a waiting task sent right before another one of its queue; without one, behind all."""
        for queue, chosen in self._by_queue([task_id]):
            order = [id for id in queue.waiting if id != task_id]
            order.insert(order.index(before) if before in order else len(order), task_id)
            self._place(queue, order, chosen)

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
        wanted = [task for id in task_ids if (task := self._ledger.find(id)) and task.status is Status.QUEUED]
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
            task = self._ledger.find(id)
            if task is not None and task.rank != rank:
                task = self._ledger.note(replace(task, rank=rank))
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
            queue = self._lines[profile].queue
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
