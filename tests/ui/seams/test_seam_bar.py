"""The chips: that a bad seam is told apart by colour, shape and words, and that keys walk along them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.seams.seam_bar import SeamBar


def seam(hop: int, *meters: Meter, prompt: str = "") -> Seam:
    return Seam(hop, hop * 100, hop * 100 / 24, 1.0, prompt, meters or CLEAN)


CLEAN = tuple(Meter(measure, 0.0, 0.0, Verdict.CLEAN) for measure in Measure)
SHIFTED = Meter(Measure.COLOUR, 4.2, 0.8, Verdict.BAD)
DARKER = Meter(Measure.BRIGHTNESS, -3.0, 0.3, Verdict.SLIGHT)
FILM = (seam(1), seam(2, SHIFTED, prompt="Snow falls"), seam(3, DARKER), seam(4), seam(5))


@pytest.fixture
def bar(qtbot: QtBot) -> SeamBar:
    made = SeamBar()
    qtbot.addWidget(made)
    made.resize(1100, 40)
    made.show_seams(FILM)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def test_each_seam_has_a_chip_that_says_the_worst_of_it(bar: SeamBar) -> None:
    said = [chip.accessibleName() for chip in bar.chips]
    assert said == [
        "Seam 1 · 0:04.1 · clean",
        "Seam 2 · 0:08.3 · colour shifts",
        "Seam 3 · 0:12.5 · a little darker",
        "Seam 4 · 0:16.6 · clean",
        "Seam 5 · 0:20.8 · clean",
    ]
    assert "Snow falls" in bar.chips[1].toolTip()


def test_a_bad_chip_is_filled_and_a_clean_one_is_not(bar: SeamBar) -> None:
    def middle_top(at: int) -> str:
        chip = bar.chips[at]
        return chip.grab().toImage().pixelColor(chip.width() // 2, 6).name()

    assert middle_top(1) != middle_top(0) == middle_top(3)
    assert len({seam_words.SHAPES[verdict] for verdict in Verdict}) == len(Verdict), "not by colour alone"


@pytest.mark.parametrize("width", [1400, 700, 520, 380])
def test_what_is_wrong_is_said_in_any_room(bar: SeamBar, width: int, qtbot: QtBot) -> None:
    bar.resize(width, 40)
    qtbot.waitUntil(lambda: bar.width() == width)
    assert "colour shifts" in bar.chips[1].text()
    assert "2" in bar.chips[1].text()
    assert bar.chips[0].text().startswith("Seam 1") is (width == 1400)


def test_the_button_opens_the_worst(bar: SeamBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.opened) as opened:
        QTest.mouseClick(bar.worst, Qt.MouseButton.LeftButton)
    assert opened.args == [1]


def test_a_clean_film_has_no_worst_seam(bar: SeamBar) -> None:
    bar.show_seams((seam(1), seam(2)))
    assert not bar.worst.isVisible()


def test_arrows_walk_and_enter_opens(bar: SeamBar, qtbot: QtBot) -> None:
    chosen: list[int] = []
    bar.chosen.connect(chosen.append)
    bar.chips[0].setFocus()
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Down)
    QTest.keyClick(bar.chips[1], Qt.Key.Key_Right)
    QTest.keyClick(bar.chips[2], Qt.Key.Key_Up)
    QTest.keyClick(bar.chips[1], Qt.Key.Key_End)
    assert chosen == [1, 2, 1, 4]
    assert bar.chips[4].hasFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(bar.opened) as opened:
            QTest.keyClick(bar.chips[4], key)
        assert opened.args == [4]


def test_forty_seams_are_scrolled_to(bar: SeamBar) -> None:
    bar.show_seams(tuple(seam(hop) for hop in range(1, 41)))
    bar.mark(39)
    last = bar.chips[39]
    assert last.visibleRegion().boundingRect().width() == last.width()


def test_it_is_gone_without_seams_and_says_that_it_looks(bar: SeamBar) -> None:
    bar.clear()
    assert not bar.isVisible()
    bar.say("Looking for the seams…")
    assert bar.isVisible()
    assert bar.chips == []


def test_a_seam_that_could_not_be_measured_says_so() -> None:
    unmeasured = Seam(1, 100, 4.1, 0.2)
    assert seam_words.verdict_word(unmeasured) == "not measured"
    assert seam_words.worst_seam((unmeasured,)) is None


@pytest.mark.parametrize(
    ("meter", "number", "word"),
    [
        (SHIFTED, "ΔE 4.2", "colour shifts"),
        (DARKER, "−3 %", "a little darker"),
        (Meter(Measure.BRIGHTNESS, 9.4, 0.9, Verdict.BAD), "+9 %", "gets brighter"),
        (Meter(Measure.SHARPNESS, -40.0, 0.7, Verdict.BAD), "−40 %", "gets softer"),
        (Meter(Measure.SHARPNESS, 20.0, 0.3, Verdict.SLIGHT), "+20 %", "a little sharper"),
        (Meter(Measure.BRIGHTNESS, -0.2, 0.0, Verdict.CLEAN), "0 %", "steady"),
        (Meter(Measure.MOTION, 2.34, 0.6, Verdict.BAD), "× 2.3", "motion jumps"),
        (Meter(Measure.FREEZE, 6.0, 1.0, Verdict.BAD), "6 frames", "freezes"),
    ],
)
def test_numbers_and_words_of_the_meters(meter: Meter, number: str, word: str) -> None:
    assert (seam_words.meter_number(meter), seam_words.meter_word(meter)) == (number, word)


def test_the_worse_of_two_bad_seams_is_the_worst() -> None:
    worse = Meter(Measure.FREEZE, 9.0, 1.0, Verdict.BAD)
    assert seam_words.worst_seam((seam(1, SHIFTED), seam(2, worse, SHIFTED), seam(3, DARKER))) == 1
