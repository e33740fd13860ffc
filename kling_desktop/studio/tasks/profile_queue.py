"""One profile's local queue: who may be sent next, and what holds the others back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from kling_desktop.domain.tasks import Task, Trouble

_PROBE_SECONDS = 600.0
"""After so long at the learned limit one more is tried: a refusal costs nothing, and packs grow."""


class ProfileQueue:
    """Lets tasks out one at a time, in their order, while the account has room for them.

    Kling tells nobody how many tasks an account may run at once; it only refuses the one too many (1303).
    The queue learns the limit from that refusal and from the tasks that end.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever who waits, who runs, or what holds them back is another."""
        self._tell = changed
        self.trouble: Trouble | None = None
        """Why nothing is sent: account empty, keys refused. None when the queue is open."""
        self.paused = False
        """True while the creator holds the queue."""
        self.limit: int | None = None
        """Tasks that the account seems to run at once; None until Kling refused one."""
        self.sending = ""
        """Id of the task that is being sent right now, or empty."""
        self._at_kling: set[str] = set()
        self._waiting: dict[str, tuple[float, datetime]] = {}
        self._order: list[str] | None = None
        self._closed_until = 0.0
        self._full_until = 0.0
        self._limit_learned_at = 0.0
        self._calls: dict[str, asyncio.Event] = {}
        self._calling = False
        self._heard = asyncio.Event()
        self._heard.set()

    @property
    def waiting(self) -> list[str]:
        """Ids of the waiting tasks, in the order in which they will be sent."""
        return list(self._queue())

    @property
    def running(self) -> int:
        """How many tasks Kling has, or may have."""
        return len(self._at_kling)

    def rank_of(self, task_id: str) -> float:
        """The rank of a waiting task. Raises KeyError for one that does not wait."""
        return self._waiting[task_id][0]

    def _queue(self) -> list[str]:
        """Sorted at most once a change: there may be thousands."""
        if self._order is None:
            self._order = sorted(self._waiting, key=lambda id_: (*self._waiting[id_], id_))
        return self._order

    @asynccontextmanager
    async def turn(self, task: Task) -> AsyncIterator[None]:
        """Wait until it is this task's turn; nobody else is sent while the block runs."""
        call = self._calls[task.id] = asyncio.Event()
        self.rank(task)
        try:
            while (pause := self._pause_for(task.id)) is not None:
                await _sleep(pause, call)
            self.sending = task.id
            self._heard.clear()
        finally:
            self._waiting.pop(task.id, None)
            self._calls.pop(task.id, None)
            self._change()
        try:
            yield
        finally:
            self.sending = ""
            self._heard.set()
            self._change()

    async def turn_over(self) -> None:
        """Wait until nothing is being sent: the answer has come, and what it says is noted."""
        await self._heard.wait()

    def rank(self, task: Task) -> None:
        """Give a waiting task its place: by rank, then by the time it was asked."""
        self._waiting[task.id] = (task.rank, task.asked_at)
        self._change()

    def occupy(self, task_id: str) -> None:
        """Kling has this task, or may have it: it counts against the limit."""
        self._at_kling.add(task_id)
        self._tell()

    def release(self, task_id: str) -> None:
        """This task ended at Kling, or never came there."""
        if task_id in self._at_kling:
            self._at_kling.discard(task_id)
            self._full_until = 0.0
            self._change()

    def hold_off(self, seconds: float) -> None:
        """Send nothing for so long: Kling asked for it, or cannot be reached."""
        self._closed_until = asyncio.get_running_loop().time() + seconds

    def hold_off_while_full(self, seconds: float) -> None:
        """Send nothing for so long, or until one of our tasks ends and leaves its slot."""
        self._full_until = asyncio.get_running_loop().time() + seconds

    def learn_limit(self) -> None:
        """Kling refused one more than it runs: remember how many that is."""
        self.limit = max(len(self._at_kling), 1)
        self._limit_learned_at = asyncio.get_running_loop().time()
        self._tell()

    def stop(self, trouble: Trouble) -> None:
        """Hold everything until `go`: the next one would meet the same refusal."""
        self.trouble = trouble

    def go(self) -> None:
        """Open the queue again, at once."""
        self.trouble = None
        self._closed_until = self._full_until = 0.0
        self._change()

    def pause(self, paused: bool) -> None:
        """Hold, or let go, by the creator's wish. What Kling already has goes on there."""
        self.paused = paused
        self._change()

    def _pause_for(self, task_id: str) -> float | None:
        """Seconds to wait before looking again (or a change); None when it is this task's turn."""
        now = asyncio.get_running_loop().time()
        if self.sending or self.paused or self.trouble or self._queue()[0] != task_id:
            return _PROBE_SECONDS
        closed_until = max(self._closed_until, self._full_until)
        if now < closed_until:
            return closed_until - now
        if self.limit is not None and len(self._at_kling) >= self.limit:
            probe_at = self._limit_learned_at + _PROBE_SECONDS
            return probe_at - now if now < probe_at else None
        return None

    def _change(self) -> None:
        self._order = None
        if self._calls and not self._calling:
            self._calling = True
            asyncio.get_running_loop().call_soon(self._call_first)
        self._tell()

    def _call_first(self) -> None:
        """Only the first in the queue may be sent, so nobody else is woken; once a turn of the loop, as who is first
        costs a sort.
        """
        self._calling = False
        for first in self._queue()[:1]:
            self._calls[first].set()


async def _sleep(seconds: float, call: asyncio.Event) -> None:
    """Until the time is over, or the task is called: then it looks again whether it is its turn."""
    try:
        async with asyncio.timeout(seconds):
            await call.wait()
    except TimeoutError:
        return
    finally:
        call.clear()
