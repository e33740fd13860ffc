"""A row of choices of which one holds: words side by side in one frame, the chosen one lit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.painted.lettering import lettering, width_of
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.tokens import tokens

_RADIUS = 4


class Segments(QWidget):
    """Exclusive buttons; Left and Right go from one to the next, as they do among radio buttons."""

    chosen = Signal(int)
    """Number of the choice that the creator made, from 0. Not emitted by `choose`."""

    def __init__(self, words: Sequence[str], *, name: str, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, word in enumerate(words):
            segment = _Segment(word, first=number == 0, last=number == len(words) - 1, small=small)
            segment.setAccessibleDescription(name)
            self._group.addButton(segment, number)
            row.addWidget(segment)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def choose(self, number: int) -> None:
        """Light a choice without telling."""
        self._group.button(number).setChecked(True)

    def button(self, number: int) -> QAbstractButton:
        """The button of a choice, numbered from 0."""
        return self._group.button(number)

    @property
    def choice(self) -> int:
        """Number of the choice that holds."""
        return self._group.checkedId()

    def set_word(self, number: int, word: str, beside: str = "") -> None:
        """Say a choice in other words, with something quiet beside it (a count)."""
        segment = self._group.button(number)
        if not isinstance(segment, _Segment):
            raise TypeError(segment)
        segment.setText(word)
        segment.beside = beside
        segment.updateGeometry()
        segment.update()

    def set_off(self, number: int, reason: str) -> None:
        """Lock a choice, its reason told by its tip; an empty reason opens it again."""
        segment = self._group.button(number)
        segment.setEnabled(not reason)
        segment.setToolTip(reason)


class _Segment(QToolButton):
    def __init__(self, word: str, *, first: bool, last: bool, small: bool) -> None:
        super().__init__()
        self.setText(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.toggled.connect(self._follow)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self.beside = ""
        self._first, self._last, self._small = first, last, small

    def _follow(self, on: bool) -> None:
        # Tab stops once in the row, at the choice that holds; from there the arrows go on.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        width = width_of(self.text(), lettering(ROW, bold=True)) + 2 * scaled(8 if self._small else 10) + 1
        if self.beside:
            width += scaled(5) + width_of(self.beside, lettering(ROW))
        return QSize(width, scaled(24 if self._small else 28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._frame()
        lit = self.isChecked() or (self.underMouse() and self.isEnabled())
        painter.fillPath(frame, QColor(worn.hover if lit else worn.base))
        painter.setPen(QPen(QColor(worn.edge), 1))
        painter.drawPath(frame)
        self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)

    def _paint_words(self, painter: QPainter) -> None:
        worn = tokens()
        ink = worn.text if self.isChecked() else worn.quiet
        font = lettering(ROW, bold=self.isChecked())
        beside = width_of(self.beside, lettering(ROW)) + scaled(5) if self.beside else 0
        width = width_of(self.text(), font)
        left = (self.width() - width - beside) // 2
        painter.setFont(font)
        painter.setPen(QColor(ink if self.isEnabled() else worn.faint))
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(left, 0, width + 2, self.height()), flags, self.text())
        if beside:
            painter.setFont(lettering(ROW))
            painter.setPen(QColor(worn.quiet))
            painter.drawText(QRect(left + width + scaled(5), 0, beside, self.height()), flags, self.beside)

    def _frame(self) -> QPainterPath:
        """The frame of all is drawn by each its own piece: only the outer corners are round."""
        box = QRectF(self.rect()).adjusted(0.5 if self._first else -0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        if self._first and self._last:
            path.addRoundedRect(box, _RADIUS, _RADIUS)
            return path
        r = _RADIUS
        path.moveTo(box.left() + (r if self._first else 0), box.top())
        path.lineTo(box.right() - (r if self._last else 0), box.top())
        if self._last:
            path.arcTo(box.right() - 2 * r, box.top(), 2 * r, 2 * r, 90, -90)
        path.lineTo(box.right(), box.bottom() - (r if self._last else 0))
        if self._last:
            path.arcTo(box.right() - 2 * r, box.bottom() - 2 * r, 2 * r, 2 * r, 0, -90)
        path.lineTo(box.left() + (r if self._first else 0), box.bottom())
        if self._first:
            path.arcTo(box.left(), box.bottom() - 2 * r, 2 * r, 2 * r, 270, -90)
        path.lineTo(box.left(), box.top() + (r if self._first else 0))
        if self._first:
            path.arcTo(box.left(), box.top(), 2 * r, 2 * r, 180, -90)
        path.closeSubpath()
        return path

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        group = self.group()
        if step is None or group is None:
            super().keyPressEvent(event)
            return
        following = group.button((group.id(self) + step) % len(group.buttons()))
        if following.isEnabled():
            following.setFocus(Qt.FocusReason.TabFocusReason)
            following.click()
