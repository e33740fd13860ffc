"""The table of finds: whole rows are selected, and Space or a click checks them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.history.history_finds import FATE, LENGTH, MADE, UNITS, HistoryFinds
from kling_desktop.ui.i18n import tr


class HistoryView(QTreeView):
    """Any number of finds; each row is equally high."""

    def __init__(self, finds: HistoryFinds, parent: QWidget) -> None:
        super().__init__(parent)
        self._finds = finds
        self.setModel(finds)
        self.setAccessibleName(tr("Finds"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space checks every selected row, or unchecks them when all are checked."""
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        if event.key() == Qt.Key.Key_Space and rows:
            self._finds.check(rows, not all(map(self._finds.is_chosen, rows)))
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(82 * theme.GAP, 42 * theme.GAP)

    def _share_width(self) -> None:
        """Length, date, fate and units are as wide as their words; the name takes the rest, and gives way first."""
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        letter = self.fontMetrics().averageCharWidth()
        for column, letters in ((LENGTH, 11), (MADE, 15), (FATE, 24), (UNITS, 9)):
            header.resizeSection(column, letters * letter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
