"""The framed boxes of the library's page: two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.tokens import tokens

_EDGE, _MARK = 16, 24
_LEAST = 150
"""Pixels that the words need beside the button."""


class WayBox(QWidget):
    """A sign, a title, a sentence, and the button that does it."""

    def __init__(self, sign: str, colour: str, title: str, words: str, button: QPushButton) -> None:
        super().__init__()
        self.button = button
        mark = Sign(side=_MARK)
        mark.show_sign(sign, colour)
        heading = Sentence(title)
        heading.dress(heading=True)
        sentence = Sentence(words)
        sentence.dress(quiet=True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(sentence, 1, Qt.AlignmentFlag.AlignTop)
        sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        row.setSpacing(_EDGE)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self._inner = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._inner.setSpacing(_EDGE)
        nest(self._inner, column, 1)
        self._inner.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        nest(row, self._inner, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the button would press the words into a column of single words, it stands below them."""
        super().resizeEvent(event)
        left = event.size().width() - 4 * _EDGE - _MARK - self.button.sizeHint().width()
        is_narrow = left < scaled(_LEAST)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._inner.setDirection(way)
        side = Qt.AlignmentFlag.AlignLeft if is_narrow else Qt.AlignmentFlag.AlignVCenter
        self._inner.setAlignment(self.button, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens().line), 1))
        painter.setBrush(QColor(tokens().panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
