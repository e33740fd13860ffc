"""The framed boxes of the library's page: two ways to begin, and the place where a video is dropped."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.clip_tiles import STILL
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import ROW, scaled
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
        self._inner.addLayout(column, 1)
        self._inner.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._inner, 1)

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


class DropTarget(QWidget):
    """Says where to drop; the window takes the drop wherever it falls. A click opens files."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(scaled(STILL[0]), scaled(STILL[1])))
        self.setAccessibleName(tr("Drop a video or a picture"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(worn.rim), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side, middle = scaled(24), self.rect().center()
        sign = QRect(middle.x() - side // 2, middle.y() - scaled(42), side, side)
        icon("drop", QColor(worn.quiet)).paint(painter, sign)
        inner = self.rect().adjusted(4, 0, -4, 0)
        for top, said, ink in (
            (-scaled(8), tr("Drop a video or a picture"), worn.text),
            (scaled(14), tr("New film · Ctrl+N"), worn.quiet),
            (scaled(32), tr("Paste a video ID · Ctrl+V"), worn.quiet),
        ):
            line = QRect(inner.left(), middle.y() + top, inner.width(), scaled(18))
            write(painter, line, said, lettering(ROW), QColor(ink), Qt.AlignmentFlag.AlignHCenter)
