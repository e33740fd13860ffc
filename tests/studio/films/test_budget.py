"""What the budget does not allow never leaves, and what was held is charged or released, whatever happens."""

from __future__ import annotations

import asyncio
import csv
import io
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.plans import PLAN_RANK
from kling_desktop.domain.tasks import Extension, Generation, Pick, Status, Task
from kling_desktop.domain.units import CapScope, Movement, PressFit, Span, local_day
from kling_desktop.errors import OverBudget, OverFilmBudget
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import BudgetChanged, Fact, Feed, TaskChanged
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.prices import Prices
from tests.harness.engine import running
from tests.harness.tasks import PROFILE
from tests.harness.waiting import until
from tests.store.films.taking import take

NAME = PROFILE.name
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Purse:
    """A budget over a library, with a clock that the test sets."""

    library: Library
    records: UnitRecords
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    price: Decimal = Decimal(2)
    facts: list[Fact] = field(default_factory=list)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        feed = Feed()
        feed.subscribe(self.facts.extend)
        self.budget = Budget(self.records, feed, lambda extension: self.price, lambda: self.now, BERLIN)

    def sends(self, task: Task) -> Task:
        """As the sender does it before the first byte."""
        leaving = replace(task, status=Status.SENDING, sent_at=self.now)
        self.library.put_durably(leaving, self.budget.reservation(leaving))
        return leaving

    def spent(self) -> Decimal:
        return self.budget.standing(NAME).spent

    def movements(self) -> list[tuple[str, Decimal]]:
        return [(entry.movement.value, entry.units) for entry in self.records.all(Span())]


@pytest.fixture
async def purse(tmp_path: Path) -> AsyncIterator[Purse]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Purse(library, UnitRecords(library.database))
    library.close()


def queued(number: int, parent: str = "base") -> Task:
    return take(number, parent, Status.QUEUED)


async def test_a_task_that_does_not_fit_is_not_written_as_leaving(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(3))
    purse.sends(queued(1))
    purse.library.put(queued(2))
    with pytest.raises(OverBudget, match="day: 2 of 3, 2 more wanted"):
        purse.sends(queued(2))
    assert purse.library.get("t2") == queued(2)
    assert purse.movements() == [("reservation", Decimal(2))]


@pytest.mark.parametrize(
    ("ended", "spent", "movements"),
    [
        ({"status": Status.SUCCEEDED, "units": Decimal("1.5")}, "1.5", [("release", 2), ("charge", Decimal("1.5"))]),
        ({"status": Status.SUCCEEDED, "units": None}, "2", [("release", 2), ("charge", 2)]),
        ({"status": Status.FAILED, "units": None}, "0", [("release", 2)]),
        ({"status": Status.FAILED, "units": Decimal(2)}, "2", [("release", 2), ("charge", 2)]),
        ({"status": Status.QUEUED, "sent_at": None}, "0", [("release", 2)]),
        ({"status": Status.QUEUED}, "2", []),
        ({"status": Status.UNCERTAIN}, "2", []),
        ({"status": Status.PROCESSING}, "2", []),
    ],
)
async def test_what_was_held_is_settled_by_how_the_task_stands(
    purse: Purse, ended: dict[str, object], spent: str, movements: list[tuple[str, Decimal]]
) -> None:
    task = replace(purse.sends(queued(1)), **ended)  # type: ignore[arg-type]  # fields of a Task, by name
    for _ in range(2):  # told twice, it counts once
        purse.library.put(task)
        assert purse.movements() == [("reservation", 2), *movements]
        assert purse.spent() == Decimal(spent)


async def test_a_figure_that_comes_late_or_changes_is_amended(purse: Purse) -> None:
    task = replace(purse.sends(queued(1)), status=Status.SUCCEEDED)
    purse.library.put(task)
    for units in (Decimal("1.2"), Decimal(3)):
        purse.library.put(replace(task, units=units))
        assert purse.spent() == units
    assert purse.movements()[-2:] == [("charge", Decimal("-0.8")), ("charge", Decimal("1.8"))]


