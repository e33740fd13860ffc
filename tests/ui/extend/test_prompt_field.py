"""The prompt field: counting, IME text, too much of it, and earlier prompts."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.domain.tasks import LONGEST_PASTE
from kling_desktop.studio.tasks.checks import NO_PROMPT, Finding
from kling_desktop.ui.extend.prompt_field import PromptField
from tests.harness.words.reading import said


@pytest.fixture
def field(qtbot: QtBot) -> PromptField:
    made = PromptField("Prompt", "What happens next?", 5)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.edit.setFocus()
    return made


def test_typing_is_counted(field: PromptField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(field.edit, "A fox")
    assert field.text() == "A fox"
    assert "5 / 2500" in said(field, folded=True)


def test_code_points_are_counted_not_units(field: PromptField) -> None:
    field.show_text("🎬镜é")
    assert "3 / 2500" in said(field, folded=True)


def test_what_an_input_method_composes_counts_when_it_is_committed(field: PromptField) -> None:
    QApplication.sendEvent(field.edit, QInputMethodEvent("xia yu", []))
    assert "0 / 2500" in said(field, folded=True)
    committed = QInputMethodEvent()
    committed.setCommitString("下雨了")
    QApplication.sendEvent(field.edit, committed)
    assert field.text() == "下雨了"
    assert "3 / 2500" in said(field, folded=True)


def test_too_much_is_marked_from_the_first_character_over(field: PromptField) -> None:
    field.show_text("🎬" * 2500)
    assert field.edit.extraSelections() == []
    field.show_text("🎬" * 2502)
    (excess,) = field.edit.extraSelections()
    assert excess.cursor.selectedText() == "🎬🎬"
    field.show_text("short again")
    assert field.edit.extraSelections() == []


def test_findings_are_read_by_a_screen_reader_too(field: PromptField) -> None:
    field.show_findings([Finding("prompt", False, NO_PROMPT)])
    assert field.findings_text() == NO_PROMPT
    assert field.edit.accessibleDescription() == NO_PROMPT
    field.show_findings([])
    assert field.findings_text() == ""


def test_text_put_in_can_be_taken_back(field: PromptField) -> None:
    QTest.keyClicks(field.edit, "mine")
    field.show_text("")
    QTest.keyClick(field.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "mine"


def older(field: PromptField) -> str:
    QTest.keyClick(field.edit, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    return field.text()


def newer(field: PromptField) -> str:
    QTest.keyClick(field.edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    return field.text()


def test_earlier_prompts_are_walked_and_one_s_own_words_come_back(field: PromptField) -> None:
    field.set_history(["second", "first"])
    QTest.keyClicks(field.edit, "mine")
    assert [older(field), older(field), older(field)] == ["second", "first", "first"]
    assert [newer(field), newer(field), newer(field)] == ["second", "mine", "mine"]


def test_an_earlier_prompt_that_was_changed_is_one_s_own(field: PromptField) -> None:
    field.set_history(["second", "first"])
    older(field)
    QTest.keyClicks(field.edit, "!")
    assert older(field) == "second"
    assert newer(field) == "second!"


def test_a_plain_arrow_does_not_change_the_text(field: PromptField) -> None:
    field.set_history(["earlier"])
    QTest.keyClicks(field.edit, "mine")
    QTest.keyClick(field.edit, Qt.Key.Key_Up)
    assert field.text() == "mine"


@pytest.mark.parametrize("size", [LONGEST_PASTE + 1, 1_000_000, 3_000_000])
def test_a_huge_paste_is_cut_with_a_sentence_and_without_a_pause(field: PromptField, size: int) -> None:
    pasted = QMimeData()
    pasted.setText("小" * size)
    began = time.thread_time()
    field.edit.insertFromMimeData(pasted)
    assert time.thread_time() - began < 1
    assert field.text() == "小" * LONGEST_PASTE
    assert str(size) in field.cut_note.text()
    assert not field.cut_note.isHidden()
    field.show_text("other words")
    assert field.cut_note.isHidden()


def test_a_usual_paste_is_taken_whole(field: PromptField) -> None:
    pasted = QMimeData()
    pasted.setText("a puppy")
    field.edit.insertFromMimeData(pasted)
    assert field.text() == "a puppy"
    assert field.cut_note.isHidden()
