"""A button of the head says its word and key, and is framed while what it does holds."""

from __future__ import annotations

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kling_desktop.ui.theme.tokens import DARK
from kling_desktop.ui.viewer.head.act_button import ActButton


def test_the_key_is_taught_and_the_name_is_the_word_alone(qtbot: QtBot) -> None:
    button = ActButton("Pick", "check", "P")
    qtbot.addWidget(button)
    assert button.toolTip() == "Pick (P)"
    assert button.accessibleName() == "Pick"
    wide = button.sizeHint().width()
    button.say("Pick")
    assert button.sizeHint().width() < wide


def test_in_a_narrow_head_only_the_sign_is_left(qtbot: QtBot) -> None:
    button = ActButton("Pick", "check", "P")
    qtbot.addWidget(button)
    button.set_short(True)
    assert button.sizeHint().width() == 8 + 14 + 8
    assert button.accessibleName() == "Pick"


def test_what_holds_is_framed(qtbot: QtBot) -> None:
    button = ActButton("Pick", "check", checkable=True)
    qtbot.addWidget(button)
    button.adjustSize()

    def framed() -> bool:
        image = button.grab().toImage()
        return any(image.pixelColor(x, 0) == QColor(DARK.accent) for x in range(image.width()))

    assert not framed()
    button.setChecked(True)
    assert framed()
