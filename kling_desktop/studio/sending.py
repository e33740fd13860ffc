"""Exactly once: brings a task to Kling, and finds out what became of it when the answer is lost.

A create has three outcomes, never two. *Accepted*: follow it. *Refused*: nothing was made. *Uncertain*: it is
looked up by our id and never sent again by the program. What is wrong with the request fails the task; what is
wrong with the account, the keys or the network parks it here, because nothing was sent or made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kling_desktop.domain import Profile, Standing, Status, Task
from kling_desktop.errors import (
    AccountStopped,
    BadRequest,
    Busy,
    DuplicateId,
    Interrupted,
    KeyringTrouble,
    KeysMissing,
    KlingDesktopError,
    Refused,
    SignInRefused,
    SlotsFull,
    TaskFailed,
    Uncertain,
    Unreachable,
    Untraced,
)
from kling_desktop.studio.accounts import Accounts
from kling_desktop.studio.follow import told
from kling_desktop.studio.lane import Lane
from kling_desktop.studio.pace import Pace

log = logging.getLogger(__name__)

_PAGE = 30
"""Newest tasks among which an uncertain one is searched when its id is not found."""
_CLOCKS_APART = timedelta(minutes=10)
"""How far Kling's clock and ours may differ when we tell an old task from the one just sent."""


@dataclass(frozen=True, slots=True)
class Records:
    """How a changed task is written down: the studio's own two ways, and the way to read it back."""

    note: Callable[[Task], Task]
    note_durably: Callable[[Task], Awaitable[Task]]
    """Returns only after the disk has it."""
    current: Callable[[str], Task]


class Sender:
    """Takes queued and uncertain tasks to the point where Kling has them, or has refused them."""

    def __init__(
        self,
        accounts: Accounts,
        lane_of: Callable[[Profile], Lane],
        records: Records,
        pace_of: Callable[[Profile], Pace],
        stop_lane: Callable[[Profile, KlingDesktopError], None],
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        self._lane_of = lane_of
        self._records = records
        self._pace_of = pace_of
        self._stop_lane = stop_lane
        self._now = now
        self._decisions: dict[str, asyncio.Event] = {}

    async def settle(self, task: Task) -> Task:
        """Bring the task to where Kling has it, or to its end."""
        failures = 0
        while not (task.status.at_kling or task.status.ended):
            if task.status is Status.QUEUED:
                task = await self._take_turn(task, failures)
                failures += 1
            else:
                task = await self._find(task)
        return task

    def decide(self, task_id: str) -> None:
        """The creator has decided on an uncertain task (it is noted as QUEUED again), or wants it looked up now."""
        if decision := self._decisions.get(task_id):
            decision.set()

    async def _take_turn(self, task: Task, failures: int) -> Task:
        lane = self._lane_of(task.profile)
        async with lane.turn(task):
            unsent = self._records.current(task.id)
            try:
                return await self._send(unsent, lane)
            except (Busy, Unreachable) as error:
                lane.hold_off(self._pace_of(task.profile).after_failures(failures + 1, error.retry_after))
                return self._note(replace(unsent, trouble=error.trouble))
            except (AccountStopped, SignInRefused, KeysMissing, KeyringTrouble) as error:
                self._stop_lane(task.profile, error)
                return self._note(replace(unsent, trouble=error.trouble))

    async def _send(self, task: Task, lane: Lane) -> Task:
        kling = await self._accounts.kling(task.profile)
        first_time = task.sent_at is None
        task = await self._records.note_durably(replace(task, status=Status.SENDING, sent_at=self._now(), trouble=None))
        lane.occupy(task.id)
        try:
            standing = await kling.create(task.extension, task.id)
        except Uncertain as error:
            return self._note(replace(task, status=Status.UNCERTAIN, trouble=error.trouble))
        except DuplicateId as error:
            return await self._known_already(task, error, first_time)
        except SlotsFull:
            lane.release(task.id)
            lane.learn_limit()
            raise
        except (Busy, Unreachable, AccountStopped, SignInRefused):
            lane.release(task.id)
            raise
        except Refused as error:
            lane.release(task.id)
            return self._failed(task, error)
        return self._note(told(task, standing, self._now()))

    async def _known_already(self, task: Task, error: DuplicateId, first_time: bool) -> Task:
        """Kling has this id. If we may have sent it before, that is the proof that it was taken."""
        if first_time and task.extension.own_id and not await self._is_fresh(task):
            self._lane_of(task.profile).release(task.id)
            return self._failed(task, error)
        return self._note(replace(task, status=Status.UNCERTAIN, trouble=error.trouble))

    async def _is_fresh(self, task: Task) -> bool:
        try:
            found = await (await self._accounts.kling(task.profile)).query(task.id)
        except KlingDesktopError as error:
            log.info("duplicate %s could not be read: %s", task.id, error)
            return True
        return found.created_at is None or found.created_at > task.asked_at - _CLOCKS_APART

    async def _find(self, task: Task) -> Task:
        self._lane_of(task.profile).occupy(task.id)
        if task.status is not Status.UNCERTAIN:
            task = self._note(replace(task, status=Status.UNCERTAIN, trouble=Interrupted().trouble))
        pace = self._pace_of(task.profile)
        decision = self._decisions[task.id] = asyncio.Event()
        try:
            for pause in (*pace.look_ups,):
                await _sleep_until_set(pause * pace.scale, decision)
                if standing := await self._look_up(task, pace):
                    return self._note(told(task, standing, self._now()))
            return await self._wait_for_decision(task, pace, decision)
        finally:
            del self._decisions[task.id]

    async def _wait_for_decision(self, task: Task, pace: Pace, decision: asyncio.Event) -> Task:
        """Two minutes of 'not found' prove little: ask on, slowly, until Kling knows it or the creator decides."""
        self._note(replace(task, trouble=Untraced().trouble))
        while True:
            await _sleep_until_set(pace.late(), decision)
            decision.clear()
            task = self._records.current(task.id)
            if task.status is Status.QUEUED:
                self._lane_of(task.profile).release(task.id)
                return task
            if standing := await self._look_up(task, pace):
                return self._note(told(task, standing, self._now()))

    async def _look_up(self, task: Task, pace: Pace) -> Standing | None:
        """What Kling knows of our id; None only when Kling itself says that it knows nothing."""
        failures = 0
        while True:
            try:
                kling = await self._accounts.kling(task.profile)
                try:
                    return await kling.query(task.id)
                except (BadRequest, TaskFailed):
                    newest = await kling.page(task.kind, 1, _PAGE)
                    return next((s for s in newest if s.external_id == task.id), None)
            except KlingDesktopError as error:
                failures += 1
                log.info("look-up of %s failed: %s", task.id, error)
                await asyncio.sleep(pace.after_failures(failures, error.retry_after))

    def _failed(self, task: Task, error: KlingDesktopError) -> Task:
        return self._note(
            replace(
                task,
                status=Status.FAILED,
                trouble=error.trouble,
                request_id=error.request_id,
                ended_at=self._now(),
            )
        )

    def _note(self, task: Task) -> Task:
        return self._records.note(task)


async def _sleep_until_set(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
