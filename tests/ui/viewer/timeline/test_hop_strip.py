"""The strip goes where it is clicked, opens seams, and shows what is cut out of the film."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.theme.tokens import DARK
from kling_desktop.ui.viewer.timeline.hop_strip import HopStrip, SeamMark
from tests.gallery.lantern_lake import BAD_MARKS, MARKS, SEAMS, SECONDS


@pytest.fixture
def strip(qtbot: QtBot) -> HopStrip:
    strip = HopStrip()
    qtbot.addWidget(strip)
    strip.resize(838, 72)
    strip.show_film(SECONDS, MARKS, 4)
    strip.show()
    qtbot.waitExposed(strip)
    return strip


def _x(seconds: float) -> int:
    return round(12 + seconds / SECONDS * 814)


def test_a_click_on_the_stills_goes_there(strip: HopStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.sought) as heard:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(_x(12), 40))
    assert heard.args == [pytest.approx(12, abs=0.05)]
    with qtbot.assertNotEmitted(strip.sought):
        strip.stand_at(3)


def test_a_click_on_a_mark_opens_its_seam(strip: HopStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.seam_opened) as heard:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(_x(SEAMS[2]), 10))
    assert heard.args == [3]


def test_up_and_down_go_from_seam_to_seam(strip: HopStrip) -> None:
    heard: list[int] = []
    strip.seam_opened.connect(heard.append)
    strip.stand_at(20)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(strip, key)
    assert heard == [4, 3, 4], "there is none after the last"


def test_a_bad_mark_adds_its_word_and_is_wider(strip: HopStrip) -> None:
    place = QPointF(_x(SEAMS[3]) - 24, 10)
    assert strip.mark_at(place) is None
    strip.show_film(SECONDS, BAD_MARKS, 4)
    mark = strip.mark_at(place)
    assert mark is not None
    assert mark.shape is Shape.BAD
    image = strip.grab().toImage()
    colours = {image.pixelColor(x, 4).name() for x in range(_x(SEAMS[3]) - 24, _x(SEAMS[3]) + 24)}
    assert QColor(DARK.badbg).name() in colours


def test_a_mark_at_the_very_edge_stays_in_sight(strip: HopStrip) -> None:
    marks = [SeamMark(0.0, Shape.BAD, 1, "brightness"), SeamMark(10.0, Shape.BAD, 2, "brightness")]
    strip.show_film(10, marks)
    assert all(strip.rect().contains(strip._mark_box(mark)) for mark in marks)


def test_what_lies_outside_the_range_is_dimmed(strip: HopStrip, qtbot: QtBot, tmp_path: Path) -> None:
    sheet = QImage(140, 44, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#ffffff"))
    sheet.save(str(tmp_path / "sheet.png"))
    strip.stills.show(tmp_path / "sheet.png", 2)
    qtbot.waitUntil(lambda: strip.stills.there)
    strip.show_range(10, 15)
    image = strip.grab().toImage()
    inside, outside = image.pixelColor(_x(12), 40).lightness(), image.pixelColor(_x(17), 40).lightness()
    assert inside == 255
    assert outside == pytest.approx(255 * 0.62, abs=3)
    assert image.pixelColor(_x(17), 40) == image.pixelColor(_x(2), 40)
    strip.show_range(None, None)
    assert strip.grab().toImage().pixelColor(_x(17), 40).lightness() == 255


def test_hops_are_tinted_below_and_the_judged_one_wears_the_accent(strip: HopStrip) -> None:
    image = strip.grab().toImage()
    assert image.pixelColor(_x(2), 66) == QColor(DARK.tint1)
    assert image.pixelColor(_x(7), 66) == QColor(DARK.tint2)
    assert image.pixelColor(_x(21), 66) == QColor(DARK.accent)


def test_a_screen_reader_hears_the_seams_of_a_slider(strip: HopStrip) -> None:
    spoken = QAccessible.queryAccessibleInterface(strip)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Name) == "Filmstrip"
    assert "seam 3: slightly visible" in spoken.text(QAccessible.Text.Description)


@pytest.mark.expects_qt("not accepted by receiving widget")  # by QTest itself: the strip is switched off
def test_an_empty_strip_can_be_painted_and_clicked(qtbot: QtBot) -> None:
    strip = HopStrip()
    qtbot.addWidget(strip)
    strip.resize(60, 72)
    strip.show_film(0, [])
    strip.grab()
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(30, 40))
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert strip.value() == 0


def test_a_drag_holds_the_place_against_the_film(strip: HopStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignals([strip.scrub_began, strip.sought]):
        QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(_x(2), 40))
    strip.stand_at(9.0)
    assert strip.value() == pytest.approx(2000, abs=30)
    with qtbot.waitSignal(strip.sought) as caught:
        QTest.mouseMove(strip, QPoint(2000, 40))
    assert caught.args == [pytest.approx(SECONDS, abs=0.001)], "beyond its end it stays in the film"
    with qtbot.waitSignal(strip.scrub_ended):
        QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(_x(2), 40))
    strip.stand_at(9.0)
    assert strip.value() == 9000


def test_page_keys_go_five_seconds(strip: HopStrip, qtbot: QtBot) -> None:
    strip.stand_at(2.0)
    with qtbot.waitSignal(strip.sought) as caught:
        QTest.keyClick(strip, Qt.Key.Key_PageUp)
    assert caught.args == [pytest.approx(7.0)]


def test_the_tooltip_tells_the_hop_and_its_prompt(strip: HopStrip) -> None:
    strip.show_film(10, [])
    assert strip.said_at(3.0) == "0:03.0"
    marks = [SeamMark(3.0, Shape.CLEAN, 1, prompt="A boat\nsails in"), SeamMark(5.0, Shape.CLEAN, 2)]
    strip.show_film(10, marks)
    assert strip.said_at(2.9) == "0:02.9 · first clip"
    assert strip.said_at(3.0) == "0:03.0 · hop 1: A boat sails in"
    assert strip.said_at(9.0) == "0:09.0 · hop 2"


def test_where_the_stage_is_low_the_stills_give_way(strip: HopStrip) -> None:
    tall = strip.height()
    strip.set_slim(True)
    assert strip.height() < tall / 2
    strip.grab()
    strip.set_slim(False)
    assert strip.height() == tall


def test_only_the_mark_that_is_set_is_bracketed(strip: HopStrip) -> None:
    plain = strip.grab().toImage()
    strip.show_range(10, None)
    image = strip.grab().toImage()
    assert image.pixelColor(_x(5), 40) != plain.pixelColor(_x(5), 40)
    assert image.pixelColor(_x(22), 40) == plain.pixelColor(_x(22), 40)


def test_a_seam_that_is_only_about_there_is_dashed_and_says_so(strip: HopStrip) -> None:
    x = 412  # a whole pixel, so that nothing is smoothed

    def line(doubtful: bool) -> list[bool]:
        strip.show_marks([SeamMark((x - 12) / 814 * SECONDS, Shape.SLIGHT, 1, "about here", is_doubtful=doubtful)])
        image = strip.grab().toImage()
        return [image.pixelColor(x, y).lightness() > 200 for y in range(26, 60)]

    assert all(line(doubtful=False))
    assert any(line(doubtful=True))
    assert not all(line(doubtful=True))
    assert strip._mark_words(strip.marks[0]) == "1 about here"


def test_marks_in_doubt_say_so_in_words_where_these_hide_no_other_mark(strip: HopStrip) -> None:
    def whole(apart: float) -> list[bool]:
        places = (10.0, 10.0 + apart)
        strip.show_marks([SeamMark(at, Shape.CLEAN, n, "about here", is_doubtful=True) for n, at in enumerate(places)])
        return [(mark := strip.mark_at(QPointF(_x(at), 10))) is not None and mark.seconds == at for at in places]

    assert whole(apart=SECONDS / 20) == [True, True]
    assert strip.mark_at(QPointF(_x(10.0) - 30, 10)) is None, "without its words it is narrow"
    assert whole(apart=SECONDS / 4) == [True, True]
    assert strip.mark_at(QPointF(_x(10.0) - 30, 10)) is not None
