"""The rows of takes say what goes out under which name, also to a screen reader, and are seen in a small dialog."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from kling_desktop.studio.films.handing_over.contents import Condition, HandedTake
from kling_desktop.ui.export.export_dialog import ExportDialog
from kling_desktop.ui.export.export_lines import Line, Preview
from kling_desktop.ui.export.take_rows import TakeRow, TakeRows, condition_words

TAKES = (
    HandedTake("c1", 0, 1, "a lake at dawn", "Lake/2026-11-26_a lake_h00_t01_5s.mp4"),
    HandedTake("c2", 1, 2, "a boat", "Lake/2.mp4", (Condition.SCALED, Condition.SILENT)),
    HandedTake("c3", 2, 1, "", "", (Condition.MISSING,)),
)


@pytest.fixture
def rows(qtbot: QtBot) -> TakeRows:
    rows = TakeRows()
    qtbot.addWidget(rows)
    rows.show_takes([TakeRow(take) for take in TAKES])
    return rows


def test_a_screen_reader_hears_take_name_and_status(rows: TakeRows) -> None:
    said = [rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(rows.count())]
    assert said == [
        "Hop 0 · take 1 · a lake at dawn, Lake/2026-11-26_a lake_h00_t01_5s.mp4, ready",
        "Hop 1 · take 2 · a boat, Lake/2.mp4, will be scaled, silent",
        "Hop 2 · take 1, file missing",
    ]
    heard = QAccessible.queryAccessibleInterface(rows)
    assert heard is not None
    assert heard.text(QAccessible.Text.Name) == "Takes that are handed over"
    child = heard.child(1)
    assert child is not None
    assert child.text(QAccessible.Text.Name) == said[1]


def test_what_stops_an_export_is_told_from_what_is_only_to_be_known() -> None:
    assert [TakeRow(take).stops for take in TAKES] == [False, False, True]


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_has_its_words(condition: Condition) -> None:
    assert condition_words(condition)


def test_at_its_smallest_the_dialog_shows_two_takes(qtbot: QtBot) -> None:
    dialog = ExportDialog(Path("/somewhere"))
    qtbot.addWidget(dialog)
    dialog.show_film("Lake", can_cut=False)
    dialog.show_preview(Preview(("a/1.mp4", "a/2.mp4", "a/3.mp4", "a/4.mp4")))
    dialog.show_takes([TakeRow(take) for take in TAKES])
    dialog.show_lines([Line("Not all clips have the film's rate: their pictures are fitted to it.")] * 4)
    dialog.resize(900, 600)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert (dialog.width(), dialog.height()) == (900, 600)
    second = dialog.takes.visualItemRect(dialog.takes.item(1))
    assert dialog.takes.viewport().rect().contains(second)
    assert dialog.takes.viewport().width() >= 240
