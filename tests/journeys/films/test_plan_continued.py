"""A plan that goes on from a creator's own video: continued by itself, its refused words changed in the lane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kling_desktop.studio.feed import SeamsFound
from kling_desktop.ui.film.cards.hop_editor import HopEditor
from kling_desktop.ui.film.earlier_plans import EarlierPlans
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import TREE
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, made, paste

ALL = ["A duck lands", "It swims to the reeds", "Rain begins"]


@pytest.mark.timeout(120)
async def test_a_dropped_video_goes_on_by_plan_and_a_refused_hop_is_written_anew(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await paste(creator, "A duck lands\na forbidden thing\nRain begins")
        head = creator.window.film.head
        creator.clicks(head.gates.findChildren(QAbstractButton)[2])
        creator.clicks(head.run)
        await creator.sees(head.again.isVisible, "the plan to stop", 60)
        said = head.words.accessibleName() or head.words.toolTip()
        assert "refused the words of hop 2" in said, said
        assert "content security policy" in said, "Kling's own words"
        assert [card.words for card in cards(creator, CardKind.PLANNED)] == ["a forbidden thing", "Rain begins"]
        assert made(creator)[1:] == ["A duck lands"]

        await _write_anew(creator, "It swims to the reeds")
        assert creator.ask("audit")["totals"]["created"] == 1
        creator.clicks(head.again)
        await creator.sees(lambda: made(creator)[1:] == ALL, "all three in the film", 60)
        assert creator.ask("audit")["totals"]["created"] == 3
        await _sees_each_at_its_seam(creator)

        await _adds_by_a_slip(creator)
        await _use_earlier(creator)
        assert [card.words for card in cards(creator, CardKind.PLANNED)] == ALL
        assert creator.ask("audit")["totals"]["created"] == 3, "planning sends nothing"


async def _write_anew(creator: Creator, words: str) -> None:
    lane = creator.window.film.cards
    lane.write_hop(cards(creator, CardKind.PLANNED)[0].id)
    edit = await creator.sees(QApplication.focusWidget, "the editor")
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, words)
    lane.end_writing()
    await creator.sees(lambda: cards(creator, CardKind.PLANNED)[0].words == words, "the new words")


async def _adds_by_a_slip(creator: Creator) -> None:
    """A hop that was just added goes by Esc as long as it has no word; one with words stays."""
    lane = creator.window.film.cards

    def planned() -> list[str]:
        return [card.words for card in cards(creator, CardKind.PLANNED)]

    for words in ("", "Snow falls"):
        lane.hop_added.emit()
        await creator.sees(lambda: isinstance(QApplication.focusWidget(), HopEditor), "the editor")
        edit = lane.findChild(HopEditor)
        assert edit is not None
        assert planned() == [""]
        QTest.keyClicks(edit, words)
        QTest.keyClick(edit, Qt.Key.Key_Escape)
        await creator.sees(partial(_is, planned, [words] if words else []), "the plan")
    creator.presses(lane, Qt.Key.Key_Delete)
    await creator.sees(partial(_is, planned, []), "the last one gone too")


def _is(told: Callable[[], list[str]], wanted: list[str]) -> bool:
    return told() == wanted


async def _use_earlier(creator: Creator) -> None:
    creator.clicks(creator.window.film.head.more)
    menu = await creator.sees(QApplication.activePopupWidget, "the menu")
    next(action for action in menu.actions() if action.text() == "Use an earlier plan…").trigger()
    menu.close()
    chooser = await creator.sees(lambda: creator.window.findChild(EarlierPlans), "the earlier plans")
    await creator.sees(chooser.isVisible, "the earlier plans to be shown")
    assert "3 hops" in chooser.plans.item(0).text()
    creator.presses(chooser.plans, Qt.Key.Key_Return)
    await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == 3, "the hops")


@pytest.mark.timeout(120)
async def test_no_hop_is_sent_before_the_seam_of_the_one_before_was_measured(start: Start, tmp_path: Path) -> None:
    """The gate that stops on a bad seam, with the lane in sight: it wants a picture of whatever comes."""
    async with start() as creator:
        measured: list[SeamsFound] = []
        creator.program.studio.feed.subscribe(
            lambda facts: measured.extend(fact for fact in facts if isinstance(fact, SeamsFound))
        )
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await paste(creator, "\n".join(ALL[:2]))
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: made(creator)[1:] == ALL[:2] or creator.window.film.head.again.isVisible(), "an end")
        assert all(fact.seams for fact in measured), "nobody is told of a seam that was not measured"
        assert len({fact.clip_id for fact in measured}) == len(made(creator)) - 1


@pytest.mark.timeout(120)
async def test_a_new_clip_without_words_is_asked_for_them_and_costs_nothing_until_then(
    start: Start, tmp_path: Path
) -> None:
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await paste(creator, "A duck lands\nRain begins")
        await _write_anew(creator, "")
        head = creator.window.film.head
        creator.clicks(head.gates.findChildren(QAbstractButton)[2])
        creator.clicks(head.run)
        await creator.sees(lambda: "hop 1 has no words" in head.words.words, "the plan to stop")
        assert not head.again.isVisible()
        assert creator.ask("audit")["totals"]["created"] == 0
        await _write_anew(creator, "It swims to the reeds")
        creator.clicks(head.run)
        await creator.sees(lambda: made(creator)[1:] == ["It swims to the reeds", "Rain begins"], "both", 60)


async def _sees_each_at_its_seam(creator: Creator) -> None:
    """By the arrows in the tree: stage, head and lane show the same take, its film at the frame where it begins."""
    window, tree, viewer = creator.window, creator.window.tree.tree, creator.viewer
    window.show_rail(TREE)
    take_ids = [row.take_id for number in range(tree.rows.rowCount()) if (row := tree.rows.row(number))]
    path = [card.id for card in cards(creator, CardKind.MADE)]
    seams = creator.program.studio.analyzer.seams
    clips = [task.clip.id for number in range(len(ALL) + 1) if (task := creator.take(number)) and task.clip]
    await creator.sees(lambda: all(map(seams, clips)), "all seams to be measured")
    creator.presses(tree, Qt.Key.Key_Home)
    await creator.sees(lambda: window.seams.take_head.view.take_id == take_ids[0], "the first clip over the stage")

    def stands_at(take_id: str) -> bool:
        card, marks = window.film.cards.current, viewer.seams
        if (window.seams.take_head.view.take_id, card.id if card else "") != (take_id, take_id):
            return False
        is_at_seam = bool(marks) and abs(viewer.position_seconds - marks[-1].seconds) < 0.05
        return len(marks) == path.index(take_id) and is_at_seam

    for take_id in take_ids[1:]:
        creator.presses(tree, Qt.Key.Key_Down)
        if take_id in path:
            await creator.sees(partial(stands_at, take_id), "it over the stage, in the lane, at its seam")
        else:
            await creator.sees(lambda: len(viewer.seams) == 1 and viewer.duration_seconds > 6, "all that is before it")
