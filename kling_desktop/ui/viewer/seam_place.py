"""Which seam the film has passed last, how it is, and the ways to the one before and the next."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.lettering import elided, lettering, width_of
from kling_desktop.ui.painted.shapes import Shape, paint_shape
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens
from kling_desktop.ui.viewer.viewer_keys import tip

_SHAPE, _GAP, _PAD = 10, 6, 6


class SeamPlace(QWidget):
    """Two arrows and between them the seam; says instead why there is none, and nothing without a reason."""

    stepped = Signal(int)
    """The seam so many further on is wanted; negative: before."""
    asked = Signal()
    """The seam shown is to be looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = self._way("chevron-left", tr("Previous seam"), ("Up",), -1)
        self.face = _SeamFace(self)
        self.forward = self._way("chevron-right", tr("Next seam"), ("Down",), 1)
        self.face.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self.back, self.face, self.forward):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.say("")

    def show_seam(self, number: int, count: int, shape: Shape, word: str, key: str, *, dashed: bool = False) -> None:
        """The seam of that number, from 1 (0: before the first), of so many; its verdict, and the key that opens it;
        `dashed` where it is only about there.
        """
        self.back.setVisible(True)
        self.forward.setVisible(True)
        self.back.setEnabled(number > 0)
        self.face.setEnabled(True)
        words = tr("Seam {n} of {count}", n=number, count=count) if number else tr_count(count, "{n} seam", "{n} seams")
        told = f"{words}: {word}" if number and word else words
        self.face.is_dashed = dashed
        self.face.show_words(words, shape if number else None, key, told, short=f"{number} / {count}")
        self.setVisible(True)

    def say(self, words: str) -> None:
        """That seams are looked for, or why there are none; nothing hides it."""
        self.setVisible(bool(words))
        self.back.setVisible(False)
        self.forward.setVisible(False)
        self.face.setEnabled(False)
        self.face.show_words(words, None, "", words)

    @property
    def words(self) -> str:
        """What a screen reader hears."""
        return self.face.accessibleName()

    def _way(self, sign: str, name: str, keys: tuple[str, ...], steps: int) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(sign))
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(name)
        button.setToolTip(tip(name, keys))
        button.clicked.connect(lambda: self.stepped.emit(steps))
        return button


class _SeamFace(QToolButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shape: Shape | None = None
        self.is_dashed = False
        self._key = self._short = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str, shape: Shape | None, key: str, told: str, *, short: str = "") -> None:
        """`short` is said where the words have no room; empty has them elided."""
        self._shape, self._key, self._short = shape, key, short
        self.setText(words)
        self.setAccessibleName(told or tr("Seams"))
        self.setToolTip(f"{told} · {tr('Look at the seam')} ({key})" if key else told)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = lettering(ROW)
        width = 2 * scaled(_PAD) + width_of(self.text(), font) + 1
        width += scaled(_SHAPE + _GAP) if self._shape else 0
        width += scaled(_GAP) + width_of(self._key, font) if self._key else 0
        return QSize(width, scaled(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, scaled(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.hover))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        left = scaled(_PAD)
        if self._shape is not None:
            side = scaled(_SHAPE)
            box = QRectF(left, (self.height() - side) / 2, side, side)
            paint_shape(painter, box, self._shape, dashed=self.is_dashed)
            left += scaled(_SHAPE + _GAP)
        font, flags = lettering(ROW), int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font)
        painter.setPen(QColor(worn.text if self._shape else worn.quiet))
        room = self.width() - left - scaled(_PAD)
        behind = scaled(_GAP) + width_of(self._key, font) if self._key else 0
        if width_of(self.text(), font) + behind > room:
            behind = 0  # the words come first; the key stands in the tip as well
        fits = not self._short or width_of(self.text(), font) <= room
        said = elided(self.text() if fits else self._short, font, room - behind)
        painter.drawText(QRect(left, 0, room, self.height()), flags, said)
        if behind:
            left += width_of(said, font) + scaled(_GAP)
            painter.setPen(QColor(worn.quiet))
            painter.drawText(QRect(left, 0, self.width() - left, self.height()), flags, self._key)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
