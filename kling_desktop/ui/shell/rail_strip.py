"""The rail where there is no room for it: a strip with a button for each of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui.shell.folding import STRIP
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens

_BADGE = 14


@dataclass(frozen=True, slots=True)
class RailPage:
    """A page of the rail, as the strip offers it."""

    icon: str
    """A name in resources/icons."""
    words: str


class RailStrip(QWidget):
    """One button under the other; each opens its page over the stage."""

    asked = Signal(int)
    """Number of the page whose button was pressed, from 0."""

    def __init__(self, pages: Sequence[RailPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = tuple(_PageButton(page, self) for page in pages)
        self.setFixedWidth(fonts.scaled(STRIP))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 1, 6)
        column.setSpacing(4)
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, number=number: self.asked.emit(number))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_count(self, page: int, count: int) -> None:
        """Say beside a page's button how many things wait there; 0 says nothing."""
        self.buttons[page].show_count(count)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.end()


class _PageButton(QToolButton):
    def __init__(self, page: RailPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._count, self._words = 0, page.words
        self.setIcon(icon(page.icon))
        self.setToolTip(page.words)
        self.setAccessibleName(page.words)

    def show_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self._words} {count}" if count else self._words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(10))
        text = str(self._count) if self._count < 100 else "99+"
        width = max(_BADGE, painter.fontMetrics().horizontalAdvance(text) + 6)
        box = QRect(self.width() - width, 0, width, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().fill))
        painter.drawRoundedRect(QRectF(box), _BADGE / 2, _BADGE / 2)
        painter.setPen(QColor(tokens().onfill))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
