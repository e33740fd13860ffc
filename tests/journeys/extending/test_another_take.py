"""Another take of a hop that a plan has made; and several takes of one press, of which one is picked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.shell.toasts import Toast
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import TWO, in_front, is_kept, listed_tasks, made, paste, pick_first_clip

FIRST, SECOND = TWO.splitlines()
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.timeout(60)
async def test_other_words_for_a_hop_of_a_plan_that_has_run_are_sent_by_the_keys(start: Start) -> None:
    async with start() as creator:
        await _two_hops_made(creator)
        lane, prompt = creator.window.film.cards, creator.form.fields.prompt.edit
        creator.clicks(lane.viewport(), lane.visualRect(lane.model().index(1, 0)).center())
        creator.presses(lane, Qt.Key.Key_E, SHIFT)
        await creator.sees(lambda: prompt.toPlainText() == FIRST, "the words of the hop")
        creator.writes("A heron lands")
        creator.presses(prompt, Qt.Key.Key_Return, CTRL)
        await creator.sees(lambda: creator.ask("audit")["totals"]["created"] == 3, "it to be sent", 15)
        said = f"{FIRST} goes through take 2 of hop 1 now; what hangs below take 1 is grey."
        toast = await creator.sees(lambda: creator.window.notices.bar(said), "that the newer take has come in")
        await creator.sees(lambda: made(creator)[1:] == ["A heron lands"], "the film with the newer take")
        assert isinstance(toast, Toast)
        assert toast.action is not None
        creator.clicks(toast.action)
        await creator.sees(lambda: made(creator)[1:] == [FIRST, SECOND], "the film as it was")


@pytest.mark.timeout(60)
async def test_of_two_takes_the_form_goes_on_from_the_one_that_is_picked(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await in_front(creator)
        foot = creator.form.foot
        creator.writes("A heron lands")
        foot.show_count(2)
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL)
        await creator.sees(lambda: len([task for task in listed_tasks(creator) if is_kept(task)]) == 2, "both takes")
        assert not foot.go_on.isVisible(), "which of them is the creator's to say"
        older = listed_tasks(creator)[-1]
        assert older.clip is not None
        creator.window.show_rail(TREE)
        tree = creator.window.tree.tree
        await creator.sees(lambda: tree.rows.pages.row_of(older.id) is not None, "its row")
        tree.choose(older.id)
        creator.presses(tree, Qt.Key.Key_P)
        await creator.sees(foot.go_on.isVisible, "the way on from it")
    async with start() as creator:
        await creator.sees(creator.form.foot.go_on.isVisible, "the way on after the next start too")
        creator.clicks(creator.form.foot.go_on)
        assert creator.form.extension().video_id == older.clip.id


@pytest.mark.timeout(60)
async def test_a_rejected_take_says_which_hops_the_film_loses_with_it(start: Start) -> None:
    async with start() as creator:
        await _two_hops_made(creator)
        lane = creator.window.film.cards
        said = f"{FIRST} is its first clip alone now; what hangs below take 1 is grey."
        creator.clicks(lane.viewport(), lane.visualRect(lane.model().index(2, 0)).center())
        creator.presses(lane, Qt.Key.Key_X)
        await creator.sees(lambda: made(creator)[1:] == [FIRST], "the film without its last hop")
        creator.presses(lane, Qt.Key.Key_Z, CTRL)
        await creator.sees(lambda: made(creator)[1:] == [FIRST, SECOND], "its last hop again")
        assert not creator.window.notices.bar(said)
        creator.clicks(lane.viewport(), lane.visualRect(lane.model().index(1, 0)).center())
        creator.presses(lane, Qt.Key.Key_X)
        toast = await creator.sees(lambda: creator.window.notices.bar(said), "what the film has lost")
        await creator.sees(lambda: len(made(creator)) == 1, "its first clip alone")
        assert isinstance(toast, Toast)
        assert toast.action is not None
        creator.clicks(toast.action)
        await creator.sees(lambda: made(creator)[1:] == [FIRST, SECOND], "the film as it was")


async def _two_hops_made(creator: Creator) -> None:
    await pick_first_clip(creator)
    await paste(creator, TWO)
    creator.clicks(creator.window.film.head.run)
    await creator.sees(lambda: made(creator)[1:] == [FIRST, SECOND], "the hops in the film")
    await in_front(creator)
