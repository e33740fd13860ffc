"""A plan that runs while its next hop is written waits for the words; what does not fit is said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kling_desktop.domain.plans import MOST_HOPS
from kling_desktop.ui.film.cards.card_keys import Act
from kling_desktop.ui.film.cards.hop_editor import HopEditor
from kling_desktop.ui.film.film_view import CardKind
from tests.journeys.conftest import Start
from tests.journeys.films.lane import (
    CTRL,
    at_kling,
    cards,
    finish_what_is_stuck,
    made,
    paste,
    pick_first_clip,
    said_by_head,
)


@pytest.mark.timeout(120)
async def test_a_hop_that_is_being_written_is_sent_with_all_its_words(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, "A heron lands")
        creator.clicks(creator.window.film.head.gates.findChildren(QAbstractButton)[2])
        creator.tell("faults", on="create", do="stuck", times=1)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: at_kling(creator), "the first hop at Kling", 60)

        lane = creator.window.film.cards
        lane.hop_added.emit()
        editor = await creator.sees(lambda: lane.findChild(HopEditor), "the editor of a new hop")
        QTest.keyClicks(editor, "Fog")
        await finish_what_is_stuck(creator)
        await creator.sees(lambda: made(creator)[1:] == ["A heron lands"], "the first hop in the film")
        await creator.sees(lambda: "hop 2 is sent once you have written it" in said_by_head(creator), "why it waits")
        QTest.keyClicks(editor, " rolls in")
        QTest.keyClick(editor, Qt.Key.Key_Escape)
        await creator.sees(lambda: made(creator)[1:] == ["A heron lands", "Fog rolls in"], "both", 60)
        assert [make["prompt"] for make in creator.ask("audit")["makes"]] == ["A heron lands", "Fog rolls in"]
        assert "once you have" not in said_by_head(creator)


async def test_a_full_plan_says_so_however_one_more_hop_is_asked_for(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        lane, prompt = creator.window.film.cards, creator.form.fields.prompt.edit
        QApplication.clipboard().setText("\n".join(f"hop {n}" for n in range(MOST_HOPS)))
        creator.presses(lane, Qt.Key.Key_V, CTRL)
        await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == MOST_HOPS, "all of them")
        lane.setCurrentIndex(lane.cards.index(1, 0))
        creator.writes("One more")
        lane.act(Act.DUPLICATE)
        assert creator.banners().count("A plan holds 400 hops") == 1
        creator.form.foot.plan.trigger()
        assert creator.banners().count("A plan holds 400 hops") == 2
        lane.hop_added.emit()
        assert len(cards(creator, CardKind.PLANNED)) == MOST_HOPS
        assert prompt.toPlainText() == "One more", "what was written stays"
