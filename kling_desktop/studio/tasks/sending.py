"""Exactly once: brings a task to Kling, and finds out what became of it when the answer is lost.

A create has three outcomes, never two. *Accepted*: follow it. *Refused*, by Kling itself: nothing was made.
*Uncertain*: it is looked up by our id and never sent again by the program. What Kling had no room or time for is sent
again under the same id, and only after Kling has said that it does not know this id. What is wrong with the request
fails the task; what is wrong with the account, the keys or the network parks it here, because nothing was made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from kling_desktop.domain.tasks import Standing, Status, Task
from kling_desktop.errors import (
    AccountStopped,
    AnswerUnreadable,
    BadRequest,
    Busy,
    DuplicateId,
    Interrupted,
    KeyringAwaited,
    KeyringTrouble,
    KeysMissing,
    KlingDesktopError,
    Refused,
    SignInRefused,
    SlotsFull,
    Unanswered,
    Uncertain,
    Unreachable,
    Unreadable,
    Untraced,
)
from kling_desktop.studio.pace import Pace, sleep_or_wake
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.lines import Lines
from kling_desktop.studio.tasks.profile_queue import ProfileQueue
from kling_desktop.studio.tasks.standing import apply_standing

log = logging.getLogger(__name__)

_PAGE = 30
"""Newest tasks among which an uncertain one is searched when its id is not found."""
_CLOCKS_APART = timedelta(minutes=10)
"""How far Kling's clock and ours may differ when we tell an old task from the one just sent."""


