"""Money over more than a day, in the window: midnight, what Kling charges otherwise than was thought, a week later."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton

from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.units import CapScope
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.film_words import spoken
from kling_desktop.ui.library.clip_picker import ClipPicker
from kling_desktop.ui.notices import Bar
from kling_desktop.ui.rail.rail import QUEUE
from tests.harness.servers import control
from tests.harness.servers.meddler import Deed, Meddler, changed
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import (
    THREE,
    cards,
    in_front,
    is_kept,
    listed_tasks,
    made,
    paste,
    pick_first_clip,
    said_by_head,
)

DAY_SECONDS = 86_400


async def caps(creator: Creator, scope: CapScope, units: float | None) -> None:
    """Set a cap in the budget's dialog, or switch it off."""
    creator.window.bar.budget_asked.emit()
    dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
    await creator.sees(dialog.isActiveWindow, "the budget to be shown")
    if dialog.caps.switches[scope].isChecked() is (units is None):
        creator.clicks(dialog.caps.switches[scope])
    if units is not None:
        dialog.caps.fields[scope].setValue(units)
    dialog.close()
    await in_front(creator)


async def look_at_kling(creator: Creator) -> None:
    """Have Kling asked for something, so that its date is heard."""
    creator.form.clip_wanted.emit()
    picker = await creator.sees(lambda: creator.window.findChild(ClipPicker), "the picker")
    await creator.sees(picker.current, "clips to pick from", 30)
    creator.presses(picker.search, Qt.Key.Key_Escape)
    await in_front(creator)


def chip(creator: Creator) -> str:
    return creator.window.bar.budget.accessibleName()


def in_queue(creator: Creator) -> str:
    rows = creator.window.queue_list.rows
    return "\n".join(str(rows.index(row).data()) for row in range(rows.rowCount()))


def running(creator: Creator) -> str:
    return " ".join(spoken(card) for card in cards(creator, CardKind.RUNNING))


@pytest.mark.timeout(120)
async def test_a_plan_that_waits_for_tomorrow_goes_on_at_midnight_once_and_within_the_cap(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await caps(creator, CapScope.DAY, 5)
        await paste(creator, THREE)
        creator.clicks(creator.window.film.head.run)
        creator.window.show_rail(QUEUE)
        await creator.sees(lambda: "1 over budget" in running(creator), "the third hop to wait", 60)
        await creator.sees(lambda: chip(creator) == "4 of 5, takes wait", "the bar to say so")
        await creator.sees(lambda: "Waiting for tomorrow's budget 1" in in_queue(creator), "its head in the queue")
        assert creator.ask("audit")["totals"]["created"] == 2
        creator.tell("clock", seconds=DAY_SECONDS)
        await look_at_kling(creator)
        await creator.sees(lambda: made(creator)[1:] == THREE.splitlines(), "all three in the film, in their order", 60)
        await creator.sees(lambda: chip(creator) == "2 of 5 units today", "the new day's units")
        await creator.sees(lambda: "Waiting" not in in_queue(creator), "nothing to wait")
        books = creator.ask("audit")
        assert (books["totals"]["created"], books["totals"]["units_charged"]) == (3, 6)
        assert [entry["created"] for entry in books["tasks"].values()] == [1, 1, 1]


def charges(units: str) -> Deed:
    """Has each finished extension charged so."""

    def change(body: Any) -> None:
        data = body.get("data")
        for one in data if isinstance(data, list) else [data]:
            if one and one.get("task_status") == "succeed" and "final_unit_deduction" in one:
                one["final_unit_deduction"] = units

    return changed(change)


@pytest.mark.timeout(120)
async def test_what_kling_charges_above_the_estimate_counts_against_all_that_comes(
    start: Start, sandbox: Sandbox
) -> None:
    with Meddler(sandbox.url) as way:
        for kind in ("query", "list"):
            way.order(kind, charges("9.25"), times=-1)
        async with start(by=way.url) as creator:
            await pick_first_clip(creator)
            await caps(creator, CapScope.DAY, 10)
            await caps(creator, CapScope.PLAN, 8)
            await paste(creator, THREE)
            creator.clicks(creator.window.film.head.gates.findChildren(QAbstractButton)[2])
            creator.clicks(creator.window.film.head.run)
            creator.window.show_rail(QUEUE)
            await creator.sees(
                lambda: "Waits: too little is left of this plan's budget" in in_queue(creator), "why", 60
            )
            assert chip(creator) == "9.25 of 10 units today", "nothing waits for the day"
            told = creator.window.form.foot.text()
            assert told.startswith("≈ 9.25 units 1 take × 9.25, as charged last"), "the form counts as the budget does"
            assert creator.ask("audit")["totals"]["created"] == 1
            await caps(creator, CapScope.PLAN, 30)
            await creator.sees(lambda: "Waits for tomorrow's budget" in in_queue(creator), "what else it waits for")
            await creator.sees(lambda: chip(creator) == "9.25 of 10, takes wait", "the bar to say so")
            assert creator.ask("audit")["totals"]["created"] == 1
            await caps(creator, CapScope.DAY, 18)
            await creator.sees(lambda: "1 over budget" in running(creator), "it to wait still: the next costs as much")
            await caps(creator, CapScope.DAY, 40)
            await creator.sees(lambda: made(creator)[1:] == THREE.splitlines(), "all three", 60)
            await creator.sees(lambda: chip(creator) == "27.75 of 40 units today", "Kling's own figures")
            creator.window.bar.budget_asked.emit()
            dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
            await creator.sees(lambda: "27.75 units charged" in said(dialog), "their sum")
            assert creator.ask("audit")["totals"]["created"] == 3


@pytest.mark.timeout(120)
async def test_a_month_later_what_kling_has_deleted_is_continued_and_that_is_said_before_it_is_paid(
    start: Start, sandbox: Sandbox
) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, THREE)
        head = creator.window.film.head
        creator.clicks(head.gates.findChildren(QAbstractButton)[0])
        creator.clicks(head.run)
        await creator.sees(head.accept.isVisible, "the plan to ask", 60)
        await creator.sees(lambda: all(map(is_kept, listed_tasks(creator))), "its take on the disk")
    control.tell(sandbox.url, "clock", seconds=37 * DAY_SECONDS)
    KLING_TIME.forget()  # as another process
    async with start() as creator:
        head = creator.window.film.head
        assert head.again.text() == "Try hop 1 again · 2 units"
        await look_at_kling(creator)
        await creator.sees(lambda: KLING_TIME.is_told, "Kling's date")
        if head.again.text().startswith("Try"):  # not drawn anew since
            creator.clicks(head.again)
        await creator.sees(lambda: "Continue it from its last frame" in head.again.text(), "the way that is left", 20)
        assert creator.ask("audit")["totals"]["created"] == 1, "nothing is sent but what was named"
        assert head.accept.isVisible(), "what was made is here, and is gone on from"
        creator.clicks(head.accept)
        await creator.sees(lambda: "Kling has deleted the clip before hop 2" in said_by_head(creator), "why it stops")
        assert creator.ask("audit")["totals"]["created"] == 1
        assert head.again.text() == "Continue it from its last frame · 3 units"
        creator.clicks(head.again)
        await creator.sees(lambda: "Hop 2 is there" in said_by_head(creator), "the next hop", 60)
        creator.clicks(head.accept)
        await creator.sees(lambda: made(creator)[1:] == THREE.splitlines(), "all three", 60)
        assert creator.ask("audit")["totals"]["units_charged"] == 2 + 3 + 3


