"""The rows of a film's tree as Qt's views ask for them: pages in sight only, out of any number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kling_desktop.ui import formatting
from kling_desktop.ui.rail.tree_row import RowKind, TreePages, TreeRow, spoken

RowRole = Qt.ItemDataRole.UserRole + 1
"""The `TreeRow`; None where the pages end earlier than they said."""

PAGE = 16
"""Rows read at once: about as many as are in sight. More would be read in vain each time that they say something else,
which they do many times while a film that was brought in is looked at.
"""

PAGES_KEPT = 48
"""Pages in memory; the one least lately asked for leaves first."""

_NOTHING = QModelIndex()


class NoPages:
    """A film without a row."""

    def count(self) -> int:
        return 0

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        return ()

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        return ()

    def row_of(self, take_id: str) -> int | None:
        return None


class TreeModel(QAbstractTableModel):
    """One column; what a row says is said in one text, as a screen reader wants it."""

    def __init__(self, pages: TreePages | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pages: TreePages = pages or NoPages()
        self._count = self.pages.count()
        self._kept: OrderedDict[int, Sequence[TreeRow]] = OrderedDict()

    def show(self, pages: TreePages) -> None:
        """Another film, or the same one after its rows have moved."""
        self.beginResetModel()
        self.pages = pages
        self._kept.clear()
        self._count = pages.count()
        self.endResetModel()

    def refresh(self, seen: range) -> None:
        """Rows say something else, but stand where they stood. Of those that are seen is told which; all others are
        read when they come into sight.
        """
        former, self._kept = self._kept, OrderedDict()
        for number in seen:
            page, place = former.get(number // PAGE, ()), number % PAGE
            if place >= len(page) or page[place] != self.row(number):
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))

    def row(self, number: int) -> TreeRow | None:
        """The row of that number, read if need be; None beyond the last."""
        if not 0 <= number < self._count:
            return None
        page, place = self._page(number // PAGE), number % PAGE
        return page[place] if place < len(page) else None

    @property
    def rows_in_memory(self) -> int:
        """How many rows are held now."""
        return sum(map(len, self._kept.values()))

    def _page(self, number: int) -> Sequence[TreeRow]:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        page = self.pages.rows(number * PAGE, PAGE)
        self._kept[number] = page
        if len(self._kept) > PAGES_KEPT:
            self._kept.popitem(last=False)
        return page

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.row(index.row())
        if role == RowRole or row is None:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return formatting.tip(row.words) or None
        return None
