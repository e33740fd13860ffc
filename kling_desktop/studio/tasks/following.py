"""Asks Kling how tasks stand: one schedule for all tasks of a profile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Standing, Task
from kling_desktop.errors import BadRequest, KlingDesktopError, Unreachable, Vanished
from kling_desktop.studio.pace import Pace, sleep_or_wake

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling

log = logging.getLogger(__name__)

FEW = 3
"""Up to so many due tasks are asked for one by one; more are read from the list endpoint in one request."""
_SINGLES_PER_CYCLE = 5
"""How many tasks beyond the list's reach are asked for in one cycle."""
_LIST_TRIES = 2
"""Failures in a row after which a list that cannot be read is given up for one cycle."""
_COMPANY = 0.3
"""A cycle takes along what would be due within this part of a pause anyway: many tasks, one request."""
_CLOCKS_APART = timedelta(minutes=10)
"""How far Kling's clock and ours may differ when we tell an older task from ours."""
_TOLD_AT_ONCE = 8
"""Answers handed out in one turn of the loop; it is the window's loop too, and hundreds would be felt."""


@dataclass(slots=True)
class _Watch:
    task: Task
    due: float
    """When to ask next, by the loop's clock."""
    asked_at: float = float("-inf")
    """When it was last asked for."""
    hinted: bool = False
    """Whether somebody has said that it changed since the question that is under way was sent."""
    failures: int = 0
    """Answers in a row that could not be read."""
    heard: asyncio.Queue[Standing | KlingDesktopError] = field(default_factory=asyncio.Queue)


Answers = dict[str, Standing | KlingDesktopError]
"""What came of asking, by our id; a task that is not in it was not reached."""


class Follower:
    """Follows the tasks of one profile for as long as somebody listens to one of them.

    No time-out of ours ever ends a task: Kling may render for hours. No answer about one task keeps the others from
    theirs, and no failure ends the asking.
    """

    def __init__(
        self,
        open_kling: Callable[[], Awaitable[Kling]],
        pace: Pace,
        on_trouble: Callable[[KlingDesktopError | None], None],
    ) -> None:
        """`on_trouble` hears why Kling could not be asked, and None when it could again."""
        self._open_kling = open_kling
        self._pace = pace
        self._on_trouble = on_trouble
        self._watched: dict[str, _Watch] = {}
        self._woken = asyncio.Event()
        self._failures = 0
        self._list_failures = 0
        self._quiet_until = 0.0
        self._quiet_over = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    async def standings(self, task: Task) -> AsyncGenerator[Standing | KlingDesktopError]:
        """What Kling says of the task, each time it is asked; an error when Kling does not know it.

        Endless: the listener stops when it has heard enough (use `contextlib.aclosing`).
        """
        watch = self._watched[task.id] = _Watch(task, due=_now())
        self._start()
        try:
            while True:
                yield await watch.heard.get()
        finally:
            if self._watched.get(task.id) is watch:
                del self._watched[task.id]

    def wake(self) -> None:
        """Ask for everything now: the network is back, the computer has slept, or the creator wishes it.

        A pause that Kling has named ends as well: it is a wish, and one header could silence a paid task for long.
        """
        self._quiet_until = 0.0
        self._quiet_over.set()
        for watch in self._watched.values():
            watch.due = 0.0
        self._failures = 0
        self._woken.set()

    def ask_now(self, any_id: str) -> None:
        """The creator wants to know how this task stands, whatever pause Kling has named."""
        self._quiet_until = 0.0
        self._quiet_over.set()
        for watch in self._watched.values():
            if any_id in (watch.task.id, watch.task.kling_id):
                watch.due = 0.0
                self._woken.set()

    def hint(self, any_id: str) -> None:
        """Somebody says that this task, by our id or Kling's, has changed: ask for it now, or a moment after the
        last question, for hints may come in floods.
        """
        for watch in self._watched.values():
            if any_id in (watch.task.id, watch.task.kling_id):
                watch.hinted = True
                watch.due = min(watch.due, watch.asked_at + self._pace.after_hints())
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
            if (quiet := self._quiet_until - _now()) > 0:
                self._quiet_over.clear()
                await sleep_or_wake(quiet, self._quiet_over)
                self._quiet_until = 0.0
            if due := self._due():
                await self._ask_about(due)

    def _seconds_to_next(self) -> float:
        first = min((watch.due for watch in self._watched.values()), default=0.0)
        return first - _now()

    def _due(self) -> list[_Watch]:
        if self._seconds_to_next() > 0:
            return []
        soon = _now() + _COMPANY * self._pace.between_questions(0)
        return [watch for watch in self._watched.values() if watch.due <= soon]

    async def _ask_about(self, due: Sequence[_Watch]) -> None:
        for watch in self._watched.values():
            watch.hinted = False
        try:
            kling = await self._open_kling()
            answers = await self._answers(kling, due)
        except KlingDesktopError as error:
            self._back_off(due, error)
        except Exception as error:  # of ours, not of Kling's: the tasks must be followed all the same
            log.exception("asking for %d tasks broke off", len(due))
            self._back_off(due, KlingDesktopError(type(error).__name__))
        else:
            self._failures = 0
            self._on_trouble(None)
            await self._deliver(due, answers, kling.clock_skew or timedelta())

    def _back_off(self, due: Sequence[_Watch], error: KlingDesktopError) -> None:
        log.info("status question failed: %s", error)
        self._failures += 1
        seconds = self._pace.after_failures(self._failures, error.retry_after)
        if error.retry_after is not None:
            self._quiet_until = _now() + seconds
        self._put_off(due, seconds)
        self._on_trouble(error)

    async def _answers(self, kling: Kling, due: Sequence[_Watch]) -> Answers:
        """Ask in as few requests as can be. Raises what keeps Kling from answering at all."""
        if len(due) <= FEW or self._list_failures >= _LIST_TRIES:
            self._list_failures = 0
            return await self._ask_singly(kling, due)
        listed = await self._ask_list(kling, due)
        everyone = self._watched.values()  # the same request tells of those that are not due yet
        answers: Answers = {
            watch.task.id: found
            for watch in everyone
            if (found := listed.get(_key(watch.task))) and not _is_anothers(found, watch.task, kling.clock_skew)
        }
        beyond = [watch for watch in due if watch.task.id not in answers]
        return answers | (await self._ask_singly(kling, beyond) if beyond else {})

    async def _ask_list(self, kling: Kling, due: Sequence[_Watch]) -> dict[tuple[Kind, str], Standing]:
        """The newest tasks of each kind that is due. An account whose list cannot be read is asked singly for once."""
        try:
            pages = [await kling.page(kind, 1, PAGE_SIZE_LIMIT) for kind in sorted({watch.task.kind for watch in due})]
        except KlingDesktopError:
            self._list_failures += 1
            raise
        self._list_failures = 0
        return {(standing.kind, standing.kling_id): standing for page in pages for standing in page}

    async def _ask_singly(self, kling: Kling, watches: Sequence[_Watch]) -> Answers:
        """Ask for those that have waited longest. One strange answer is that task's own; when every one fails, it is
        Kling or the way to it: raises that.
        """
        answers: Answers = {}
        failure: KlingDesktopError | None = None
        for watch in sorted(watches, key=lambda watch: watch.asked_at)[:_SINGLES_PER_CYCLE]:
            try:
                answer = answers[watch.task.id] = await _ask_one(kling, watch.task)
                watch.failures = 0
                if isinstance(answer, Standing) and answer.found_by_ours:
                    watch.task = replace(watch.task, kling_id=answer.kling_id)
            except KlingDesktopError as error:
                log.info("question about %s failed: %s", watch.task.id, error)
                watch.failures += 1
                watch.due = _now() + self._pace.after_failures(watch.failures, error.retry_after)
                failure = error
                if error.retry_after is not None:
                    self._quiet_until = watch.due
                if error.retry_after is not None or isinstance(error, Unreachable):
                    break
        if failure and not answers:
            raise failure
        return answers

    async def _deliver(self, due: Sequence[_Watch], answers: Answers, skew: timedelta) -> None:
        """A few at a time: each wakes a life, which reads, writes and tells. `skew` is our clock minus Kling's."""
        luck, asked = self._pace.luck(), {watch.task.id for watch in due}
        delivered = 0
        for watch in list(self._watched.values()):
            if self._watched.get(watch.task.id) is not watch:  # ended while others were told
                continue
            answer = answers.get(watch.task.id)
            if answer is None:
                if (
                    watch.task.id in asked and watch.due <= _now()
                ):  # not reached in this cycle: it is among the first of the next
                    self._put_off([watch], self._pace.between_questions(0))
                continue
            lost = isinstance(answer, KlingDesktopError)
            watch.asked_at = _now()
            usual = self._pace.late() if lost else self._pace.between_questions(_age(watch.task, skew), luck)
            # What was hinted while this answer was on its way may be newer than the answer.
            self._put_off([watch], min(usual, self._pace.after_hints()) if watch.hinted else usual)
            watch.heard.put_nowait(answer)
            delivered += 1
            if delivered % _TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _put_off(self, watches: Sequence[_Watch], seconds: float) -> None:
        due = _now() + seconds
        for watch in watches:
            watch.due = max(due, self._quiet_until)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _key(task: Task) -> tuple[Kind, str]:
    return task.kind, task.kling_id


