"""The foot of a page of the rail: one line of quiet words below a hairline, and a button at its end."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from kling_desktop.ui import formatting
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.tokens import tokens


class FootLine(QWidget):
    """Painted, so that long words are elided before the button; a screen reader hears the whole."""

    def __init__(self, button: QToolButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        button.setAutoRaise(True)
        button.setFixedSize(QSize(scaled(24), scaled(24)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, scaled(8), 0)
        row.addStretch(1)
        row.addWidget(button)
        self.setFixedHeight(scaled(28))

    def say(self, words: str) -> None:
        self.words = words
        self.setAccessibleName(words)
        self.setToolTip(formatting.tip(words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.panel))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(worn.line))
        box = QRect(scaled(12), 1, self.width() - scaled(48), self.height() - 1)
        write(painter, box, self.words, lettering(ROW), QColor(worn.quiet), Qt.AlignmentFlag.AlignLeft)
