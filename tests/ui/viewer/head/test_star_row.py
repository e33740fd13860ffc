"""Stars are given by click, key and digit, and taken back by the star that stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.theme.tokens import DARK
from kling_desktop.ui.viewer.head.star_row import StarRow


@pytest.fixture
def row(qtbot: QtBot) -> StarRow:
    row = StarRow()
    qtbot.addWidget(row)
    row.show_stars(2)
    row.show()
    row.setFocus()
    return row


@pytest.mark.parametrize(("x", "stars"), [(2, 1), (20, 0), (35, 3), (74, 5)])
def test_a_click_gives_as_many_as_it_points_at_and_takes_back_those_that_stand(
    row: StarRow, qtbot: QtBot, x: int, stars: int
) -> None:
    with qtbot.waitSignal(row.starred) as heard:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert heard.args == [stars]


@pytest.mark.parametrize(("key", "stars"), [(Qt.Key.Key_5, 5), (Qt.Key.Key_0, 0), (Qt.Key.Key_Right, 3)])
def test_digits_and_arrows_give_stars(row: StarRow, qtbot: QtBot, key: Qt.Key, stars: int) -> None:
    with qtbot.waitSignal(row.starred) as heard:
        QTest.keyClick(row, key)
    assert heard.args == [stars]


def test_stars_that_are_there_are_bright(row: StarRow) -> None:
    image = row.grab().toImage()
    given = QColor(DARK.text)
    assert image.pixelColor(8, 12) == image.pixelColor(23, 12) == given
    assert image.pixelColor(8 + 3 * 15, 12) != given


def test_a_screen_reader_hears_a_slider(row: StarRow) -> None:
    spoken = QAccessible.queryAccessibleInterface(row)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Name) == "Stars"
    assert spoken.text(QAccessible.Text.Description) == "2 stars"
