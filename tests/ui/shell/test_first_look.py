"""The first look is read as it was kept, and paints grounds where the panels will stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kling_desktop.ui.shell.first_look import GROUND, FirstLook, Patch, from_text, to_text

PATCHES = (Patch(QRect(0, 0, 200, 100), "#1a1a1a"), Patch(QRect(50, 20, 60, 40), "#0f0f0f"))


def test_what_is_kept_is_read_again() -> None:
    assert from_text(to_text("AdnQ", PATCHES)) == ("AdnQ", PATCHES)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"geometry": "x"}', '{"geometry": "", "grounds": [[1, 2]]}'])
def test_what_is_not_understood_is_a_first_start(text: str) -> None:
    assert from_text(text) == ("", ())


def test_grounds_are_painted_where_they_are_and_the_undermost_everywhere(qtbot: QtBot) -> None:
    look = FirstLook(PATCHES)
    qtbot.addWidget(look)
    look.resize(300, 200)
    picture = look.grab().toImage()
    assert picture.pixelColor(60, 30) == QColor("#0f0f0f")
    assert picture.pixelColor(290, 190) == picture.pixelColor(10, 10) == QColor("#1a1a1a")


def test_a_first_start_has_the_ground_of_the_dark_room(qtbot: QtBot) -> None:
    look = FirstLook()
    qtbot.addWidget(look)
    look.resize(30, 20)
    assert look.grab().toImage().pixelColor(5, 5) == QColor(GROUND)
