"""Asks Kling how tasks stand: one schedule for all tasks of a profile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kling_desktop.domain import PAGE_SIZE_LIMIT, Kind, Standing, Status, Task
from kling_desktop.errors import BadRequest, KlingDesktopError, Vanished
from kling_desktop.studio.pace import Pace, sleep_or_wake

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling

log = logging.getLogger(__name__)

FEW = 3
"""Up to so many due tasks are asked for one by one; more are read from the list endpoint in one request."""
_SINGLES_PER_CYCLE = 5
"""How many tasks beyond the list's reach are asked for in one cycle."""
_COMPANY = 0.3
"""A cycle takes along what would be due within this part of a pause anyway: many tasks, one request."""


@dataclass(slots=True)
class _Watch:
    task: Task
    due: float
    heard: asyncio.Queue[Standing | KlingDesktopError] = field(default_factory=asyncio.Queue)


class Follower:
    """Follows the tasks of one profile for as long as somebody listens to one of them.

    No time-out of ours ever ends a task: Kling may render for hours.
    """

    def __init__(
        self,
        open_kling: Callable[[], Awaitable[Kling]],
        pace: Pace,
        on_trouble: Callable[[KlingDesktopError | None], None],
    ) -> None:
        self._open_kling = open_kling
        self._pace = pace
        self._on_trouble = on_trouble
        self._watched: dict[str, _Watch] = {}
        self._woken = asyncio.Event()
        self._failures = 0
        self._asking: asyncio.Task[None] | None = None

    async def standings(self, task: Task) -> AsyncGenerator[Standing | KlingDesktopError]:
        """What Kling says of the task, each time it is asked; an error when Kling does not know it.

        Endless: the listener stops when it has heard enough (use `contextlib.aclosing`).
        """
        watch = self._watched[task.id] = _Watch(task, due=asyncio.get_running_loop().time())
        self._start()
        try:
            while True:
                yield await watch.heard.get()
        finally:
            self._watched.pop(task.id, None)

    def wake(self) -> None:
        """Ask for everything now: the network is back, the computer has slept, or the creator wishes it."""
        for watch in self._watched.values():
            watch.due = 0.0
        self._failures = 0
        self._woken.set()

    def hint(self, any_id: str) -> None:
        """Somebody says that this task, by our id or Kling's, has changed: ask for it now."""
        for watch in self._watched.values():
            if any_id in (watch.task.id, watch.task.kling_id):
                watch.due = 0.0
                self._woken.set()

    async def close(self) -> None:
        """Stop asking."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _start(self) -> None:
        self._woken.set()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_on(), name="follower")

    async def _ask_on(self) -> None:
        while self._watched:
            await sleep_or_wake(self._seconds_to_next(), self._woken)
            self._woken.clear()
            if due := self._due():
                await self._ask_about(due)

    def _seconds_to_next(self) -> float:
        first = min((watch.due for watch in self._watched.values()), default=0.0)
        return first - asyncio.get_running_loop().time()

    def _due(self) -> list[_Watch]:
        now = asyncio.get_running_loop().time()
        if self._seconds_to_next() > 0:
            return []
        soon = now + _COMPANY * self._pace.between_questions(0)
        return [watch for watch in self._watched.values() if watch.due <= soon]

    async def _ask_about(self, due: Sequence[_Watch]) -> None:
        try:
            answers = await self._answers(await self._open_kling(), due)
        except KlingDesktopError as error:
            log.info("status question failed: %s", error)
            self._failures += 1
            self._put_off(due, self._pace.after_failures(self._failures, error.retry_after))
            self._on_trouble(error)
        else:
            self._failures = 0
            self._on_trouble(None)
            self._deliver(due, answers)

    async def _answers(self, kling: Kling, due: Sequence[_Watch]) -> dict[str, Standing | KlingDesktopError]:
        if len(due) <= FEW:
            return {watch.task.id: await _ask_one(kling, watch.task) for watch in due}
        listed = {standing.kling_id: standing for standing in await kling.page(Kind.EXTENSION, 1, PAGE_SIZE_LIMIT)}
        answers: dict[str, Standing | KlingDesktopError] = {
            watch.task.id: listed[watch.task.kling_id] for watch in due if watch.task.kling_id in listed
        }
        beyond = [watch.task for watch in due if watch.task.id not in answers]
        for task in beyond[:_SINGLES_PER_CYCLE]:
            answers[task.id] = await _ask_one(kling, task)
        return answers

    def _deliver(self, due: Sequence[_Watch], answers: dict[str, Standing | KlingDesktopError]) -> None:
        for watch in due:
            answer = answers.get(watch.task.id)
            if answer is None:
                continue  # not reached in this cycle: still due in the next
            lost = isinstance(answer, KlingDesktopError)
            self._put_off([watch], self._pace.late() if lost else self._pace.between_questions(_age(watch.task)))
            watch.heard.put_nowait(answer)

    def _put_off(self, watches: Sequence[_Watch], seconds: float) -> None:
        due = asyncio.get_running_loop().time() + seconds
        for watch in watches:
            watch.due = due


async def _ask_one(kling: Kling, task: Task) -> Standing | KlingDesktopError:
    try:
        return await kling.query(task.kling_id or task.id, task.kind)
    except BadRequest as error:
        return Vanished(error.message, code=error.code, request_id=error.request_id)


def _age(task: Task) -> float:
    return (datetime.now(UTC) - (task.accepted_at or task.asked_at)).total_seconds()


def _failure(task: Task, standing: Standing) -> KlingDesktopError:
    """Why Kling failed it, by Kling's words."""
    from kling_desktop.kling.envelope import failure_of  # the world of HTTP: not needed before a task fails

    message = standing.message or task.message
    return failure_of(message)(message, request_id=standing.request_id)


def told(task: Task, standing: Standing, now: datetime) -> Task:
    """The task as Kling tells it. What Kling leaves out this time stays as it was known."""
    if standing.raw_status and standing.status is None and standing.raw_status != task.raw_status:
        log.warning("task %s has a status that this version does not know: %s", task.id, standing.raw_status)
    status = standing.status or (task.status if task.status.at_kling else Status.SUBMITTED)
    return replace(
        task,
        status=status,
        raw_status=standing.raw_status if standing.status is None else "",
        kling_id=standing.kling_id or task.kling_id,
        message=standing.message or task.message,
        accepted_at=standing.created_at or task.accepted_at,
        updated_at=standing.updated_at or task.updated_at,
        ended_at=(standing.updated_at or now) if status.ended else None,
        units=standing.units if standing.units is not None else task.units,
        request_id=standing.request_id or task.request_id,
        clip=standing.clip or task.clip,
        trouble=_failure(task, standing).trouble if status is Status.FAILED else None,
    )