@pytest.mark.timeout(120)
async def test_a_plan_that_waits_for_its_films_budget_holds_up_no_other_film(start: Start) -> None:
    async with start() as creator:
        window, head = creator.window, creator.window.film.head
        await pick_first_clip(creator)
        await caps(creator, CapScope.FILM, 5)
        await paste(creator, THREE)
        creator.clicks(head.gates.findChildren(QAbstractButton)[2])
        creator.clicks(head.run)
        await creator.sees(lambda: "1 over budget" in running(creator), "the third hop to wait", 60)
        await creator.sees(lambda: window.bar.queue.accessibleName() == "1 waiting", "the bar to say so")
        creator.asks(creator.clip_id("square-meadow"), "Fireflies rise")
        await creator.sees(lambda: made(creator)[1:] == ["Fireflies rise"], "another film", 60)
        await paste(creator, "Rain\nSun")
        creator.clicks(head.gates.findChildren(QAbstractButton)[2])
        creator.clicks(head.run)
        await creator.sees(lambda: made(creator)[2:] == ["Rain", "Sun"], "its plan to end", 60)
        await caps(creator, CapScope.FILM, 1)
        await creator.sees(lambda: window.bar.queue.accessibleName() == "1 waiting", "nothing else to wait")
        assert creator.ask("audit")["totals"] | {"created": 5, "units_charged": 7} == creator.ask("audit")["totals"]
        await caps(creator, CapScope.FILM, 6)
        await creator.sees(
            lambda: creator.ask("audit")["totals"]["created"] == 6, "the third hop of the first film", 60
        )
        await creator.sees(lambda: all(map(is_kept, listed_tasks(creator))), "all takes")
        assert not window.bar.queue.isVisible()


@pytest.mark.timeout(120)
async def test_a_plan_goes_on_once_the_account_has_units_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, THREE)
        creator.clicks(creator.window.film.head.gates.findChildren(QAbstractButton)[2])
        creator.tell("units", remaining=3)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: "The account has no units left" in creator.banners(), "that nothing is left", 60)
        await creator.sees(lambda: chip(creator) == "2 units today", "nothing to be held for what was refused")
        creator.tell("units", remaining=100)
        banner = creator.window.notices.bar(next(iter(creator.window.notices.texts())))
        assert isinstance(banner, Bar)
        assert banner.action is not None
        creator.clicks(banner.action)
        await creator.sees(lambda: made(creator)[1:] == THREE.splitlines(), "all three", 60)
        assert creator.ask("audit")["totals"]["units_charged"] == 6
