"""Shapes turn in steps while they can be seen, and never where calm is asked for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import TURN_MS, TURNS
from kling_desktop.ui.painted.turning import Turning


def test_it_beats_round_while_its_widget_is_shown(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    turning = Turning(widget)
    steps: list[int] = []
    turning.turned.connect(steps.append)
    with qtbot.assertNotEmitted(turning.turned, wait=2 * TURN_MS):
        pass
    widget.show()
    qtbot.waitUntil(lambda: len(steps) >= TURNS)
    assert steps[:TURNS] == [*range(1, TURNS), 0]
    widget.hide()
    with qtbot.assertNotEmitted(turning.turned, wait=2 * TURN_MS):
        pass


def test_it_rests_where_calm_is_asked_for(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    turning = Turning(widget)
    turning.moves = False
    widget.show()
    with qtbot.assertNotEmitted(turning.turned, wait=2 * TURN_MS):
        pass
