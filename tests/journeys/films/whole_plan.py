"""A film of six hops, planned in one paste: killed three times, stopped by a bad seam, ended; the books agree.

Too slow for every run, so pytest does not find it by itself:

    .venv/bin/pytest -o faulthandler_timeout=1200 tests/journeys/films/whole_plan.py
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.units import Cap, CapScope, Movement, Span
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import (
    SIX,
    accept_drift_until,
    at_kling,
    finish_what_is_stuck,
    is_kept,
    listed_tasks,
    made,
    plan_six_by_two,
    start_and_kill,
)

_CAP = Decimal(30)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("answer", "takes"), [("accept", 12), ("again", 14)])
async def test_six_hops_end_whatever_happens_on_the_way(
    start: Start, sandbox: Sandbox, data_dir: Path, answer: str, takes: int
) -> None:
    async with start() as creator:
        await plan_six_by_two(creator)
        _allow(data_dir, _CAP)
        creator.tell("faults", on="create", do="seam", plant="colour", after=4, times=2)
        creator.tell("faults", on="create", do="stuck", after=1, times=1)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: _made(creator) == 2 and at_kling(creator), "a take that stays at Kling")
    for _ in range(2):
        await asyncio.to_thread(start_and_kill, data_dir, sandbox)
    async with start() as creator:
        await finish_what_is_stuck(creator)
        head = creator.window.film.head
        await creator.sees(head.accept.isVisible, "the plan to stop", 180)
        said = head.words.accessibleName() or head.words.toolTip()
        assert "3" in said, said
        assert "colour" in said, said
        before = _made(creator)
        creator.tell("faults", on="create", do="stuck", times=1)
        creator.clicks(getattr(head, answer))
        await creator.sees(lambda: _made(creator) > before and at_kling(creator), "a take that stays at Kling")
    await asyncio.to_thread(start_and_kill, data_dir, sandbox)
    async with start() as creator:
        await finish_what_is_stuck(creator)
        await accept_drift_until(creator, lambda: made(creator)[1:] == SIX.splitlines(), "all six in the film")
        await creator.sees(lambda: sum(is_kept(task) for task in listed_tasks(creator)) == takes, "every take", 120)
        books = creator.ask("audit")
    assert books["totals"]["created"] == takes
    assert all(entry["created"] == 1 for entry in books["tasks"].values())
    charged, most = _spent(data_dir)
    assert charged == Decimal(str(books["totals"]["units_charged"]))
    assert most <= _CAP


def _made(creator: Creator) -> int:
    created: int = creator.ask("audit")["totals"]["created"]
    return created


def _allow(data_dir: Path, units: Decimal) -> None:
    """What may be spent a day; the form for it has a journey of its own."""
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        profile = PlanRecords(library.database).newest(1)[0].profile
        UnitRecords(library.database).set_cap(Cap(profile.name, CapScope.DAY, units))


def _spent(data_dir: Path) -> tuple[Decimal, Decimal]:
    """What the ledger says was charged, and the most that was ever charged and held together."""
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        units = UnitRecords(library.database)
        entries, sums = list(units.all(Span())), units.sums(Span())
    signs = {Movement.RELEASE: -1, Movement.ESTIMATE: 0}
    now = most = Decimal(0)
    for entry in entries:
        now += entry.units * signs.get(entry.movement, 1)
        most = max(most, now) if entry.movement is Movement.RESERVATION else most
    assert sums.held == 0
    return sums.charged, most
