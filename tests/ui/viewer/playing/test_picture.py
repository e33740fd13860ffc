"""The stage keeps the film's shape, makes images only when they are painted, and says what it shows."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.ui.theme import colours
from kling_desktop.ui.viewer.playing.picture import Notice, Picture


def still(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    return image


@pytest.fixture
def picture(qtbot: QtBot) -> Picture:
    made = Picture()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


@pytest.mark.parametrize(
    ("size", "rect"),
    [
        ((160, 90), QRect(0, 37, 400, 225)),
        ((90, 160), QRect(116, 0, 168, 300)),
        ((3840, 2160), QRect(0, 37, 400, 225)),
        ((50, 50), QRect(50, 0, 300, 300)),
    ],
)
def test_the_film_keeps_its_shape_in_the_middle(picture: Picture, size: tuple[int, int], rect: QRect) -> None:
    picture.show_still(still(*size))
    assert picture.film_rect.size() == rect.size()
    assert (picture.film_rect.center() - rect.center()).manhattanLength() <= 2


def test_film_is_painted_and_the_rest_is_dark(picture: Picture) -> None:
    picture.show_still(still(160, 90))
    image = picture.grab().toImage()
    assert image.pixelColor(200, 150).name() == "#ff00ff"
    assert image.pixelColor(200, 5).name() == colours().stage


def test_frames_that_are_never_painted_are_never_made(picture: Picture) -> None:
    made: list[int] = []

    def frame(number: int) -> QImage:
        made.append(number)
        return still(16, 9)

    for number in range(10):
        picture.show_frame(partial(frame, number))
    picture.grab()
    picture.grab()
    assert made == [9]


def test_a_notice_is_read_by_a_screen_reader_too(picture: Picture) -> None:
    picture.say(Notice("Broken", "Try again", "warning"))
    picture.badge("from afar")
    assert picture.accessibleDescription() == "Broken Try again from afar"
    picture.say(None)
    picture.badge("")
    assert picture.accessibleDescription() == ""


@pytest.mark.parametrize("size", [(240, 135), (480, 270), (1600, 900)])
def test_a_notice_dims_the_film_and_stays_on_the_stage(picture: Picture, size: tuple[int, int]) -> None:
    picture.resize(*size)
    picture.show_still(still(160, 90))
    picture.say(Notice("Broken " * 8, "Try again. " * 12, "warning"))
    image = picture.grab().toImage()
    edge = {image.pixelColor(x, y).name() for x in (1, size[0] - 2) for y in range(0, size[1], 3)}
    assert len(edge) <= 2  # no letter reaches the edge
    assert image.pixelColor(1, size[1] // 2).lightness() < 80


def test_a_wheel_tells_its_notches(picture: Picture, qtbot: QtBot, qapp: QApplication) -> None:
    none = Qt.KeyboardModifier.NoModifier
    at, by = QPointF(9, 9), QPoint(0, -240)
    turn = QWheelEvent(at, at, QPoint(), by, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False)
    with qtbot.waitSignal(picture.wheel_turned) as caught:
        qapp.sendEvent(picture, turn)
    assert caught.args == [-2]
