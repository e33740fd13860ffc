"""The budget: what may be spent a day, a film, a plan; what does not fit waits here, and goes when it can."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.plans import PLAN_RANK
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.domain.units import (
    BudgetStanding,
    Cap,
    CapScope,
    LedgerEntry,
    PressFit,
    Reservation,
    Span,
    UnitSums,
    local_day,
)
from kling_desktop.errors import KlingDesktopError, OverBudget, OverFilmBudget, OverPlanBudget, kind_of
from kling_desktop.studio.feed import BudgetChanged, Fact, Feed, TaskChanged, TaskForgotten
from kling_desktop.studio.pace import sleep_or_wake

if TYPE_CHECKING:
    from kling_desktop.store.films.units import UnitRecords

log = logging.getLogger(__name__)

Estimate = Callable[[Extension], Decimal | None]
"""Units that an extension is thought to cost; None when nobody knows."""

_LONGEST_NAP = 600.0
"""A clock that is set, or a computer that sleeps, is noticed after so many seconds at the latest."""

_SCOPES: dict[type[KlingDesktopError], CapScope] = {
    OverBudget: CapScope.DAY, OverFilmBudget: CapScope.FILM, OverPlanBudget: CapScope.PLAN,
}  # fmt: skip

_COLUMNS = (
    "number", "at", "day", "movement", "units", "task_id", "film_id", "plan_id", "profile_name", "model", "way",
    "outcome",
)  # fmt: skip


class Budget:
    """Plain calls that return at once; what comes of them is told as BudgetChanged.

    `reservation` is given to the Ledger, which asks it before a task is about to leave: the reservation is written,
    or refused with OverBudget, in that very transaction.
    """

    def __init__(
        self,
        records: UnitRecords,
        feed: Feed,
        estimate: Estimate,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        """`zone` is the creator's; None: this computer's, as it is at that moment."""
        self._records = records
        self._feed = feed
        self._estimate = estimate
        self._now = now
        self._zone = zone
        self._send: Callable[[str], object] | None = None
        self._estimated: set[str] = set()
        self._day = self._today()

    # --- before a task leaves ---

    def estimate(self, extension: Extension, takes: int = 1) -> Decimal | None:
        """Units that this would cost, for so many takes; None when nobody knows."""
        units = self._estimate(extension)
        return None if units is None else units * takes

    def charged_last(self, extension: Extension) -> Decimal | None:
        """Units that Kling charged for the last such take in its film; None for a new clip, or while there is none."""
        return None if extension.generation else self._records.last_extension(extension.video_id)

    def reservation(self, task: Task) -> Reservation:
        """What a task asks of the budget now."""
        generation = task.extension.generation
        return Reservation(
            task_id=task.id,
            units=self._estimate(task.extension) or Decimal(0),
            day=self._today(),
            at=self._now(),
            model=generation.model if generation else "",
            way=(Way.CONTINUE if generation else Way.EXTEND).value if task.extension.video_id else Way.ROOT.value,
        )

    def needs_date(self, profile_name: str) -> bool:
        """Whether the day counts: then Kling is asked for it before anything leaves, for a clock may have been set."""
        return self._records.cap(profile_name, CapScope.DAY) is not None

    # --- what the screen reads ---

    def standing(self, profile_name: str) -> BudgetStanding:
        """How the budget of today stands."""
        day = self._today()
        charged, held = self._records.day(profile_name, day)
        waiting = self._records.waiting(profile_name)
        tomorrow = sum(waits_for_tomorrow(task) for task in waiting)
        cap = self._records.cap(profile_name, CapScope.DAY)
        return BudgetStanding(profile_name, day, cap, charged, held, len(waiting), tomorrow)

    def fit(self, profile_name: str, asked: Extension, takes: int, film_id: str = "") -> PressFit:
        """How many takes of one press by hand would go at once. Without a film it begins one, in which nothing is
        spent. What is in the queue and has not left goes first, and is counted as spent.
        """
        each = self._estimate(asked) or Decimal(0)
        fit = PressFit(takes)
        for scope, cap, spent in self._capped(profile_name, film_id):
            if scope is CapScope.DAY:
                spent += self._records.to_leave(profile_name, PLAN_RANK)
            left = cap - spent
            if (waiting := takes - _times(each, left, takes)) > fit.waiting:
                fit = PressFit(takes, waiting, scope, left, cap, each > cap)
        return fit

    def caps(self, profile_name: str) -> list[Cap]:
        return self._records.caps(profile_name)

    def sums(self, span: Span) -> UnitSums:
        """What was charged and is held in a stretch of the ledger, and what of it was charged in vain."""
        return self._records.sums(span)

    def by(self, column: str, span: Span) -> list[tuple[str, Decimal]]:
        """Charged units by "day", "film_id", "model", "way", "outcome" or "profile_name"."""
        return self._records.by(column, span)

    def count(self, span: Span) -> int:
        """Entries of a stretch of the ledger."""
        return self._records.count(span)

    def page(self, span: Span, offset: int, limit: int) -> list[LedgerEntry]:
        """Entries, newest first."""
        return self._records.page(span, offset, limit)

    def waiting(self, profile_name: str) -> list[Task]:
        """Tasks that wait here because they did not fit."""
        return self._records.waiting(profile_name)

    def waiting_everywhere(self) -> list[Task]:
        """The same of all profiles: a plan goes on with its own, whichever is chosen."""
        return [task for name in self._records.waiting_profiles() for task in self._records.waiting(name)]

    def waiting_ids(self) -> frozenset[str]:
        """Their ids alone: they are counted with each change of any task."""
        return self._records.waiting_ids()

    # --- the verbs ---

    def set_cap(self, profile_name: str, scope: CapScope, units: Decimal, subject: str = "") -> None:
        """What may be spent at most; 0 lets nothing go. Raises ValueError below 0. Who fits now is sent."""
        self._records.set_cap(Cap(profile_name, scope, units, subject))
        self._look_again(profile_name)

    def drop_cap(self, profile_name: str, scope: CapScope, subject: str = "") -> None:
        """No limit. Who waited for it is sent."""
        self._records.drop_cap(profile_name, scope, subject)
        self._look_again(profile_name)

    def send_anyway(self, task_id: str) -> None:
        """Send this one task whatever the caps say, once."""
        self._records.send_anyway(task_id)
        self._send_soon(task_id)

    def csv(self, span: Span) -> bytes:
        """The ledger as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read it), oldest entry first."""
        sheet = io.StringIO(newline="")
        writer = csv.writer(sheet)
        writer.writerow(_COLUMNS)
        for entry in self._records.all(span):
            writer.writerow([_cell(getattr(entry, column)) for column in _COLUMNS])
        return sheet.getvalue().encode("utf-8-sig")

    def export(self, span: Span, target: Path) -> None:
        """Write the ledger as CSV, whole or not at all. Raises FileTrouble."""
        from kling_desktop.store.files import write_atomically

        write_atomically(target, self.csv(span))

    # --- stepped by facts, and by midnight ---

    def hear(self, facts: Sequence[Fact]) -> None:
        """Tell of what tasks did to the budget, and send who fits now. The answer from which they follow may have said
        that it is another day.
        """
        self._look_at_day()
        profiles: dict[str, bool] = {}
        for fact in facts:
            if isinstance(fact, TaskChanged):
                self._note_estimate(fact.task)
                name = fact.task.profile.name
                is_parked = fact.task.trouble is not None and issubclass(kind_of(fact.task.trouble), OverBudget)
                frees = fact.task.status.ended or (fact.task.status is Status.QUEUED and not is_parked)
                profiles[name] = profiles.get(name, False) or frees
            elif isinstance(fact, TaskForgotten):
                profiles |= dict.fromkeys(self._records.waiting_profiles(), True)
        for profile_name, frees in profiles.items():
            if frees:
                self._look_again(profile_name)
            else:
                self._feed.publish(BudgetChanged(self.standing(profile_name)))

    async def run(self, send: Callable[[str], object]) -> None:
        """Send who waits, when a new day begins; for as long as the program runs. `send` gives a waiting task, by its
        id, its life again (`Studio.watch`); if it still does not fit it is parked again.
        """
        self._send = send
        while True:
            await sleep_or_wake(min(self._until_midnight(), _LONGEST_NAP), asyncio.Event())
            self._look_at_day()

    # --- inside ---

    def _capped(
        self, profile_name: str, film_id: str = "", plan_id: str = ""
    ) -> Iterator[tuple[CapScope, Decimal, Decimal]]:
        """Each cap that holds for this day, film and plan, with what counts against it. A film that is to begin has
        the cap of each; what belongs to no plan has none.
        """
        if plan_id and (cap := self._records.cap(profile_name, CapScope.PLAN, plan_id)) is not None:
            yield CapScope.PLAN, cap, self._spent(Span(profile_name, plan_id=plan_id))
        if (cap := self._records.cap(profile_name, CapScope.FILM, film_id)) is not None:
            yield CapScope.FILM, cap, self._spent(Span(profile_name, film_id=film_id)) if film_id else Decimal(0)
        if (cap := self._records.cap(profile_name, CapScope.DAY)) is not None:
            charged, held = self._records.day(profile_name, self._today())
            yield CapScope.DAY, cap, charged + held

    def _spent(self, span: Span) -> Decimal:
        sums = self._records.sums(span)
        return sums.charged + sums.held

    def _today(self) -> date:
        return local_day(self._now(), self._zone)

    def _look_at_day(self) -> None:
        """On another day send who waited for it, and tell of all whose budget of the former day was begun."""
        if (today := self._today()) == self._day:
            return
        first, self._day = min(self._day, today), today
        for profile_name in {*self._records.waiting_profiles(), *self._records.profiles_since(first)}:
            self._look_again(profile_name)

    def _look_again(self, profile_name: str) -> None:
        """Send those that fit, in the order of the queue; the first that does not fit holds up none behind it. One that
        another cap holds back now than it says is sent too: it is parked again where it is reserved, and says so.
        """
        for task in self._records.waiting(profile_name):
            if self._held_back_by(task) is not _told_scope(task):
                self._send_soon(task.id)
        self._feed.publish(BudgetChanged(self.standing(profile_name)))

    def _send_soon(self, task_id: str) -> None:
        """In a later turn of the loop: in this one the life that was parked may not be over yet, and none begins."""
        asyncio.get_running_loop().call_soon(self._send_now, task_id)

    def _send_now(self, task_id: str) -> None:
        if self._send and self._records.is_waiting(task_id):
            self._send(task_id)

    def _held_back_by(self, task: Task) -> CapScope | None:
        """A guess that keeps tasks from being taken up for nothing; whether it fits is decided where it is reserved."""
        asked = self._estimate(task.extension) or 0
        caps = self._capped(task.profile.name, *self._records.home_of(task.id))
        return next((scope for scope, cap, spent in caps if spent + asked > cap), None)

    def _note_estimate(self, task: Task) -> None:
        if task.status is Status.QUEUED and task.sent_at is None and task.id not in self._estimated:
            self._estimated.add(task.id)
            if (units := self._estimate(task.extension)) is not None:
                self._records.note_estimate(task, units, self._now())

    def _until_midnight(self) -> float:
        """Seconds until the creator's next day begins; a day may have 23 or 25 hours."""
        now = self._now()
        tomorrow = datetime.combine(local_day(now, self._zone) + timedelta(days=1), time.min)
        # Not by `astimezone()`: of a midnight that the clocks leave out it makes a moment an hour before it.
        begins = (
            tomorrow.replace(tzinfo=self._zone) if self._zone else datetime.fromtimestamp(tomorrow.timestamp(), UTC)
        )
        return max(0.05, (begins - now).total_seconds() + 0.05)


def waits_for_tomorrow(task: Task) -> bool:
    """Whether a task that waits for the budget waits for the next day, and not for a film's or a plan's."""
    return _told_scope(task) is CapScope.DAY


def _told_scope(task: Task) -> CapScope | None:
    """Whose cap a task says that it waits for; None when it does not wait for the budget."""
    return _SCOPES.get(kind_of(task.trouble)) if task.trouble is not None else None


def _times(each: Decimal, left: Decimal, most: int) -> int:
    """How often so many units fit into what is left; what costs nothing fits until more was spent than is allowed."""
    if each <= 0 or left < 0:
        return most if left >= 0 else 0
    return min(most, int(left // each))


def _cell(value: object) -> str:
    """A spreadsheet takes a text that begins so for a formula."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else str(value)