async def test_sending_once_more_with_the_same_id_holds_once(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    task = purse.sends(queued(1))
    purse.library.put(replace(task, status=Status.UNCERTAIN))
    purse.library.put(replace(task, status=Status.QUEUED))
    purse.sends(task)
    assert purse.spent() == 2


@pytest.mark.parametrize(("status", "kling_id", "spent"), [("uncertain", "", 0), ("processing", "8", 2)])
async def test_what_is_forgotten_stays_counted_where_kling_has_it(
    purse: Purse, status: str, kling_id: str, spent: int
) -> None:
    task = replace(purse.sends(queued(1)), status=Status(status), kling_id=kling_id)
    purse.library.put(task)
    purse.library.forget("t1")
    assert purse.spent() == spent
    assert purse.budget.standing(NAME).held == 0
    purse.library.put(replace(task, status=Status.SUCCEEDED, units=Decimal(1)))
    assert purse.spent() == 1, "restored, it is settled by Kling's own figure"


async def test_a_film_has_a_cap_of_its_own_and_one_that_holds_for_each(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.FILM, Decimal(2))
    first = purse.sends(queued(1, "one"))
    with pytest.raises(OverFilmBudget):
        purse.sends(queued(2, "one"))
    purse.sends(queued(3, "two"))
    film_id = purse.records.home_of(first.id)[0]
    purse.budget.set_cap(NAME, CapScope.FILM, Decimal(4), film_id)
    purse.sends(queued(2, "one"))
    assert purse.budget.fit(NAME, Extension("base", ""), 1, film_id).left == 0
    purse.budget.drop_cap(NAME, CapScope.FILM, film_id)
    with pytest.raises(OverFilmBudget):
        purse.sends(queued(4, "one"))


async def test_a_cap_of_nothing_lets_nothing_go_and_a_negative_one_is_refused(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(0))
    with pytest.raises(OverBudget):
        purse.sends(queued(1))
    with pytest.raises(ValueError, match="-1"):
        purse.budget.set_cap(NAME, CapScope.DAY, Decimal(-1))
    purse.budget.send_anyway("t1")
    purse.sends(queued(1))
    assert purse.budget.standing(NAME).left == -2


async def test_profiles_have_budgets_of_their_own(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(0))
    purse.sends(replace(queued(1), profile=SANDBOX))
    assert purse.budget.standing(SANDBOX.name).spent == 2


async def test_nine_tenths_warn(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(20))
    purse.price = Decimal("17.9")
    purse.sends(queued(1))
    assert not purse.budget.standing(NAME).warns
    purse.price = Decimal("0.1")
    purse.sends(queued(2))
    assert purse.budget.standing(NAME).warns


@pytest.mark.parametrize(
    ("price", "takes", "waiting"),
    [("3", 3, 0), ("3", 4, 1), ("3.5", 4, 2), ("10", 1, 0), ("10.1", 1, 1), ("0", 4, 0)],
)
async def test_how_many_takes_of_a_press_go_is_known_before_it(
    purse: Purse, price: str, takes: int, waiting: int
) -> None:
    assert purse.budget.fit(NAME, Extension("base", ""), takes) == PressFit(takes)
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(10))
    purse.price = Decimal(price)
    fit = purse.budget.fit(NAME, Extension("base", ""), takes)
    held_back = PressFit(takes, waiting, CapScope.DAY, Decimal(10), Decimal(10), exceeds=purse.price > 10)
    assert fit == (held_back if waiting else PressFit(takes))
    assert fit.going == takes - waiting


async def test_a_press_stands_behind_what_is_in_the_queue_and_beside_what_its_film_has_spent(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(10))
    purse.budget.set_cap(NAME, CapScope.FILM, Decimal(4))
    waiting = replace(queued(9), trouble=OverBudget("day").trouble)
    of_plan = replace(queued(8), rank=PLAN_RANK + 1)
    for task in (queued(1), queued(2), queued(3), queued(4), waiting, of_plan):
        purse.library.put(task)
        purse.budget.hear([TaskChanged(task)])  # what it is thought to cost is written down
    film_id, _ = purse.records.home_of("t1")
    fit = purse.budget.fit(NAME, Extension("other", ""), 2)
    of_day = PressFit(2, 1, CapScope.DAY, Decimal(2), Decimal(10))
    assert fit == of_day, "four go first, neither held back nor of a plan"
    purse.sends(queued(1))
    of_film = PressFit(2, 1, CapScope.FILM, Decimal(2), Decimal(4))
    assert purse.budget.fit(NAME, Extension("base", ""), 2, film_id) == of_film
    purse.budget.drop_cap(NAME, CapScope.DAY)
    fit = purse.budget.fit(NAME, Extension("base", ""), 2, film_id)
    assert fit == of_film
    assert purse.budget.fit(NAME, Extension("other", ""), 2).waiting == 0, "a film of its own has spent nothing"


