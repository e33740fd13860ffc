"""The compared films are painted pixel by pixel as their mode says."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.compare.compare_stage import Label, Mode, Stage, difference

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)


def plain(colour: QColor, width: int = 160, height: int = 90) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    made.resize(640, 360)
    show(made, RED, BLUE)
    made.show()
    return made


def show(stage: Stage, *colours: QColor) -> None:
    images = [plain(colour) for colour in colours]
    stage.show_frames([partial(QImage, image) for image in images])
    stage.show_films(range(len(images)), [Label("", is_marked=False)] * len(images))


def at(stage: Stage, x: int, y: int) -> QColor:
    return stage.grab().toImage().pixelColor(x, y)


def test_two_stand_side_by_side_and_four_in_a_square(stage: Stage) -> None:
    assert (at(stage, 160, 180), at(stage, 480, 180)) == (RED, BLUE)
    show(stage, RED, BLUE, BLUE, RED)
    corners = [at(stage, x, y) for y in (90, 270) for x in (160, 480)]
    assert corners == [RED, BLUE, BLUE, RED]


def test_upright_films_stand_beside_each_other(stage: Stage) -> None:
    images = [plain(RED, 90, 160)] * 4
    stage.show_frames([lambda: images[0]] * 4)
    stage.show_films(range(4), [Label("")] * 4)
    assert {stage.film_rect(number).top() for number in range(4)} == {stage.film_rect(0).top()}


def test_the_wipe_has_one_film_on_each_side_of_its_line(stage: Stage) -> None:
    stage.set_mode(Mode.WIPE)
    assert (at(stage, 310, 40), at(stage, 330, 40)) == (RED, BLUE)
    QTest.mousePress(stage, Qt.MouseButton.LeftButton, pos=QPoint(320, 200))
    QTest.mouseMove(stage, QPoint(160, 200))
    QTest.mouseRelease(stage, Qt.MouseButton.LeftButton, pos=QPoint(160, 200))
    assert stage.split == pytest.approx(0.25, abs=0.01)
    assert (at(stage, 150, 40), at(stage, 170, 40)) == (RED, BLUE)


def test_the_wipes_line_stays_in_the_film(stage: Stage) -> None:
    stage.set_mode(Mode.WIPE)
    stage.set_split(7)
    assert stage.split == 1
    assert at(stage, 600, 40) == RED


def test_the_overlay_shows_half_of_each(stage: Stage) -> None:
    stage.set_mode(Mode.OVERLAY)
    seen = at(stage, 320, 300)
    assert abs(seen.red() - 100) <= 2
    assert abs(seen.blue() - 100) <= 2


def test_the_difference_is_black_where_both_are_the_same_and_amplified_elsewhere() -> None:
    size = QSize(160, 90)
    assert difference(plain(RED), plain(RED), size).pixelColor(80, 45) == QColor(0, 0, 0)
    off = difference(plain(QColor(100, 50, 20)), plain(QColor(90, 55, 20)), size).pixelColor(80, 45)
    assert (off.red(), off.green(), off.blue()) == (40, 20, 0)
    assert difference(plain(RED), plain(BLUE), size).pixelColor(80, 45) == QColor(255, 0, 255)


def test_the_difference_of_the_pair_is_on_the_stage(stage: Stage) -> None:
    stage.set_mode(Mode.DIFFERENCE)
    assert at(stage, 320, 300) == QColor(255, 0, 255)
    show(stage, RED, RED)
    assert at(stage, 320, 300) == QColor(0, 0, 0)


@pytest.mark.parametrize("mode", Mode)
def test_a_film_that_is_shown_alone_fills_the_stage(stage: Stage, mode: Mode) -> None:
    stage.set_mode(mode)
    stage.show_films([1], [Label(""), Label("")])
    assert (at(stage, 20, 180), at(stage, 620, 180)) == (BLUE, BLUE)


def test_a_click_chooses_the_film_under_it(stage: Stage, qtbot: QtBot) -> None:
    stage.show_films([1, 0], [Label(""), Label("")])
    with qtbot.waitSignal(stage.chosen) as told:
        QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(100, 180))
    assert told.args == [1]


def test_films_that_have_not_come_leave_the_stage_dark(stage: Stage) -> None:
    stage.show_frames([None, None])
    stage.clear()
    for mode in Mode:
        stage.set_mode(mode)
        assert at(stage, 320, 90).lightness() < 40


def test_while_films_play_one_picture_is_made_a_turn_and_a_set_is_seen_as_a_whole(stage: Stage, qtbot: QtBot) -> None:
    seen = [(at(stage, 160, 180), at(stage, 480, 180))]
    made, painted = list[str](), [stage.image(0)]

    def make(name: str, colour: QColor) -> QImage:
        made.append(name)
        painted.append(stage.image(0))  # what is seen while the set is being made
        return plain(colour)

    stage.show_frames([partial(make, "A", BLUE), partial(make, "B", RED)], quick=True)
    stage.show_frames([partial(make, "too soon", RED), partial(make, "too soon", RED)], quick=True)
    assert made == []
    qtbot.waitUntil(lambda: stage.image(0).pixelColor(0, 0) == BLUE)
    assert made == ["A", "B"]
    assert {image.pixelColor(0, 0).name() for image in painted} == {RED.name()}
    seen.append((at(stage, 160, 180), at(stage, 480, 180)))
    assert seen == [(RED, BLUE), (BLUE, RED)]


def test_while_films_play_a_hidden_one_costs_nothing(stage: Stage, qtbot: QtBot) -> None:
    made = list[int]()

    def make(number: int) -> QImage:
        made.append(number)
        return plain(BLUE)

    stage.show_films([1], [Label("")] * 2)
    stage.show_frames([partial(make, 0), partial(make, 1)], quick=True)
    qtbot.waitUntil(lambda: bool(made))
    stage.set_mode(Mode.DIFFERENCE)
    stage.show_films([1, 0], [Label("")] * 2)
    qtbot.waitUntil(lambda: not stage._coming)
    assert made == [1]
    stage.show_frames([partial(make, 0), partial(make, 1)])
    stage.grab()
    assert sorted(made[1:]) == [0, 1]