async def _ask_one(kling: Kling, task: Task) -> Standing | KlingDesktopError:
    """By the id that Kling gave; by ours where that one is unknown to Kling, or is another task's: the answer to a
    create may have named a wrong one. Nothing is sent anew by that.
    """
    try:
        found = await kling.query(task.kling_id or task.id, task.kind)
    except BadRequest as error:
        lost = Vanished(error.message, code=error.code, request_id=error.request_id, http=error.http)
    else:
        if not _is_anothers(found, task, kling.clock_skew):
            return found
        lost = Vanished("Kling's id is another task's", request_id=found.request_id)
    return await _found_by_ours(kling, task) or lost


async def _found_by_ours(kling: Kling, task: Task) -> Standing | None:
    if task.kling_id in ("", task.id) or task.sent_at is None:  # asked so already, or a task that we have not sent
        return None
    try:
        found = await kling.query(task.id, task.kind)
    except BadRequest:
        return None
    log.warning("%s is Kling's %s, and not %s as was said", task.id, found.kling_id, task.kling_id)
    return replace(found, found_by_ours=True)


def _is_anothers(standing: Standing, task: Task, skew: timedelta | None) -> bool:
    """Whether what Kling tells under its id cannot be what we have sent: it bears another id of its creator's, or none
    and was made well before. `skew` is our clock minus Kling's, if that is known.
    """
    if task.sent_at is None:
        return False
    if standing.external_id:  # a sibling is called like its first with a number
        return not (standing.is_called(task.id) or standing.is_called(task.id.rpartition("-")[0]))
    began = task.asked_at - (skew or timedelta()) - _CLOCKS_APART
    return standing.created_at is not None and standing.created_at < began


def _age(task: Task, skew: timedelta) -> float:
    """In seconds. By the clock that dated the task: by one that is days wrong a young one would be asked for seldom."""
    now = datetime.now(UTC)
    age = now - skew - task.accepted_at if task.accepted_at else now - task.asked_at
    return age.total_seconds()
