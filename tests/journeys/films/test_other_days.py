"""Money over more than a day, in the window: midnight, what Kling charges otherwise than was thought, a week later."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kling_desktop.domain.units import CapScope
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.film_words import spoken
from kling_desktop.ui.library.clip_picker import ClipPicker
from kling_desktop.ui.rail.rail import QUEUE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import THREE, cards, in_front, made, paste, pick_first_clip

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
