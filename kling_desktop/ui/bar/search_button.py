"""The way to the command field: it looks like a field, and opens it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens

_WIDTH, _HEIGHT, _PAD, _ICON = 256, 28, 8, 16


class SearchButton(QToolButton):
    """Words and key in a frame; only a lens where room is scarce."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short, self._key = False, "Ctrl+K"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(tr("Search takes and commands"))
        self.show_key(self._key)

    def show_key(self, key: str) -> None:
        """The key that opens it, as this computer's menus write it."""
        self._key = key
        self.setToolTip(f"{tr('Search takes and commands')} ({key})" if key else tr("Search takes and commands"))
        self.update()

    def set_short(self, short: bool) -> None:
        """Whether only the lens is to be seen."""
        self._short = short
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = fonts.scaled(_HEIGHT)
        return QSize(height if self._short else fonts.scaled(_WIDTH), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        worn, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if not self._short or self.underMouse():
            painter.setBrush(QColor(worn.hover if self._short else worn.base))
            edge = worn.rim if self.underMouse() else worn.edge
            painter.setPen(Qt.PenStyle.NoPen if self._short else QPen(QColor(edge), 1))
            painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        side = fonts.scaled(_ICON)
        left = (self.width() - side) // 2 if self._short else _PAD
        lens = QColor(worn.text if self._short else worn.quiet)
        icon("search", lens).paint(painter, QRect(left, (self.height() - side) // 2, side, side))
        if not self._short:
            self._write(painter)
        painter.end()

    def _write(self, painter: QPainter) -> None:
        painter.setFont(fonts.font())
        painter.setPen(QColor(tokens().quiet))
        inside = self.rect().adjusted(2 * _PAD + fonts.scaled(_ICON), 0, -_PAD, 0)
        metrics = QFontMetrics(painter.font())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._key)
        inside.setRight(inside.right() - metrics.horizontalAdvance(self._key) - _PAD)
        words = metrics.elidedText(tr("Search takes and commands"), Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), words)
