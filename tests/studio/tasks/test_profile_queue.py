"""The local queue of one profile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import AccountEmpty
from kling_desktop.studio.tasks.profile_queue import ProfileQueue
from tests.harness.waiting import until

_START = datetime(2026, 11, 22, tzinfo=UTC)


def _task(number: int, rank: float = 0.0) -> Task:
    asked_at = _START + timedelta(seconds=number)
    return Task(f"t{number}", Extension("v"), SANDBOX, Status.QUEUED, asked_at, rank=rank)


class _Senders:
    """Tasks that wait for their turn, and the order in which they got it."""

    def __init__(self, queue: ProfileQueue, tasks: Sequence[Task]) -> None:
        self.sent: list[str] = []
        self._lane = queue
        self.running = [asyncio.create_task(self._send(task)) for task in tasks]

    async def _send(self, task: Task) -> None:
        async with self._lane.turn(task):
            self.sent.append(task.id)
            self._lane.occupy(task.id)
            await asyncio.sleep(0)

    async def until_sent(self, count: int) -> list[str]:
        await until(lambda: len(self.sent) >= count, 30, "tasks to be sent")
        await self.settled()
        return self.sent

    async def settled(self) -> None:
        """Many turns of the loop: whoever could be sent has been."""
        for _ in range(50):
            await asyncio.sleep(0)


async def test_tasks_go_one_at_a_time_in_the_order_asked() -> None:
    queue = ProfileQueue()
    queue.pause(True)
    senders = _Senders(queue, [_task(3), _task(1), _task(2)])
    await senders.settled()
    queue.pause(False)
    assert await senders.until_sent(3) == ["t1", "t2", "t3"]


async def test_a_smaller_rank_goes_first_even_when_given_late() -> None:
    queue = ProfileQueue()
    queue.pause(True)
    senders = _Senders(queue, [_task(1), _task(2), _task(3)])
    await senders.settled()
    queue.rank(replace(_task(3), rank=-1.0))
    assert queue.waiting == ["t3", "t1", "t2"]
    queue.pause(False)
    assert await senders.until_sent(3) == ["t3", "t1", "t2"]


async def test_the_learned_limit_holds_the_rest_until_one_ends() -> None:
    queue = ProfileQueue()
    queue.occupy("a")
    queue.occupy("b")
    queue.learn_limit()
    senders = _Senders(queue, [_task(1), _task(2)])
    await senders.settled()
    assert (queue.limit, senders.sent) == (2, [])
    queue.release("a")
    assert await senders.until_sent(1) == ["t1"]
    queue.release("b")
    assert await senders.until_sent(2) == ["t1", "t2"]


async def test_a_limit_of_none_running_is_still_one() -> None:
    queue = ProfileQueue()
    queue.learn_limit()  # another computer uses all slots of the account
    assert await _Senders(queue, [_task(1)]).until_sent(1) == ["t1"]


async def test_a_stopped_lane_sends_nothing_until_it_goes_again() -> None:
    queue = ProfileQueue()
    queue.stop(AccountEmpty().trouble)
    senders = _Senders(queue, [_task(1)])
    await senders.settled()
    assert senders.sent == []
    queue.go()
    assert await senders.until_sent(1) == ["t1"]


async def test_a_lane_that_holds_off_opens_by_itself() -> None:
    queue = ProfileQueue()
    queue.hold_off(0.05)
    senders = _Senders(queue, [_task(1)])
    await senders.settled()
    assert senders.sent == []
    assert await senders.until_sent(1) == ["t1"]


async def test_who_stops_waiting_holds_nobody_up() -> None:
    queue = ProfileQueue()
    queue.pause(True)
    senders = _Senders(queue, [_task(1), _task(2)])
    await senders.settled()
    senders.running[0].cancel()
    await senders.settled()
    queue.pause(False)
    assert await senders.until_sent(1) == ["t2"]


class _CountingLane(ProfileQueue):
    """A queue that knows how often its tasks have looked whether it is their turn."""

    looks = 0

    def _pause_for(self, task_id: str) -> float | None:
        self.looks += 1
        return super()._pause_for(task_id)


async def test_a_change_wakes_the_first_in_the_queue_and_not_all() -> None:
    queue, count = _CountingLane(), 500
    senders = _Senders(queue, [_task(number) for number in range(count)])
    assert await senders.until_sent(count) == [f"t{number}" for number in range(count)]
    assert queue.looks < 5 * count
