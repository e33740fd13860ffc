"""The seam at hand is told by shape, number and word, with the ways to its neighbours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.theme.tokens import DARK
from kling_desktop.ui.viewer.seam_place import SeamPlace


def test_it_says_which_seam_and_goes_on_from_there(qtbot: QtBot) -> None:
    place = SeamPlace()
    qtbot.addWidget(place)
    place.show_seam(2, 4, Shape.BAD, "colour shifts", "V")
    place.adjustSize()
    assert place.words == "Seam 2 of 4: colour shifts"
    assert place.face.text() == "Seam 2 of 4"
    image = place.face.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert QColor(DARK.bad).name() in colours
    with qtbot.waitSignal(place.asked):
        QTest.mouseClick(place.face, Qt.MouseButton.LeftButton)
    for button, steps in ((place.back, -1), (place.forward, 1)):
        with qtbot.waitSignal(place.stepped) as heard:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert heard.args == [steps]


def test_before_the_first_seam_it_says_how_many_there_are(qtbot: QtBot) -> None:
    place = SeamPlace()
    qtbot.addWidget(place)
    place.show_seam(0, 3, Shape.CLEAN, "clean", "V")
    assert place.words == "3 seams"
    assert not place.back.isEnabled()


def test_without_seams_it_says_why_or_is_not_there(qtbot: QtBot) -> None:
    place = SeamPlace()
    qtbot.addWidget(place)
    place.say("Looking for the seams…")
    place.show()
    assert place.words == "Looking for the seams…"
    assert place.back.isHidden()
    place.say("")
    assert place.isHidden()


def test_words_that_do_not_fit_end_in_dots_before_the_rim(qtbot: QtBot) -> None:
    place = SeamPlace()
    qtbot.addWidget(place)
    place.show_seam(2, 4, Shape.BAD, "colour shifts", "V")
    place.face.setFixedSize(70, 24)
    image = place.face.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    rim = [image.pixelColor(image.width() - x, y) for x in (1, 2, 3, 4, 5) for y in range(image.height())]
    assert set(map(QColor.name, rim)) == {ground.name()}


def test_where_the_words_have_no_room_the_numbers_stand_alone(qtbot: QtBot) -> None:
    narrow, short = SeamPlace(), SeamPlace()
    for place in (narrow, short):
        qtbot.addWidget(place)
        place.face.setFixedSize(70, 24)
        place.show_seam(2, 4, Shape.BAD, "colour shifts", "V")
    short.face.show_words("2 / 4", Shape.BAD, "", "")
    assert narrow.face.grab().toImage() == short.face.grab().toImage()
    assert narrow.words == "Seam 2 of 4: colour shifts"
