"""A time or a frame that is typed is understood as people write it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.go_to import GoTo, place_of
from kling_desktop.ui.viewer.playing.frame_clock import FrameClock

FILM = FrameClock(130.0, 24.0)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("7", 7),
        ("7.5", 7.5),
        ("7,5 s", 7.5),
        ("1:02", 62),
        ("1:02.25", 62.25),
        ("0:01:15", 75),
        (" 0 ", 0),
        ("130", 130),
    ],
)
def test_times(typed: str, seconds: float) -> None:
    assert place_of(typed, FILM) == pytest.approx(seconds)


@pytest.mark.parametrize(("typed", "index"), [("f1", 0), ("#120", 119), ("f 3120", 3119), ("48F", 47)])
def test_frames_are_counted_from_one(typed: str, index: int) -> None:
    place = place_of(typed, FILM)
    assert place is not None
    assert FILM.index(place) == index


@pytest.mark.parametrize("typed", ["", "soon", "1:2:3:4", "-1", "131", "9:99:99", "f0", "f3121", "1e3", "½", "f"])
def test_what_is_no_place_in_the_film(typed: str) -> None:
    assert place_of(typed, FILM) is None


def test_a_film_without_a_frame_rate_has_no_frames() -> None:
    assert place_of("f1", FrameClock(10.0)) is None


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[GoTo]:
    stage = QWidget()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    made = GoTo(stage)
    stage.show()
    qtbot.waitExposed(stage)
    made.open(FILM)
    yield made
    stage.close()


def test_enter_goes_there_and_closes_it(line: GoTo, qtbot: QtBot) -> None:
    QTest.keyClicks(line.field, "1:02.5")
    assert line.verdict.text() == "1:02.5 · frame 1501"
    with qtbot.waitSignal(line.left), qtbot.waitSignal(line.chosen) as caught:
        QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert caught.args == [62.5]
    assert line.isHidden()


def test_a_place_beyond_the_film_stays_to_be_corrected(line: GoTo, qtbot: QtBot) -> None:
    QTest.keyClicks(line.field, "9:00")
    with qtbot.assertNotEmitted(line.chosen):
        QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert (line.verdict.text(), line.isHidden()) == ("not in this film", False)
    QTest.keyClick(line.field, Qt.Key.Key_Escape)
    assert line.isHidden()
