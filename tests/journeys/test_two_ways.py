"""A clip of V1.6 is extended by Kling, and its take continued with a model of today: one film with both seams."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.takes import Way
from kling_desktop.ui.film.film_view import CardKind
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.test_plan import cards, pick_first_clip


async def test_the_first_hop_is_extended_and_the_second_continued(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        form = creator.form
        assert form.fields.way.way is Way.EXTEND, "Kling's own way is the usual one where it is open"
        creator.writes("A paper boat drifts in")
        creator.clicks(form.button)
        await _sees_hop(creator, 1)
        extended = creator.newest()
        creator.window.seams.take_head.menu.aboutToShow.emit()
        menu = creator.window.seams.take_head.menu
        next(action for action in menu.actions() if action.text() == "Extend from here").trigger()
        creator.clicks(form.fields.way.segments.findChildren(QAbstractButton)[1])
        assert "new clip from the last frame" in form.fields.way.line()
        assert form.button.text() == "Continue"
        creator.writes("The camera rises")
        creator.clicks(form.button)
        await _sees_hop(creator, 2)
        continued = creator.newest()
        seams = creator.window.seams
        await creator.sees(lambda: len(seams.seams) == 2 and all(seam.meters for seam in seams.seams), "both seams")
        assert [seam.prompt for seam in seams.seams] == ["A paper boat drifts in", "The camera rises"]
        assert extended is not None
        assert continued is not None
        assert (extended.kind, continued.kind) == (Kind.EXTENSION, Kind.IMAGE)
        books = creator.ask("audit")
        assert [task["created"] for task in books["tasks"].values()] == [1, 1]
        charged = sum(task.units for task in (extended, continued) if task.units is not None)
        assert charged == books["totals"]["units_charged"]


async def _sees_hop(creator: Creator, number: int) -> None:
    await creator.sees(lambda: len(cards(creator, CardKind.MADE)) == number + 1 and creator.form.sent, f"hop {number}")