class Sender:
    """Takes queued and uncertain tasks to the point where Kling has them, or has refused them."""

    def __init__(
        self,
        lines: Lines,
        ledger: Ledger,
        now: Callable[[], datetime],
        needs_date: Callable[[str], bool] = lambda profile_name: False,
    ) -> None:
        """`needs_date`: whether the budget of a profile goes by days, so that the day has to be Kling's."""
        self._needs_date = needs_date
        self._lines = lines
        self._ledger = ledger
        self._now = now
        self._decisions: dict[str, asyncio.Event] = {}
        self._tried: set[str] = set()

    async def settle(self, task: Task) -> Task:
        """Bring the task to where Kling has it, or to its end, after which its slot is its life's to release."""
        failures = 0
        while not (task.status.at_kling or task.status.ended):
            if task.status is Status.QUEUED:
                task = await self._take_turn(task, failures)
                failures += 1
            else:
                task = await self._find(task)
        return task

    def wake(self) -> None:
        """Look up every uncertain task now: the network is back, or the computer has slept."""
        for decision in self._decisions.values():
            decision.set()

    def decide(self, task_id: str) -> None:
        """The creator has decided on an uncertain task (it is noted as QUEUED again), or wants it looked up now."""
        if decision := self._decisions.get(task_id):
            decision.set()

    async def _take_turn(self, task: Task, failures: int) -> Task:
        queue = self._lines.queue(task.profile)
        async with queue.turn(self._ledger.current(task.id)):  # it may have been given another place since
            unsent = self._ledger.current(task.id)
            if unsent.status is not Status.QUEUED:
                return unsent  # somebody else has brought it further while it waited here
            try:
                return await self._send(unsent, queue)
            except SlotsFull as error:
                queue.hold_off_while_full(
                    self._lines.pace(task.profile).after_failures(failures + 1, error.retry_after)
                )
                return self._note(replace(unsent, trouble=error.trouble))
            except (Busy, Unreachable, Unanswered) as error:
                queue.hold_off(self._lines.pace(task.profile).after_failures(failures + 1, error.retry_after))
                return self._note(replace(unsent, trouble=error.trouble))
            except (AccountStopped, SignInRefused, KeysMissing, KeyringTrouble) as error:
                self._lines.stop(task.profile, error)
                return self._note(replace(unsent, trouble=error.trouble))

    async def _send(self, task: Task, queue: ProfileQueue) -> Task:
        kling = await self._lines.line(task.profile).door(lambda: self._keyring_awaited(task.id))
        first_time = task.sent_at is None
        if self._may_be_there(task) and (known := await self._known_by_now(task)):
            return self._note(apply_standing(task, known, self._now()))
        if not kling.is_dated and self._needs_date(task.profile.name):
            await kling.page(task.kind, 1, 1)  # any answer is dated; one that is not leaves this computer's clock
        task = await self._ledger.note_durably(replace(task, status=Status.SENDING, sent_at=self._now(), trouble=None))
        queue.occupy(task.id)
        self._tried.add(task.id)
        try:
            standing = self._own(await kling.create(task.extension, task.id), task, Unreadable)
        except Uncertain as error:
            return self._note(replace(task, status=Status.UNCERTAIN, trouble=error.trouble))
        except DuplicateId as error:
            return await self._known_already(task, error, first_time)
        except SlotsFull:
            queue.release(task.id)
            queue.learn_limit()
            raise
        except (Busy, Unreachable, AccountStopped, SignInRefused):
            queue.release(task.id)
            raise
        except Refused as error:
            if not first_time:
                return await self._refused_again(task, error)
            return self._failed(task, error)
        return self._note(apply_standing(task, standing, self._now()))

    def _keyring_awaited(self, task_id: str) -> None:
        self._note(replace(self._ledger.current(task_id), trouble=KeyringAwaited().trouble))

    def _may_be_there(self, task: Task) -> bool:
        """Whether it was sent before, now or in an earlier session: a waiting task has a trouble only from that."""
        return task.sent_at is not None or task.trouble is not None or task.id in self._tried

    async def _known_by_now(self, task: Task) -> Standing | None:
        """What Kling says of a task that was sent before, if it says anything: then it need not be sent again.

        Raises what keeps Kling from answering, for without an answer nothing is sent twice: not even what the creator
        decides to send again, which is said to be safe. For that one Kling's word about its id is enough.
        """
        return await self._look_up(task, needs_list=task.sent_at is None)

    async def _refused_again(self, task: Task, error: Refused) -> Task:
        """This refusal is about the second sending only: whether the first one made the task is still to be known."""
        try:
            found = await self._look_up(task)
        except KlingDesktopError as failure:
            log.info("look-up of %s after a refusal failed: %s", task.id, failure)
            return self._note(replace(task, status=Status.UNCERTAIN, trouble=error.trouble))
        if found:
            return self._note(apply_standing(task, found, self._now()))
        return self._failed(task, error)

    async def _known_already(self, task: Task, error: DuplicateId, first_time: bool) -> Task:
        """Kling has this id. If we may have sent it before, that is the proof that it was taken."""
        if first_time and task.extension.own_id and not await self._is_fresh(task):
            return self._failed(task, error)
        return self._note(replace(task, status=Status.UNCERTAIN, trouble=error.trouble))

    async def _is_fresh(self, task: Task) -> bool:
        """Whether Kling's task of this id may be the one just sent, and not an older one of the account."""
        try:
            kling = await self._lines.line(task.profile).door()
            found = await kling.query(task.id, task.kind)
        except BadRequest:
            return False  # no extension has this id: it belongs to a task of another kind
        except KlingDesktopError as error:
            log.info("duplicate %s could not be read: %s", task.id, error)
            return True
        return not _is_older(found, task.sent_at or task.asked_at, kling.clock_skew)

    async def _find(self, task: Task) -> Task:
        """Look for a task whose answer was lost: for two minutes with growing pauses, then now and then, until Kling
        knows it or the creator decides. That Kling does not find it at first proves nothing.
        """
        self._lines.queue(task.profile).occupy(task.id)
        if task.status is not Status.UNCERTAIN:
            task = self._note(replace(task, status=Status.UNCERTAIN, trouble=Interrupted().trouble))
        decision = self._decisions[task.id] = asyncio.Event()
        try:
            return await self._look_until_known(task, self._lines.pace(task.profile), decision)
        finally:
            self._decisions.pop(task.id, None)

    async def _look_until_known(self, task: Task, pace: Pace, decision: asyncio.Event) -> Task:
        pauses = [pace.scale * seconds for seconds in pace.look_ups]
        failures, retry_after = 0, None
        while True:
            usual = pauses[0] if pauses else pace.late()
            await sleep_or_wake(pace.after_failures(failures, retry_after) if failures else usual, decision)
            decision.clear()
            task = self._ledger.current(task.id)
            if task.status is Status.QUEUED:
                self._lines.queue(task.profile).release(task.id)
                return task
            try:
                standing = await self._look_up(task)
            except KlingDesktopError as error:  # not an answer: it neither proves nor disproves anything
                log.info("look-up of %s failed: %s", task.id, error)
                failures, retry_after = failures + 1, error.retry_after
                continue
            task = self._ledger.current(task.id)  # the creator may have decided in the meantime
            if standing:
                return self._note(await self._recognised(task, standing))
            failures = 0
            proven = task.trouble is not None and task.trouble.error == DuplicateId.__name__
            if pauses and not pauses[1:] and task.status is Status.UNCERTAIN and not proven:
                self._lines.queue(task.profile).release(task.id)
                self._note(replace(task, trouble=Untraced().trouble))
            pauses = pauses[1:]

    async def _recognised(self, task: Task, standing: Standing) -> Task:
        """The task as Kling tells it, unless Kling tells of an older one that had the creator's own id before."""
        refused = task.trouble is not None and task.trouble.error == DuplicateId.__name__
        skew = (await self._lines.line(task.profile).door()).clock_skew
        earliest = min(task.asked_at, task.sent_at or task.asked_at)  # a clock that was set may have dated one of them
        if refused and task.extension.own_id and _is_older(standing, earliest, skew):
            return replace(task, status=Status.FAILED, ended_at=self._now())
        return apply_standing(task, standing, self._now())

    async def _look_up(self, task: Task, *, needs_list: bool = True) -> Standing | None:
        """What Kling knows of our id; None only when Kling itself says that it knows nothing. `needs_list`: its list of
        the newest tasks must say so too, and not only where it can be read.
        """
        kling = await self._lines.line(task.profile).door()
        try:
            found: Standing | None = await kling.query(task.id, task.kind)
        except BadRequest:
            try:
                newest = await kling.page(task.kind, 1, _PAGE)
            except KlingDesktopError as error:
                if needs_list:
                    raise
                log.info("%s is unknown to Kling, whose list cannot be read: %s", task.id, error)
                return None
            found = next((standing for standing in newest if standing.is_called(task.id)), None)
        return self._own(found, task, AnswerUnreadable) if found else None

    def _own(self, standing: Standing, task: Task, unreadable: type[KlingDesktopError]) -> Standing:
        """The answer, unless it cannot be about this task: it names another one of Kling's, or one that is another's
        here, as an answer does that something on the way had kept.
        """
        owner = self._ledger.owner_of(standing.kling_id, task.profile)
        if task.kling_id not in ("", standing.kling_id) or (owner and not task.kling_id and owner.id != task.id):
            raise unreadable("the answer is about another task", request_id=standing.request_id)
        return standing

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
        return self._ledger.note(task)


def _is_older(standing: Standing, moment: datetime, skew: timedelta | None) -> bool:
    """Whether Kling made this well before a moment of our clock; `skew` is that minus Kling's, if that is known."""
    return standing.created_at is not None and standing.created_at < moment - (skew or timedelta()) - _CLOCKS_APART
