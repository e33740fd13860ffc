"""Shapes turn in steps while they can be seen, and never where calm is asked for."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import TURN_MS, TURNS
from kling_desktop.ui.painted.turning import Turning


class _Painted(QWidget):
    """Paints a shape that turns, until it has none any more."""

    def __init__(self) -> None:
        super().__init__()
        self.turning = Turning(self)
        self.turning.turned.connect(lambda _: self.update())
        self.has_shape = True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt names it
        if self.has_shape:
            self.turning.go_on()


def test_it_beats_round_while_its_widget_is_shown(qtbot: QtBot) -> None:
    widget = _Painted()
    qtbot.addWidget(widget)
    steps: list[int] = []
    widget.turning.turned.connect(steps.append)
    with qtbot.assertNotEmitted(widget.turning.turned, wait=2 * TURN_MS):
        pass
    widget.show()
    qtbot.waitUntil(lambda: len(steps) >= TURNS)
    assert steps[:TURNS] == [*range(1, TURNS), 0]
    widget.hide()
    with qtbot.assertNotEmitted(widget.turning.turned, wait=2 * TURN_MS):
        pass


def test_it_rests_while_nothing_turns_and_goes_on_when_something_does_again(qtbot: QtBot) -> None:
    widget = _Painted()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(widget.turning._timer.isActive)
    widget.has_shape = False
    qtbot.waitUntil(lambda: not widget.turning._timer.isActive())
    widget.has_shape = True
    widget.update()
    with qtbot.waitSignal(widget.turning.turned):
        pass


def test_where_calm_is_asked_for_no_shape_turns_but_the_time_beside_it_goes_on(qtbot: QtBot) -> None:
    widget = _Painted()
    qtbot.addWidget(widget)
    widget.turning.moves = False
    steps: list[int] = []
    widget.turning.turned.connect(steps.append)
    widget.show()
    qtbot.waitUntil(lambda: len(steps) >= 2)
    assert set(steps) == {0}
    assert widget.turning._timer.interval() == 1000
