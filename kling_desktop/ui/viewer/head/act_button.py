"""A small button that says its act and, quietly beside it, its key; lit when what it does holds already."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.painted.lettering import lettering, width_of
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens

_HEIGHT, _PAD, _GAP, _ICON = 24, 8, 5, 14


class ActButton(QToolButton):
    """Icon, word, key. `checkable` makes it a switch with a frame when it is on."""

    def __init__(
        self, word: str, sign: str = "", key: str = "", *, checkable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sign, self._key = sign, key
        self._is_short = False
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(word, key)

    def say(self, word: str, key: str = "", tip: str = "") -> None:
        """Another word or key; the tip is the word with its key unless another is given."""
        self._key = key
        self.setText(word)
        self.setAccessibleName(word)
        self.setToolTip(tip or (f"{word} ({key})" if key else word))
        self.updateGeometry()
        self.update()

    def set_short(self, short: bool) -> None:
        """Whether only the sign is shown, for want of room."""
        if short != self._is_short and self._sign:
            self._is_short = short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = 2 * scaled(_PAD)
        if self._sign:
            width += scaled(_ICON) + (0 if self._is_short else scaled(_GAP))
        if not self._is_short:
            width += width_of(self.text(), lettering(ROW)) + 1
            width += scaled(_GAP) + width_of(self._key, lettering(ROW)) if self._key else 0
        return QSize(width, scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit, over = self.isChecked(), self.underMouse() and self.isEnabled()
        painter.setPen(QPen(QColor(worn.accent), 1) if lit else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.accbg if lit else worn.hover) if lit or over else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        self._paint_words(painter, QColor(worn.text if self.isEnabled() else worn.faint), lit)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_words(self, painter: QPainter, ink: QColor, lit: bool) -> None:
        left, side = scaled(_PAD), scaled(_ICON)
        if self._sign:
            tone = QColor(tokens().accent) if lit else ink
            icon(self._sign, tone).paint(painter, QRect(left, (self.height() - side) // 2, side, side))
            left += side + scaled(_GAP)
        if self._is_short:
            return
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        font = lettering(ROW)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QRect(left, 0, self.width(), self.height()), flags, self.text())
        if self._key:
            left += width_of(self.text(), font) + scaled(_GAP)
            painter.setPen(QColor(tokens().quiet if self.isEnabled() else tokens().faint))
            painter.drawText(QRect(left, 0, self.width(), self.height()), flags, self._key)
