"""The rail: three pages, the tree of the film, all takes, and the queue, and the choice between them."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.tokens import tokens

TREE, ALL_TAKES, QUEUE = range(3)


class Rail(QFrame):
    """Holds the pages; what they show is theirs."""

    turned = Signal(int)
    """The creator turned to a page: `TREE`, `ALL_TAKES` or `QUEUE`."""

    def __init__(self, tree: QWidget, all_takes: QWidget, queue: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = Segments((tr("Tree"), tr("All takes"), tr("Queue")), name=tr("What the rail shows"))
        self._pages = QStackedWidget()
        for page in (tree, all_takes, queue):
            self._pages.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(8))
        top.addWidget(self._choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        nest(column, top)
        column.addWidget(self._pages, 1)
        self._choice.chosen.connect(self._turn)

    def turn_to(self, page: int) -> None:
        """Show a page without telling."""
        self._choice.choose(page)
        self._pages.setCurrentIndex(page)

    @property
    def page(self) -> int:
        """The page that is shown."""
        return self._pages.currentIndex()

    def tell_queue(self, tasks: int) -> None:
        """Say beside "Queue" how many tasks are under way or wait."""
        self._choice.set_word(QUEUE, tr("Queue"), str(tasks) if tasks else "")

    def _turn(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self.turned.emit(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.panel))
        painter.fillRect(QRect(self.width() - 1, 0, 1, self.height()), QColor(worn.line))
