"""What a sweep would take is seen first, and can be left out take by take."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.sweep.sweep_dialog import SweepDialog
from kling_desktop.ui.sweep.sweep_rows import SweepRow
from tests.harness.tasks import done


@pytest.fixture
def dialog(qtbot: QtBot) -> SweepDialog:
    rows = [SweepRow(done(1, "A boat"), 1, 4_200_000), SweepRow(done(2, "Gulls"), 2, 1_000_000)]
    dialog = SweepDialog(rows, Posters(), lambda clip: None)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_it_says_what_and_how_much(dialog: SweepDialog) -> None:
    assert dialog.count.text() == "2 rejected takes · 3 files · 5.2 MB"
    assert dialog.sweep.text() == "Sweep 5.2 MB"
    said = [str(dialog.rows.index(row).data()) for row in (0, 1)]
    assert said == ["A boat, 4.2 MB", "Gulls, 2 files · 1.0 MB"]


def test_it_says_what_it_leaves_because_other_films_consist_of_it(qtbot: QtBot) -> None:
    rows = [SweepRow(done(1, "A boat"), 1, 4_200_000)]
    dialog = SweepDialog(rows, Posters(), lambda clip: None, needed=2)
    qtbot.addWidget(dialog)
    words = "2 rejected takes keep their files: the films of other takes consist of them."
    assert any(label.text().endswith(words) for label in dialog.findChildren(QLabel))


def test_a_take_is_left_out_by_click_and_by_space(dialog: SweepDialog) -> None:
    place = dialog.list.visualRect(dialog.rows.index(0)).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.count.text() == "1 rejected take · 2 files · 1.0 MB"
    dialog.list.setCurrentIndex(dialog.rows.index(1))
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert not dialog.sweep.isEnabled()
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    asked = QSignalSpy(dialog.sweep_asked)
    QTest.mouseClick(dialog.sweep, Qt.MouseButton.LeftButton)
    assert asked.at(0) == [["own-000002"]]
    assert not dialog.isVisible()


def test_escape_sweeps_nothing(dialog: SweepDialog) -> None:
    asked = QSignalSpy(dialog.sweep_asked)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert asked.count() == 0
