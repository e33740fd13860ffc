"""Another take of a hop that a plan has made, with other words: asked at its card, sent by the keys, and put back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kling_desktop.ui.shell.toasts import Toast
from tests.journeys.conftest import Start
from tests.journeys.films.lane import TWO, made, paste, pick_first_clip

FIRST, SECOND = TWO.splitlines()
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.timeout(60)
async def test_other_words_for_a_hop_of_a_plan_that_has_run_are_sent_by_the_keys(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, TWO)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: made(creator)[1:] == [FIRST, SECOND], "the hops in the film")
        creator.window.activateWindow()  # the picker took it, and a bare virtual screen does not give it back
        await creator.sees(creator.window.isActiveWindow, "the window in front")
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