# --- days ---


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:00+00:00", date(2026, 3, 28)),
        ("2026-03-28T23:01:00+00:00", date(2026, 3, 29)),  # 00:01 before the clocks go forward
        ("2026-03-29T21:59:00+00:00", date(2026, 3, 29)),  # 23:59, 22 hours and 58 minutes later
        ("2026-03-29T22:01:00+00:00", date(2026, 3, 30)),
        ("2026-10-25T22:59:00+00:00", date(2026, 10, 25)),  # the day of 25 hours
    ],
)
async def test_the_day_is_the_creators_daylight_saving_included(purse: Purse, moment: str, day: date) -> None:
    purse.now = datetime.fromisoformat(moment)
    assert purse.budget.standing(NAME).day == day


async def test_a_new_day_has_a_new_budget_and_a_clock_set_back_has_not(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    purse.sends(queued(1))
    purse.now += timedelta(days=1)
    purse.sends(queued(2))
    for days in (1, 1, 30):
        purse.now -= timedelta(days=days)
        with pytest.raises(OverBudget):
            purse.sends(queued(3))
    purse.now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    purse.sends(queued(3))


async def test_a_charge_counts_on_the_day_of_its_reservation(purse: Purse) -> None:
    task = purse.sends(queued(1))
    purse.now += timedelta(days=1)
    purse.library.put(replace(task, status=Status.SUCCEEDED, units=Decimal(2)))
    assert purse.spent() == 0
    assert purse.budget.by("day", Span(NAME)) == [("2026-03-01", Decimal(2))]


async def test_what_waits_is_sent_when_the_next_day_begins(purse: Purse) -> None:
    waiting = replace(queued(1), trouble=OverBudget("day").trouble)
    purse.library.put(waiting)
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    purse.sends(queued(2))
    purse.now = datetime(2026, 3, 28, 22, 59, 59, 950_000, tzinfo=UTC)
    purse.sends(queued(3))
    sent: list[str] = []
    running = asyncio.create_task(purse.budget.run(sent.append))
    await asyncio.sleep(0)
    assert (sent, purse.budget.standing(NAME).waiting) == ([], 1)
    purse.now += timedelta(seconds=1)
    await until(lambda: sent, 30, "the task to be sent")
    running.cancel()
    assert sent == ["t1"]


async def test_another_day_that_only_klings_answer_tells_of_counts_at_once(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    purse.sends(queued(2))
    purse.library.put(replace(queued(1), trouble=OverBudget("day").trouble))
    sent: list[str] = []
    running = asyncio.create_task(purse.budget.run(sent.append))
    await asyncio.sleep(0)
    purse.now += timedelta(days=1)
    purse.budget.hear([])
    await until(lambda: sent, 30, "the task to be sent")
    running.cancel()
    assert sent == ["t1"]


async def test_at_midnight_it_is_told_that_nothing_is_spent_also_where_nothing_waits(purse: Purse) -> None:
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    purse.sends(queued(1))
    await asyncio.sleep(0)
    purse.facts.clear()
    purse.now += timedelta(days=1)
    purse.budget.hear([])
    await until(lambda: purse.facts, 30, "the new day to be told")
    assert [fact.standing.spent for fact in purse.facts if isinstance(fact, BudgetChanged)] == [0]


ZONES = ("Europe/Berlin", "America/Havana", "Africa/Cairo", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe",
         "Asia/Kolkata", "Pacific/Kiritimati", "UTC")  # fmt: skip


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """This computer's, for as long as the test lasts."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("of_system", [False, True])
async def test_the_next_day_begins_when_the_zone_says_so(purse: Purse, zone: ZoneInfo, *, of_system: bool) -> None:
    """On all days of a year, with those of 23, 23.5, 24.5 and 25 hours, that begin at one or have two midnights."""
    given = None if of_system else zone
    budget = Budget(purse.records, Feed(), lambda extension: None, lambda: purse.now, given)
    purse.now = datetime(2026, 1, 1, 3, tzinfo=UTC)
    lengths = set[float]()
    for _ in range(366):
        day, began = local_day(purse.now, given), purse.now
        purse.now += timedelta(seconds=budget._until_midnight())
        assert (local_day(purse.now, given) - day).days == 1
        assert local_day(purse.now - timedelta(seconds=0.1), given) == day
        lengths.add(round((purse.now - began).total_seconds() / 3600, 1))
    has_summer = zone.key not in ("Asia/Kolkata", "Pacific/Kiritimati", "UTC")
    assert len(lengths - {24.0}) >= (3 if has_summer else 1)  # the first is a part of a day


async def test_raising_the_cap_sends_only_what_fits(purse: Purse) -> None:
    for number in (1, 2):
        purse.library.put(replace(queued(number), trouble=OverBudget("day").trouble))
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(1))
    sent: list[str] = []
    running = asyncio.create_task(purse.budget.run(sent.append))
    await asyncio.sleep(0)
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal("1.5"))
    await asyncio.sleep(0)
    assert sent == []
    purse.budget.set_cap(NAME, CapScope.DAY, Decimal(2))
    await asyncio.sleep(0)
    assert sent == ["t1", "t2"], "each fits alone; the second is parked again where it is reserved"
    running.cancel()


# --- the ledger ---


async def test_what_was_paid_in_vain_is_a_sum(purse: Purse) -> None:
    for number, ended in enumerate(
        (
            {"status": Status.SUCCEEDED, "pick": Pick.REJECTED},
            {"status": Status.FAILED},
            {"status": Status.SUCCEEDED},
        )
    ):
        task = purse.sends(queued(number))
        purse.library.put(replace(task, units=Decimal("1.1"), **ended))  # type: ignore[arg-type]  # fields of a Task
    sums = purse.budget.sums(Span(NAME))
    assert (sums.charged, sums.held) == (Decimal("3.3"), Decimal(0))
    assert (sums.rejected, sums.failed) == (Decimal("1.1"), Decimal("1.1"))
    assert purse.budget.by("outcome", Span()) == [("failed", Decimal("1.1")), ("succeeded", Decimal("2.2"))]


async def test_the_ledger_is_a_sheet_that_a_spreadsheet_reads(purse: Purse, tmp_path: Path) -> None:
    task = purse.sends(replace(queued(1), id="=1+1"))
    purse.library.put(replace(task, status=Status.SUCCEEDED, units=Decimal("0.3")))
    other = purse.sends(replace(queued(2), id="-2+3"))
    purse.library.put(replace(other, status=Status.SUCCEEDED, units=Decimal(3)))
    purse.library.put(replace(other, status=Status.SUCCEEDED, units=Decimal(1)))
    target = tmp_path / "out" / "ledger.csv"
    purse.budget.export(Span(), target)
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"))))
    assert [(row["movement"], row["units"], row["task_id"]) for row in rows] == [
        ("reservation", "2", "'=1+1"), ("release", "2", "'=1+1"), ("charge", "0.3", "'=1+1"),
        ("reservation", "2", "'-2+3"), ("release", "2", "'-2+3"), ("charge", "3", "'-2+3"), ("charge", "-2", "'-2+3"),
    ]  # fmt: skip
    assert [entry.movement for entry in purse.budget.page(Span(), 4, 2)] == [Movement.CHARGE, Movement.RELEASE]
    assert purse.budget.count(Span(model="kling-v3")) == 0


# --- prices ---


def test_a_price_is_what_kling_charged_in_this_film_else_the_table(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite3")
    records = UnitRecords(library.database)
    prices = Prices(
        records,
        library.clip,
        lambda model, mode, seconds, sound: Decimal("0.6") * seconds if model == "kling-v3" else None,
        lambda model, mode: (Decimal(1), Decimal("3.5")),
    )
    assert prices.estimate(Extension("c1", "on")) == Decimal("3.5")
    library.put(take(1, "base"))
    library.put(replace(take(1, "base"), units=Decimal(2)))
    assert prices.estimate(Extension("c1", "on")) == 2
    assert prices.estimate(Extension("base", "on")) == 2
    assert prices.estimate(Extension("c1", "on", generation=Generation("kling-v3"))) == 3
    assert prices.estimate(Extension("c1", "on", generation=Generation("kling-v9"))) is None
    library.close()


# --- with the real studio before the sandbox ---


async def test_the_sender_parks_what_does_not_fit_and_goes_on_when_it_may(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        budget = engine.budget
        budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(3))
        first, second = engine.submit("A heron lands"), engine.submit("Fog rolls in")
        await engine.until(first, is_kept)
        parked = await engine.until(second, lambda task: task.trouble is not None)
        assert parked.trouble is not None
        assert (parked.status, parked.trouble.error, parked.sent_at) == (Status.QUEUED, "OverBudget", None)
        assert (engine.creates(), engine.books(second)) == (1, {})
        assert [fact.standing.waiting for fact in engine.facts if isinstance(fact, BudgetChanged)][-1] == 1
        budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(4))
        await engine.until(second, is_kept)
        assert budget.standing(SANDBOX.name).spent == engine.ask("audit")["totals"]["units_charged"] == 4


def is_kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


async def test_what_is_parked_in_the_moment_in_which_money_comes_free_is_sent(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        engine.budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(0))
        task = engine.submit("A heron lands")
        raised: list[bool] = []

        def raise_cap(facts: Sequence[Fact]) -> None:
            """In the very turn of the loop in which the task is told to be parked."""
            parked = any(isinstance(fact, TaskChanged) and fact.task.trouble is not None for fact in facts)
            if parked and not raised:
                raised.append(True)
                engine.budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(2))

        engine.studio.feed.subscribe(raise_cap)
        await engine.until(task, is_kept)


async def test_a_refusal_releases_what_was_held(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        task = await engine.until(engine.submit("forbidden"), lambda task: task.status.ended)
        assert task.status is Status.FAILED
        assert [entry.movement.value for entry in engine.units.all(Span())] == ["estimate", "reservation", "release"]
        assert engine.budget.standing(SANDBOX.name).spent == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_a_wild_history_every_sum_is_that_of_the_books(sandbox: Sandbox, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    async with running(sandbox, tmp_path / "data", price=Decimal("3.5")) as engine:
        ended = list[Task]()
        for number in range(8):
            if fault := chance.choice(("", "", "risk", "content")):
                engine.tell("faults", on="create", do=fault, times=1)
            source = engine.clip_id(chance.choice(("dawn-lake", "night-harbour")))
            task = engine.submit(f"Rain {number}", video_id=source)
            ended.append(await engine.until(task, lambda task: task.status.ended))
        made = [task for task in ended if task.status is Status.SUCCEEDED]
        rejected = chance.sample(made, len(made) // 2)
        assert rejected
        assert len(made) < len(ended), "some failed"
        engine.films.picks.reject([task.id for task in rejected])
        out = [task for task in made if task not in rejected][:1]
        engine.films.picks.forget([task.id for task in out])

        books = {task.id: Decimal(str(engine.books(task).get("units", 0))) for task in ended}
        rows = list(csv.DictReader(io.StringIO(engine.budget.csv(Span()).decode("utf-8-sig"))))
        charged = [row for row in rows if row["movement"] == "charge"]
        for task in ended:
            assert sum(Decimal(row["units"]) for row in charged if row["task_id"] == task.id) == books[task.id]
        sums = engine.budget.sums(Span())
        assert (sums.charged, sums.held) == (sum(books.values(), Decimal(0)), Decimal(0))
        assert sums.rejected == sum(books[task.id] for task in rejected)
        assert sums.failed == sum(books[task.id] for task in ended if task.status is Status.FAILED)
        for column in ("day", "film_id", "model", "way", "outcome", "profile_name"):
            by_hand = Counter[str]()
            for row in charged:
                by_hand[row[column]] += Decimal(row["units"])  # type: ignore[assignment]  # a counter of units
            assert dict(engine.budget.by(column, Span())) == {key: units for key, units in by_hand.items() if units}
