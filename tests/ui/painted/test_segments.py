"""Of the choices in a row exactly one holds; they are reached by mouse and keys, and named."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.segments import Segments


@pytest.fixture
def segments(qtbot: QtBot) -> Segments:
    segments = Segments(("Tree", "All takes", "Queue"), name="What the rail shows")
    qtbot.addWidget(segments)
    segments.show()
    qtbot.waitExposed(segments)
    return segments


def _buttons(segments: Segments) -> list[QAbstractButton]:
    return segments.findChildren(QAbstractButton)


def test_a_click_chooses_and_is_told(segments: Segments, qtbot: QtBot) -> None:
    with qtbot.waitSignal(segments.chosen) as heard:
        QTest.mouseClick(_buttons(segments)[2], Qt.MouseButton.LeftButton)
    assert heard.args == [2]
    assert [button.isChecked() for button in _buttons(segments)] == [False, False, True]


def test_to_choose_from_outside_is_not_told(segments: Segments, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(segments.chosen):
        segments.choose(1)
    assert segments.choice == 1


def test_arrows_go_round_and_pass_by_what_is_locked(segments: Segments, qtbot: QtBot) -> None:
    heard: list[int] = []
    segments.chosen.connect(heard.append)
    first, second, third = _buttons(segments)
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(second, Qt.Key.Key_Right)
    QTest.keyClick(third, Qt.Key.Key_Right)
    QTest.keyClick(first, Qt.Key.Key_Left)
    assert heard == [1, 2, 0, 2]
    segments.set_off(1, "Kling has no such clip")
    assert second.toolTip() == "Kling has no such clip"
    QTest.keyClick(third, Qt.Key.Key_Left)
    assert segments.choice == 2, "what is locked is not chosen"


def test_tab_stops_once_at_the_choice_that_holds(segments: Segments) -> None:
    segments.choose(1)
    stops = [bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus) for button in _buttons(segments)]
    assert stops == [False, True, False]


def test_a_count_beside_a_word_makes_it_wider(segments: Segments) -> None:
    before = segments.sizeHint().width()
    segments.set_word(2, "Queue", "3")
    assert segments.sizeHint().width() > before


def test_each_choice_and_the_whole_have_names(segments: Segments) -> None:
    assert segments.accessibleName() == "What the rail shows"
    assert [button.text() for button in _buttons(segments)] == ["Tree", "All takes", "Queue"]
