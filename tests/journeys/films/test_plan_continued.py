"""A plan that goes on from a creator's own video: continued by itself, its refused words changed in the lane."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kling_desktop.studio.feed import SeamsFound
from kling_desktop.ui.film.earlier_plans import EarlierPlans
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.lane_head import PlanMenu
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

        await _use_earlier(creator)
        assert [card.words for card in cards(creator, CardKind.PLANNED)] == ALL
        assert creator.ask("audit")["totals"]["created"] == 3, "planning sends nothing"


async def _write_anew(creator: Creator, words: str) -> None:
    lane = creator.window.film.cards
    lane.write_hop(cards(creator, CardKind.PLANNED)[0].id)
    edit = await creator.sees(QApplication.focusWidget, "the editor")
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(edit, words)
    lane.end_writing()
    await creator.sees(lambda: cards(creator, CardKind.PLANNED)[0].words == words, "the new words")


async def _use_earlier(creator: Creator) -> None:
    creator.clicks(creator.window.film.head.more)
    menu = await creator.sees(lambda: creator.window.findChild(PlanMenu), "the menu")
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
