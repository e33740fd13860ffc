"""Adjusting a join: steps by key are told once, when the hand is still, and the last of them is never lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.studio.films.joining.joins import Join
from kling_desktop.ui.seams.join_dialog import JoinDialog


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def _shown(parent: QWidget, join: Join) -> tuple[JoinDialog, list[tuple[int, bool]]]:
    dialog, told = JoinDialog(parent), list[tuple[int, bool]]()
    dialog.changed.connect(lambda trim, matched: told.append((trim, matched)))
    dialog.show_join(join)
    dialog.show()
    return dialog, told


def test_three_steps_by_key_are_one_change(qtbot: QtBot, parent: QWidget) -> None:
    dialog, told = _shown(parent, Join(0, True, 0, True))
    for _ in range(3):
        QTest.keyClick(dialog.trim, Qt.Key.Key_Right)
    assert not told
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(3, True)]


def test_what_was_changed_last_is_told_when_the_dialog_is_closed(parent: QWidget) -> None:
    dialog, told = _shown(parent, Join(2, True, 4, True))
    dialog.matched.click()
    close = dialog.buttons.button(QDialogButtonBox.StandardButton.Close)
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert told == [(2, False)]


def test_a_dialog_that_was_only_looked_at_changes_nothing(parent: QWidget) -> None:
    dialog, told = _shown(parent, Join(2, True, 4, False))
    assert not dialog.matched.isEnabled()
    dialog.reject()
    assert told == []
