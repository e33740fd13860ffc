"""A clip of V1.6 is extended by Kling, and its take continued with a model of today: one film with both seams."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Task
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import TREE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import cards, pick_first_clip


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
        creator.clicks(_segments(creator)[1])
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


async def test_the_way_is_remembered_for_each_film_and_over_a_restart(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat drifts in")
        first = await creator.sees_take()
        creator.asks(creator.clip_id("night-harbour"), "A gull calls")
        await creator.sees(lambda: (task := creator.newest()) and task.id != first.id, "the other film")
        other = await creator.sees_take()
        await _goes_on_from(creator, first)
        assert _way(creator) is Way.EXTEND
        creator.clicks(_segments(creator)[1])
        await _goes_on_from(creator, other)
        assert _way(creator) is Way.EXTEND, "of the other film nothing was chosen"
        await _goes_on_from(creator, first)
        assert _way(creator) is Way.CONTINUE
        await _goes_on_from(creator, other)
    async with start() as creator:
        await _goes_on_from(creator, first)
        assert _way(creator) is Way.CONTINUE, "as it was chosen, though nothing was sent"
        creator.clicks(_segments(creator)[0])
        await _goes_on_from(creator, other)
        assert _way(creator) is Way.EXTEND
    async with start() as creator:
        await _goes_on_from(creator, first)
        assert _way(creator) is Way.EXTEND
        assert creator.ask("audit")["totals"]["created"] == 2


async def _goes_on_from(creator: Creator, task: Task) -> None:
    """Have the film of a take open, and go on from it by a key in the tree."""
    creator.window.tasks.select(task.id)
    head, tree, clip = creator.window.seams.take_head, creator.window.tree.tree, task.clip
    assert clip is not None
    await creator.sees(lambda: head.view.take_id == task.id, "the take over the stage")
    creator.window.show_rail(TREE)
    creator.presses(tree, Qt.Key.Key_E)
    await creator.sees(lambda: creator.form.extension().video_id == clip.id, "the take in the form")


def _way(creator: Creator) -> Way:
    return creator.form.fields.way.way


def _segments(creator: Creator) -> list[QAbstractButton]:
    return creator.form.fields.way.segments.findChildren(QAbstractButton)
