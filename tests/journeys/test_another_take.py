"""Another take of a hop that a plan has made, with other words: asked at its card, sent by the keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.journeys.conftest import Start
from tests.journeys.test_plan import made, paste, pick_first_clip

WORDS = "The boat turns"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.timeout(60)
async def test_other_words_for_a_hop_of_a_plan_that_has_run_are_sent_by_the_keys(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, WORDS)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: made(creator)[1:] == [WORDS], "the hop in the film")
        creator.window.activateWindow()  # the picker took it, and a bare virtual screen does not give it back
        await creator.sees(creator.window.isActiveWindow, "the window in front")
        lane, prompt = creator.window.film.cards, creator.form.fields.prompt.edit
        creator.clicks(lane.viewport(), lane.visualRect(lane.model().index(1, 0)).center())
        creator.presses(lane, Qt.Key.Key_E, SHIFT)
        await creator.sees(lambda: prompt.toPlainText() == WORDS, "the words of the hop")
        creator.writes("A heron lands")
        creator.presses(prompt, Qt.Key.Key_Return, CTRL)
        await creator.sees(lambda: creator.ask("audit")["totals"]["created"] == 2, "it to be sent", 15)
