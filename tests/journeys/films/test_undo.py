"""Undo and redo in the Edit menu: judgements, forgets and a cleared queue go back and forth, a text keeps its own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import TREE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import cards, click_card

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _take(creator: Creator) -> Task:
    task = creator.newest()
    assert task is not None
    return task


async def test_what_was_done_goes_back_and_forth_by_keys(start: Start) -> None:
    async with start() as creator:
        table, bar = creator.tasks.table, creator.window.menu_bar
        assert (bar.commands["undo"].text(), bar.commands["undo"].isEnabled()) == ("Undo", False)
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        table.setFocus()
        creator.presses(table, Qt.Key.Key_4)
        creator.presses(table, Qt.Key.Key_X)
        await creator.sees(lambda: _take(creator).pick is Pick.REJECTED, "it to be rejected")
        assert bar.commands["undo"].text() == "Undo: Reject take"
        creator.presses(table, Qt.Key.Key_Z, CTRL)
        await creator.sees(lambda: _take(creator).pick is not Pick.REJECTED, "it to come back")
        assert (bar.commands["undo"].text(), bar.commands["redo"].text()) == ("Undo: Stars", "Redo: Reject take")
        assert "Taken back: Reject take." in creator.banners()
        creator.presses(table, Qt.Key.Key_Z, CTRL)
        await creator.sees(lambda: _take(creator).stars == 0, "its stars to go")
        creator.presses(table, Qt.Key.Key_Y, CTRL)
        creator.presses(table, Qt.Key.Key_Z, CTRL, SHIFT)
        await creator.sees(lambda: (_take(creator).pick, _take(creator).stars) == (Pick.REJECTED, 4), "both again")

        creator.presses(table, Qt.Key.Key_Delete)
        await creator.sees(lambda: creator.newest() is None, "it to be forgotten")
        creator.presses(table, Qt.Key.Key_Z, CTRL)
        await creator.sees(lambda: creator.newest() is not None, "it to be in the list again")
        assert not creator.window.notices.bar("Taken back: Stars.") or _take(creator).stars == 4


async def test_a_pick_in_the_tree_is_taken_back_by_its_key(start: Start) -> None:
    async with start() as creator:
        tree, bar = creator.window.tree.tree, creator.window.menu_bar
        creator.window.show_rail(TREE)
        creator.form.foot.show_count(2)
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees(lambda: len(_made(creator)) == 2, "two takes", 60)
        first, other = _made(creator)
        tree.setFocus()
        await _pick(creator, first)
        await _pick(creator, other)
        assert bar.commands["undo"].text() == "Undo: Pick take"
        creator.presses(tree, Qt.Key.Key_Z, CTRL)
        await creator.sees(lambda: _made(creator)[0] == first, "the first one in the film again")
        assert bar.commands["redo"].text() == "Redo: Pick take"


async def test_takes_are_picked_on_their_card_by_number_one_after_the_other(start: Start) -> None:
    async with start() as creator:
        window, lane = creator.window, creator.window.film.cards
        window.show_rail(TREE)
        creator.form.foot.show_count(3)
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees(lambda: len(_made(creator)) == 3, "three takes", 60)
        await creator.sees(lambda: [card.take for card in cards(creator, CardKind.MADE)] == [1, 3], "the newest")
        click_card(creator, 1)
        lane.setFocus()
        for number in (1, 2, 3, 1):
            creator.presses(lane, Qt.Key(Qt.Key.Key_0 + number))
            await creator.sees(partial(_shows, creator, number), f"take {number} on its card and on the stage")


def _shows(creator: Creator, number: int) -> bool:
    current, view = creator.window.film.cards.current, creator.window.seams.take_head.view
    return current is not None and (current.take, view.take_id) == (number, current.id)


async def _pick(creator: Creator, take: str) -> None:
    """Pick it for the film by its key."""
    tree = creator.window.tree.tree
    tree.choose(take)
    creator.presses(tree, Qt.Key.Key_P)
    await creator.sees(lambda: _made(creator)[0] == take, "the picked take in the film")


def _made(creator: Creator) -> list[str]:
    """Takes of the first hop, finished, as the tree shows them: the one in the film first. One that was not asked for
    from the film's end is in the making beside it, whichever ended first.
    """
    tasks = [creator.take(number) for number in range(creator.tasks.model.layout.takes)]
    finished = {task.id for task in tasks if task and task.status is Status.SUCCEEDED}
    rows = creator.window.tree.tree.rows
    found = [row for number in range(1, rows.rowCount()) if (row := rows.row(number))]
    return [row.take_id for row in found if row.take_id in finished]


async def test_a_cleared_queue_comes_back_and_a_text_keeps_its_own_keys(start: Start) -> None:
    async with start() as creator:
        creator.window.menu_bar.pause.trigger()
        creator.asks(creator.clip_id("dawn-lake"), "First")
        await creator.sees(lambda: creator.form.sent, "the words to be safe")
        waiting = creator.program.studio.lines.waiting
        await creator.sees(waiting, "it to wait")
        creator.presses(creator.tasks.table, Qt.Key.Key_X, CTRL, SHIFT)
        await creator.sees(lambda: not waiting(), "the queue to be empty")
        prompt = creator.form.fields.prompt.edit
        creator.writes("Other words")
        creator.presses(prompt, Qt.Key.Key_Z, CTRL)
        assert prompt.toPlainText() != "Other words"
        creator.presses(prompt, Qt.Key.Key_Y, CTRL)
        assert not waiting()
        creator.viewer.picture.setFocus()
        creator.presses(creator.viewer.picture, Qt.Key.Key_Z, CTRL)
        await creator.sees(waiting, "it to wait again")
