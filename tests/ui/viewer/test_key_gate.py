"""Single keys are free where nobody needs them, and rest where somebody does."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.key_gate import KeyGate, needs


@pytest.mark.parametrize(
    ("kind", "needed", "spared"),
    [
        (QLineEdit, "F Space Left Home Backspace , Shift+L Shift+Left 0", "Ctrl+L Alt+Return F1 Shift+F6"),
        (QPlainTextEdit, "F Space Left . [ ?", "Ctrl+L F1 F11"),
        (QSpinBox, "9 0 Left", "Ctrl+L"),
        (QComboBox, "F Space F4", "Ctrl+L F1"),
        (QKeySequenceEdit, "F F1", "Ctrl+L"),
        (QCheckBox, "Space", "F Left ."),
        (QSlider, "Left Right Home End", "F Space"),
        (QListWidget, "Home End", "F Space Left Right ."),
        (QLabel, "", "F Space Left Home"),
    ],
)
def test_who_needs_what(qtbot: QtBot, kind: type[QWidget], needed: str, spared: str) -> None:
    widget = kind()
    qtbot.addWidget(widget)
    assert [key for key in needed.split() if not needs(widget, QKeySequence(key))] == []
    assert [key for key in spared.split() if needs(widget, QKeySequence(key))] == []


@pytest.mark.parametrize("key", ["Media Play", "Media Pause", "Media Next", "Toggle Media Play/Pause"])
def test_the_keys_of_a_keyboard_that_plays_are_free_while_words_are_written(qtbot: QtBot, key: str) -> None:
    edit = QPlainTextEdit()
    qtbot.addWidget(edit)
    assert not needs(edit, QKeySequence(key))


def test_a_bar_that_seeks_leaves_its_arrows_to_the_player(qtbot: QtBot) -> None:
    bar = QSlider()
    qtbot.addWidget(bar)
    bar.setProperty("seeks", True)
    assert not needs(bar, QKeySequence("Left"))


def test_without_focus_every_key_is_free() -> None:
    assert not needs(None, QKeySequence("F"))


def test_keys_come_and_go_with_the_focus(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, action = QLineEdit(window), QAction(window)
    box = QCheckBox(window)
    column = QVBoxLayout(window)
    for part in (field, box):
        column.addWidget(part)
    window.addAction(action)
    KeyGate(window).guard(action, [QKeySequence("F"), QKeySequence("Alt+Return")])
    window.show()
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    with qtbot.waitSignal(action.triggered):
        QTest.keyClicks(box, "f")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert [key.toString() for key in action.shortcuts()] == ["Alt+Return"]
    with qtbot.assertNotEmitted(action.triggered):
        QTest.keyClicks(field, "f")
    assert field.text() == "f"
    assert QApplication.focusWidget() is field
