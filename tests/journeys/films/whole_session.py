"""A long creator's session: films by plan, killed, capped, left by Kling, shared among accounts; the books agree.

Too slow for every run, so pytest does not find it by itself:

    .venv/bin/pytest -o faulthandler_timeout=1200 tests/journeys/films/whole_session.py
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from kling_desktop.domain.accounts import SESSION
from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.domain.units import CapScope, Movement, Span
from kling_desktop.errors import OverBudget
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.film.film_view import CardKind
from tests.journeys.account.two_accounts import connect_other_account
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import (
    SIX,
    accept_drift_until,
    at_kling,
    cards,
    click_card,
    finish_what_is_stuck,
    is_kept,
    listed_tasks,
    made,
    paste,
    pick_first_clip,
    said_by_head,
    start_and_kill,
)

CTRL = Qt.KeyboardModifier.ControlModifier
CAP = 17
"""Units: eight takes of two fit, and no ninth."""


@pytest.mark.timeout(1200)
async def test_a_session(start: Start, sandbox: Sandbox, data_dir: Path) -> None:
    async with start() as creator:
        await _plan_six(creator)
        await creator.sees(lambda: _created(creator) == 2 and at_kling(creator), "a take that stays at Kling")
    for _ in range(2):
        await asyncio.to_thread(start_and_kill, data_dir, sandbox)
    async with start() as creator:
        await finish_what_is_stuck(creator)
        await _stops_at_the_bad_seam(creator)
        await _go_back_and_forth(creator)
        creator.clicks(creator.window.film.head.accept)
        await creator.sees(lambda: len(_parked(creator)) == 2, "the fifth hop to wait for the budget", 120)
        assert (_created(creator), _charged(creator)) == (8, 16)
    await asyncio.to_thread(start_and_kill, data_dir, sandbox, "parked")
    assert _most_held(data_dir, SESSION) <= CAP
    async with start() as creator:
        await _wait_for_money(creator)
        await _leave_a_dead_parent(creator)
        await _share_slots(creator)
        await _use_two_accounts(creator, sandbox)
        await creator.sees(lambda: all(_rests(task) for task in listed_tasks(creator)), "everything to rest", 60)
        books, shelf = creator.ask("audit"), creator.ask("shelf")
    _check_books(data_dir, books, shelf)


# --- a film of six hops ----------------------------------------------------------------------------------------------


async def _plan_six(creator: Creator) -> None:
    await pick_first_clip(creator)
    await paste(creator, SIX)
    head = creator.window.film.head
    creator.clicks(head.takes.findChildren(QToolButton)[1])
    await creator.sees(lambda: {card.takes for card in cards(creator, CardKind.PLANNED)} == {2}, "two takes each")
    await _set_cap(creator, CAP)
    creator.tell("faults", on="create", do="seam", plant="colour", after=4, times=2)
    creator.tell("faults", on="create", do="stuck", after=1, times=1)
    creator.clicks(head.run)


async def _stops_at_the_bad_seam(creator: Creator) -> None:
    await creator.sees(creator.window.film.head.accept.isVisible, "the plan to stop", 180)
    said = said_by_head(creator)
    assert "hop 3" in said, said
    assert "colour" in said, said
    assert _created(creator) == 6


async def _go_back_and_forth(creator: Creator) -> None:
    """Picks, rejects and words of the plan, each made, taken back and made again; in the end all is as it was."""
    lane, commands = creator.window.film.cards, creator.window.menu_bar.commands
    before = made(creator), _picks(creator)
    click_card(creator, 3)
    number = next(card.take for card in cards(creator, CardKind.MADE) if card.hop == 3)
    creator.presses(lane, Qt.Key.Key_2 if number == 1 else Qt.Key.Key_1)
    await creator.sees(lambda: _picks(creator) != before[1], "the other take to be picked")
    picked = _picks(creator)
    commands["undo"].trigger()
    await creator.sees(lambda: _picks(creator) == before[1], "the pick to be taken back")
    commands["redo"].trigger()
    await creator.sees(lambda: _picks(creator) == picked, "the pick again")
    commands["undo"].trigger()
    planned = cards(creator, CardKind.PLANNED)[1]
    await _write(creator, planned.id, "A gull cries twice")
    commands["undo"].trigger()
    await creator.sees(lambda: cards(creator, CardKind.PLANNED)[1].words == planned.words, "its words again")
    commands["redo"].trigger()
    await creator.sees(lambda: cards(creator, CardKind.PLANNED)[1].words == "A gull cries twice", "the other words")
    commands["undo"].trigger()
    creator.clicks_row(0)
    creator.presses(creator.tasks.table, Qt.Key.Key_X)
    await creator.sees(lambda: any(task.pick is Pick.REJECTED for task in listed_tasks(creator)), "a rejected take")
    commands["undo"].trigger()
    await creator.sees(lambda: (made(creator), _picks(creator)) == before, "all as it was")
    assert _created(creator) == 6, "nothing of it spends"


async def _write(creator: Creator, hop_id: str, words: str) -> None:
    lane = creator.window.film.cards
    lane.write_hop(hop_id)
    edit = await creator.sees(QApplication.focusWidget, "the editor")
    QTest.keyClick(edit, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(edit, words)
    lane.end_writing()
    await creator.sees(lambda: any(card.words == words for card in cards(creator, CardKind.PLANNED)), "the new words")


# --- money -----------------------------------------------------------------------------------------------------------


async def _wait_for_money(creator: Creator) -> None:
    """One is sent anyway, the rest when the cap is raised."""
    await creator.sees(lambda: len(_parked(creator)) == 2, "what waits to wait again")
    assert _created(creator) == 8
    creator.writes("Later")
    assert "2 takes wait for tomorrow's budget" in creator.form.foot.text(), creator.form.foot.text()
    dialog = await _opened_budget(creator)
    await creator.sees(dialog.anyway.isVisible, "what waits")
    creator.clicks(dialog.anyway)
    await creator.sees(lambda: _created(creator) == 9 and len(_parked(creator)) == 1, "the one that is sent anyway", 60)
    dialog.caps.fields[CapScope.DAY].setValue(CAP + 3)
    await creator.sees(lambda: _created(creator) == 10, "the other one", 60)
    await accept_drift_until(creator, lambda: len(_parked(creator)) == 2, "the last hop to wait")
    dialog.caps.fields[CapScope.DAY].setValue(400)
    dialog.close()
    await _front(creator)
    await accept_drift_until(creator, lambda: made(creator)[1:] == SIX.splitlines(), "all six in the film")
    await creator.sees(lambda: sum(is_kept(task) for task in listed_tasks(creator)) == 12, "every take", 120)
    assert _created(creator) == 12


async def _set_cap(creator: Creator, units: int) -> None:
    dialog = await _opened_budget(creator)
    creator.clicks(dialog.caps.switches[CapScope.DAY])
    dialog.caps.fields[CapScope.DAY].setValue(units)
    dialog.close()
    await _front(creator)


async def _opened_budget(creator: Creator) -> BudgetDialog:
    creator.window.bar.budget_asked.emit()
    dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
    await creator.sees(dialog.isVisible, "the budget to be shown")
    return dialog


# --- a second film ---------------------------------------------------------------------------------------------------


async def _leave_a_dead_parent(creator: Creator) -> None:
    """Kling has deleted what a hop goes on from: that is said, and it is continued once the creator says so."""
    creator.asks(creator.clip_id("night-harbour"), "Another film begins")
    await creator.sees(lambda: _kept(creator, "Another film begins"), "its first take", 60)
    await _open_film_of(creator, "Another film begins")
    await paste(creator, "A ship leaves\nGulls follow it")
    creator.clicks(creator.window.film.head.gates.findChildren(QToolButton)[2])
    creator.tell("faults", on="create", do="refuse", code=1201, message="From video not found by id: 1", after=1)
    before = _created(creator)
    creator.clicks(creator.window.film.head.run)
    await creator.sees(creator.window.film.head.again.isVisible, "the plan to stop", 60)
    assert "Kling has deleted the clip before hop 3" in said_by_head(creator), said_by_head(creator)
    assert "Continue it from its last frame" in creator.window.film.head.again.text()
    assert _created(creator) == before + 1
    creator.clicks(creator.window.film.head.again)
    await creator.sees(lambda: made(creator)[2:] == ["A ship leaves", "Gulls follow it"], "it continued", 60)
    assert _created(creator) == before + 2


async def _share_slots(creator: Creator) -> None:
    """Two films take turns in one slot, and what is sent by hand goes before both."""
    creator.tell("slots", slots=1)
    creator.tell("faults", on="create", do="stuck", times=1)
    await _plan_more(creator, "It stops\nIt turns")
    creator.clicks(creator.window.film.head.run)
    await creator.sees(lambda: at_kling(creator), "the slot to be taken", 60)
    before = _created(creator)
    await _open_film_of(creator, "Morning comes")
    await _plan_more(creator, "Noon\nDusk")
    creator.clicks(creator.window.film.head.gates.findChildren(QToolButton)[2])
    creator.clicks(creator.window.film.head.run)
    await creator.sees(lambda: any(task.trouble for task in _of(creator, "Noon")), "the other film to wait")
    creator.asks(creator.clip_id("dawn-lake"), "By hand")
    await creator.sees(lambda: _of(creator, "By hand"), "it to wait")
    assert _created(creator) == before
    await finish_what_is_stuck(creator)
    await creator.sees(lambda: made(creator)[-2:] == ["Noon", "Dusk"], "the one film", 120)
    await _open_film_of(creator, "Gulls follow it")
    await creator.sees(lambda: made(creator)[-2:] == ["It stops", "It turns"], "the other film", 120)
    await creator.sees(lambda: _kept(creator, "By hand"), "what was sent by hand", 60)
    order = [make["prompt"] for make in creator.ask("audit")["makes"]][before:]
    assert order[0] == "By hand", order
    assert sorted(order[1:4]) == ["It turns", "Noon", "Noon"], order  # a film's two takes do not keep the other waiting
    creator.tell("slots", slots=5)


async def _plan_more(creator: Creator, text: str) -> None:
    """Behind a plan that is done; hops behind one that runs would run at once."""
    await creator.sees(lambda: creator.window.film.head.run.text() != "Pause plan", "the plan to be done", 60)
    QApplication.clipboard().setText(text)
    creator.presses(creator.window.film.cards, Qt.Key.Key_V, CTRL)
    hops = len(text.splitlines())
    await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == hops, "the planned hops")


# --- two accounts ----------------------------------------------------------------------------------------------------


async def _use_two_accounts(creator: Creator, sandbox: Sandbox) -> None:
    """A plan goes on with its own account; what is planned after it is done goes with the one that is chosen then."""
    head = creator.window.film.head
    await creator.sees(lambda: all(_rests(task) for task in listed_tasks(creator)), "everything to rest", 60)
    creator.tell("faults", on="create", do="stuck", times=1)
    await _plan_more(creator, "Of the first\nOf the first as well")
    creator.clicks(head.run)
    await creator.sees(lambda: at_kling(creator), "a hop at Kling", 60)
    second = await connect_other_account(creator, sandbox)
    await creator.sees(lambda: "sent with This session" in said_by_head(creator), said_by_head(creator))
    await finish_what_is_stuck(creator)
    await creator.sees(lambda: made(creator)[-1] == "Of the first as well", "both", 60)
    await _plan_more(creator, "Of the second")
    assert "sent with" not in said_by_head(creator), "it is the chosen one's"
    creator.clicks(head.run)
    await creator.sees(lambda: made(creator)[-1] == "Of the second", "that one too", 60)
    task = next(task for task in listed_tasks(creator) if task.extension.prompt == "Of the second")
    assert task.profile == second


# --- what there is ---------------------------------------------------------------------------------------------------


async def _front(creator: Creator) -> None:
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window again")


async def _open_film_of(creator: Creator, words: str) -> None:
    """By a click on one of its takes in the list."""
    await _front(creator)
    number = 0
    while (task := creator.take(number)) is not None and task.extension.prompt != words:
        number += 1
    creator.clicks_row(number)
    await creator.sees(lambda: words in made(creator), f"the film of {words}")


def _of(creator: Creator, words: str) -> list[Task]:
    return [task for task in listed_tasks(creator) if task.extension.prompt == words]


def _kept(creator: Creator, words: str) -> bool:
    tasks = _of(creator, words)
    return bool(tasks) and all(is_kept(task) for task in tasks)


def _picks(creator: Creator) -> set[str]:
    return {task.id for task in listed_tasks(creator) if task.pick is Pick.PICKED}


def _parked(creator: Creator) -> list[Task]:
    return [task for task in listed_tasks(creator) if task.trouble and task.trouble.error == OverBudget.__name__]


def _rests(task: Task) -> bool:
    return task.status is Status.FAILED or is_kept(task)


def _created(creator: Creator) -> int:
    created: int = creator.ask("audit")["totals"]["created"]
    return created


def _charged(creator: Creator) -> float:
    charged: float = creator.ask("audit")["totals"]["units_charged"]
    return charged


# --- the books -------------------------------------------------------------------------------------------------------


def _most_held(data_dir: Path, profile_name: str) -> Decimal:
    """The most that was ever charged and held together."""
    signs = {Movement.RELEASE: -1, Movement.ESTIMATE: 0}
    now = most = Decimal(0)
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        for entry in UnitRecords(library.database).all(Span(profile_name)):
            now += entry.units * signs.get(entry.movement, 1)
            most = max(most, now)
    return most


def _check_books(data_dir: Path, books: dict[str, Any], shelf: list[dict[str, Any]]) -> None:
    """To the unit, account by account: what the ledger says was charged is what the sandbox charged."""
    payers = {job["external_task_id"]: SESSION if job["own"] else "Second" for job in shelf}
    asked = {id for entry in books["makes"] if (id := entry["external_id"])}
    assert all(entry["created"] == 1 for entry in books["tasks"].values())
    assert books["totals"]["created"] == len(asked)
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        units = UnitRecords(library.database)
        names = {entry.profile_name for entry in units.all(Span())}
        assert len(names) == 2, names
        for name in names:
            sums = units.sums(Span(name))
            theirs = [e for e in books["makes"] if (payers[e["external_id"]] == SESSION) == (name == SESSION)]
            assert sums.held == 0
            assert sums.charged == sum(Decimal(str(entry["units"])) for entry in theirs), name
            reserved = {e.task_id for e in units.all(Span(name)) if e.movement is Movement.CHARGE and e.units > 0}
            assert reserved == {entry["external_id"] for entry in theirs if entry["units"]}
