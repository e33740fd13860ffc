"""The grid in which clips lie as cards."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from kling_desktop.ui.i18n import tr


class CardView(QListView):
    """The grid. Letters typed over it go to the search field."""

    typed = Signal(str)
    scrolled = Signal()
    widened = Signal(int)
    """How many pixels a row of cards has, whether or not the scroll bar is there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self.scrolled)
        self.setAccessibleName(tr("Clips"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.widened.emit(self.width() - self.verticalScrollBar().sizeHint().width())
        super().resizeEvent(event)
        self.scrolled.emit()

    def rows_in_sight(self) -> range:
        """Rows whose card is at least partly in sight. Cards stand in order, so the first is found by halves."""
        count = self.model().rowCount()
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if self.visualRect(self.model().index(middle, 0)).bottom() < 0:
                low = middle + 1
            else:
                high = middle
        height = self.viewport().height()
        end = low
        while end < count and self.visualRect(self.model().index(end, 0)).top() <= height:
            end += 1
        return range(low, end)
