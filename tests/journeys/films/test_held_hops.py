"""The queue's page says which hops the plan holds and what was charged today; a held hop is opened from there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.queue.held_hops import HeldHop
from kling_desktop.ui.rail.rail import QUEUE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import THREE, cards, paste, pick_first_clip


def _held(creator: Creator) -> list[HeldHop]:
    rows = creator.window.queue_list.rows
    return [hop for row in range(rows.rowCount()) if (hop := rows.hop(row))]


@pytest.mark.timeout(120)
async def test_hops_of_a_stopped_plan_are_listed_counted_and_opened(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, THREE)
        window = creator.window
        window.show_rail(QUEUE)
        assert _held(creator) == []  # written, not run: nothing is held
        creator.tell("faults", on="create", do="seam", plant="colour", times=1)
        creator.clicks(window.film.head.run)
        await creator.sees(lambda: [hop.hop for hop in _held(creator)] == [2, 3], "two hops to be held", 60)
        await creator.sees(window.film.head.accept.isVisible, "the plan to stop", 60)
        await creator.sees(lambda: _held(creator)[0].until == "until you decide about hop 1", "why it waits")
        assert [(hop.hop, hop.words, hop.until) for hop in _held(creator)][1] == (3, "Night falls", "after hop 2")
        assert "2 held" in window.bar.queue.accessibleName()
        await creator.sees(lambda: "charged today" in window.queue_foot.words, "what was charged")
        assert str(creator.ask("audit")["totals"]["units_charged"]).split(".")[0] in window.queue_foot.words
        window.activateWindow()  # the picker took it, and a bare virtual screen does not give it back
        await creator.sees(window.isActiveWindow, "the window in front")
        window.resize(900, 600)
        await creator.sees(lambda: window.shell.arrangement.film_bar, "the lane to fold")
        listed = window.queue_list
        listed.setCurrentIndex(listed.rows.index(listed.rows.row_of(_held(creator)[0].id) or 0))
        creator.presses(listed, Qt.Key.Key_Return)
        planned = cards(creator, CardKind.PLANNED)
        assert window.film.cards.writing.card_id == planned[0].id
        assert window.film.cards.isVisible()
        assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
