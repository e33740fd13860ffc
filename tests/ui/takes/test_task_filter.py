"""What a chip has chosen is read to its end, in however narrow a rail."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.takes.task_filter import TaskFilter

NARROW, USUAL = 275, 280
"""The rail at its usual width has room for what nothing is chosen in."""


def test_at_the_usual_width_all_chips_stand_on_one_line(qtbot: QtBot) -> None:
    sifter = TaskFilter()
    qtbot.addWidget(sifter)
    sifter.resize(USUAL, sifter.sizeHint().height())
    sifter.show()
    qtbot.waitUntil(lambda: sifter.stars.y() == sifter.states.y())
    assert sifter.width() == USUAL


@pytest.mark.parametrize("width", [NARROW, USUAL, 600])
def test_no_chip_is_cut_when_much_is_chosen(qtbot: QtBot, width: int) -> None:
    sifter = TaskFilter()
    qtbot.addWidget(sifter)
    sifter.resize(width, sifter.sizeHint().height())
    sifter.show()
    sifter.pick_dying()
    sifter.resize(width, sifter.sizeHint().height())
    qtbot.waitUntil(lambda: sifter.states.width() >= sifter.states.sizeHint().width())
    chips = (sifter.states, sifter.verdicts, sifter.stars)
    assert [chip.width() >= chip.sizeHint().width() for chip in chips] == [True] * 3
    assert (sifter.stars.y() > sifter.states.y()) is (width <= USUAL)
    sifter.clear()
    qtbot.waitUntil(lambda: sifter.stars.y() == sifter.states.y())
