"""The last frame in the form: large, with what is wrong with it, and larger at a click."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Tail, TailWarning
from kling_desktop.ui.extend.tail_note import TailNote
from kling_desktop.ui.finding_lines import Sentence


@pytest.fixture
def still(tmp_path: Path) -> Path:
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    file = tmp_path / "tail.jpg"
    assert image.save(str(file))
    return file


@pytest.fixture
def note(qtbot: QtBot) -> TailNote:
    made = TailNote()
    qtbot.addWidget(made)
    made.resize(300, 300)
    return made


def test_it_is_there_only_with_a_frame(note: TailNote, still: Path, qtbot: QtBot) -> None:
    assert not note.isVisible()
    note.show_tail(Tail(still))
    assert note.isVisible()
    assert note.text() == "Last frame. The model will inherit this."
    qtbot.waitUntil(lambda: note.frame.picture() is not None)
    middle = note.frame.grab().toImage().pixelColor(note.frame.rect().center())
    assert abs(middle.blue() - 0x99) < 12
    note.show_tail(None)
    assert not note.isVisible()


@pytest.mark.parametrize("warning", list(TailWarning))
def test_each_warning_has_its_own_sentence(note: TailNote, still: Path, warning: TailWarning) -> None:
    note.show_tail(Tail(still, (warning,)))
    told = note.text().removeprefix("Last frame. The model will inherit this. ")
    assert told.endswith(".")
    assert told in [line.text() for line in note.findChildren(Sentence) if line.isVisible()]
    others = Tail(still, tuple(other for other in TailWarning if other is not warning))
    note.show_tail(others)
    assert told not in note.text()


def test_enter_and_click_enlarge_it_and_esc_closes(note: TailNote, still: Path, qtbot: QtBot) -> None:
    note.show_tail(Tail(still))
    qtbot.waitExposed(note)
    for by_key in (True, False):
        with qtbot.waitSignal(note.enlarged):
            if by_key:
                QTest.keyClick(note.frame, Qt.Key.Key_Return)
            else:
                QTest.mouseClick(note.frame, Qt.MouseButton.LeftButton)
        large = note.findChild(QDialog)
        assert isinstance(large, QDialog)
        assert large.isVisible()
        assert large.width() > note.frame.width()
        with qtbot.waitSignal(large.destroyed):
            QTest.keyClick(large, Qt.Key.Key_Escape)
