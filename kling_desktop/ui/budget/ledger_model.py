"""The entries of the ledger as a table, read page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kling_desktop.domain.units import LedgerEntry, Span
from kling_desktop.ui import formatting
from kling_desktop.ui.budget import ledger_words
from kling_desktop.ui.i18n import tr

_PAGE = 100
_Index = QModelIndex | QPersistentModelIndex
_UNITS = 3


class Entries(Protocol):
    """Where entries come from; the budget is one."""

    def count(self, span: Span) -> int: ...

    def page(self, span: Span, offset: int, limit: int) -> list[LedgerEntry]: ...


class LedgerModel(QAbstractTableModel):
    """Newest entry first; holds only the pages that were looked at."""

    def __init__(self, entries: Entries, film_name: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self._film_name = film_name
        self._span = Span()
        self._count = 0
        self._pages: dict[int, list[LedgerEntry]] = {}

    def show(self, span: Span) -> None:
        """Show another stretch of the ledger, or the same one as it is now."""
        self.beginResetModel()
        self._span, self._count = span, self._entries.count(span)
        self._pages.clear()
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(_headings())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _headings()[section]
        return _aligned(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(entry)[index.column()]
        return _aligned(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def entry(self, row: int) -> LedgerEntry | None:
        """The entry of a row; None past the end."""
        number, place = divmod(row, _PAGE)
        if number not in self._pages:
            self._pages[number] = self._entries.page(self._span, number * _PAGE, _PAGE)
        page = self._pages[number]
        return page[place] if place < len(page) else None

    def _words(self, entry: LedgerEntry) -> tuple[str, ...]:
        return (
            f"{entry.at.astimezone():%Y-%m-%d %H:%M}",
            self._film_name(entry.film_id),
            ledger_words.movement_words(entry),
            formatting.units(entry.units),
            ledger_words.model_words(entry.model),
            ledger_words.way_words(entry.way),
        )


def _aligned(column: int) -> int:
    """Numbers stand below each other at their end, and their heading with them."""
    across = Qt.AlignmentFlag.AlignRight if column == _UNITS else Qt.AlignmentFlag.AlignLeft
    return int(across | Qt.AlignmentFlag.AlignVCenter)


def _headings() -> tuple[str, ...]:
    return tr("Time"), tr("Film"), tr("What happened"), tr("Units"), tr("Model"), tr("Way")
