"""The tree reads what is in sight, however many takes a film has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.tree_model import PAGE, PAGES_KEPT, RowRole, TreeModel
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow
from tests.gallery.lantern_lake import ListedRows, Stills, tree


class ManyRows:
    """Any number of takes that exist only when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.read: list[int] = []

    def count(self) -> int:
        return self._count

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        self.read.append(offset)
        return [self._row(number) for number in range(offset, min(offset + limit, self._count))]

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        return [(0, RowKind.FILM)]

    def row_of(self, take_id: str) -> int | None:
        return int(take_id) if take_id.isdigit() and int(take_id) < self._count else None

    def _row(self, number: int) -> TreeRow:
        kind = RowKind.OTHER if number else RowKind.FILM
        return TreeRow(str(number), kind, 1, f"Take {number}", Shape.CLEAN, "clean", take=number)


def test_qt_finds_no_fault_with_the_model(qtbot: QtBot) -> None:
    model = TreeModel(ListedRows(tree(Stills(None))))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(ManyRows(200))
    model.refresh(range(10))
    model.show(ListedRows([]))
    assert model.rowCount() == 0


def test_pages_are_read_once_and_few_are_kept(qtbot: QtBot) -> None:
    pages = ManyRows(100_000)
    model = TreeModel(pages)
    assert pages.read == []
    for number in (0, 1, PAGE - 1, PAGE):
        model.row(number)
    assert pages.read == [0, PAGE]
    for number in range(0, 100_000, PAGE):
        model.row(number)
    assert PAGE * (PAGES_KEPT - 1) < model.rows_in_memory <= PAGE * PAGES_KEPT


def test_a_row_is_read_aloud_by_its_accessible_text(qtbot: QtBot) -> None:
    model = TreeModel(ListedRows(tree(Stills(None))))
    index = model.index(2, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "take 2 of 2, hop 1, a little softer, 2 stars, The same words, take 2"
    )
    assert index.data(RowRole).take_id == "o1"


def test_what_changed_in_sight_is_told_row_by_row(qtbot: QtBot) -> None:
    rows = tree(Stills(None))
    model = TreeModel(ListedRows(rows))
    told: list[int] = []
    model.dataChanged.connect(lambda first, last: told.extend(range(first.row(), last.row() + 1)))
    model.refresh(range(2))
    assert told == [0, 1], "nobody has read them before"
    assert model.row(0) is not None
    told.clear()
    for number in (1, 11):
        rows[number] = replace(rows[number], words="as it says now")
    model.pages = ListedRows(rows)
    model.refresh(range(4))
    assert told == [1]
    row = model.row(11)
    assert row is not None
    assert row.words == "as it says now", "read when it comes into sight"


def test_pages_that_end_early_leave_empty_rows(qtbot: QtBot) -> None:
    class Shrunk(ManyRows):
        def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
            return super().rows(offset, min(limit, 3))

    model = TreeModel(Shrunk(10))
    assert model.row(2) is not None
    assert model.row(7) is None
    assert model.index(7, 0).data(RowRole) is None
    assert model.row(-1) is None
    assert model.row(10) is None
