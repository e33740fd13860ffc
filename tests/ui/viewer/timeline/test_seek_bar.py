"""The bar follows the film, and takes it where the hand goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.timeline.seam_marks import SeamMark
from kling_desktop.ui.viewer.timeline.seek_bar import SeekBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> SeekBar:
    made = SeekBar()
    qtbot.addWidget(made)
    made.resize(216, 24)  # 200 pixels of groove
    made.set_length(10.0)
    made.show()
    return made


def test_a_click_jumps_there(bar: SeekBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.sought) as caught:
        QTest.mouseClick(bar, LEFT, pos=QPoint(8 + 100, 12))
    assert caught.args == [pytest.approx(5.0)]


def test_a_drag_holds_the_handle_against_the_film(bar: SeekBar, qtbot: QtBot) -> None:
    with qtbot.waitSignals([bar.scrub_began, bar.sought]):
        QTest.mousePress(bar, LEFT, pos=QPoint(8 + 20, 12))
    bar.set_position(9.0)
    assert bar.value() == 1000
    with qtbot.waitSignal(bar.scrub_ended):
        QTest.mouseRelease(bar, LEFT, pos=QPoint(8 + 20, 12))
    bar.set_position(9.0)
    assert bar.value() == 9000


@pytest.mark.parametrize(("x", "seconds"), [(-50, 0.0), (500, 10.0)])
def test_beyond_its_ends_it_stays_in_the_film(bar: SeekBar, qtbot: QtBot, x: int, seconds: float) -> None:
    QTest.mousePress(bar, LEFT, pos=QPoint(50, 12))
    with qtbot.waitSignal(bar.sought) as caught:
        QTest.mouseMove(bar, QPoint(x, 12))
    assert caught.args == [seconds]
    QTest.mouseRelease(bar, LEFT)


def test_page_keys_go_five_seconds(bar: SeekBar, qtbot: QtBot) -> None:
    bar.set_position(2.0)
    with qtbot.waitSignal(bar.sought) as caught:
        QTest.keyClick(bar, Qt.Key.Key_PageUp)
    assert caught.args == [pytest.approx(7.0)]


@pytest.mark.expects_qt("not accepted by receiving widget")  # by QTest itself: the bar is switched off
def test_without_a_film_it_goes_nowhere(bar: SeekBar, qtbot: QtBot) -> None:
    bar.set_length(0.0)
    with qtbot.assertNotEmitted(bar.sought):
        QTest.mouseClick(bar, LEFT, pos=QPoint(50, 12))
    assert not bar.isEnabled()


def test_the_tooltip_tells_the_hop_and_its_prompt(bar: SeekBar) -> None:
    assert bar.said_at(3.0) == "0:03.0"
    bar.show_seams((SeamMark(72, 3.0, "A boat\nsails in"), SeamMark(120, 5.0, "")))
    assert bar.said_at(2.9) == "0:02.9 · first clip"
    assert bar.said_at(3.0) == "0:03.0 · hop 1: A boat sails in"
    assert bar.said_at(9.0) == "0:09.0 · hop 2"


def test_seams_and_range_are_painted(bar: SeekBar) -> None:
    plain = bar.grab().toImage()
    bar.show_seams((SeamMark(120, 5.0, ""),))
    assert bar.grab().toImage().pixelColor(108, 8) != plain.pixelColor(108, 8)
    bar.show_range(2.5, None)
    assert bar.grab().toImage().pixelColor(58, 8) != plain.pixelColor(58, 8)
    assert bar.grab().toImage().pixelColor(158, 8) == plain.pixelColor(158, 8)
