"""The bar under the film: shows where it is, and takes it elsewhere by a click, a drag or a key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSlider, QToolTip, QWidget

from kling_desktop.ui.theme import colours
from kling_desktop.ui.wording import length
from kling_desktop.ui.words import tr

_EDGE = 8
"""Pixels left and right of the groove, so that the handle fits in."""
_GROOVE = 4
_PAGE_MS = 5000


class SeekBar(QSlider):
    """A slider in milliseconds; a slider to screen readers too."""

    sought = Signal(float)
    """The user wants to be there: seconds."""
    scrub_began = Signal()
    scrub_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(tr("Position"))
        self.setProperty("seeks", True)
        self.setMouseTracking(True)
        self.setRange(0, 0)
        self.setPageStep(_PAGE_MS)
        self.actionTriggered.connect(self._take_key)

    def set_length(self, seconds: float) -> None:
        self.setMaximum(round(seconds * 1000))
        self.setEnabled(seconds > 0)

    def set_position(self, seconds: float) -> None:
        """Follow the film, unless the user holds the handle."""
        if not self.isSliderDown():
            self.setValue(round(seconds * 1000))

    def _take_key(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)

    # the mouse -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.maximum():
            self.setSliderDown(True)
            self.scrub_began.emit()
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position())
        if self.maximum():
            where = event.position().toPoint()
            tip = length(self._milliseconds(event.position()) / 1000)
            QToolTip.showText(self.mapToGlobal(QPoint(where.x() - 16, -self.height() - 22)), tip, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.scrub_ended.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel over the bar while scrolling past must not move the film

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def _go_to(self, point: QPointF) -> None:
        self.setValue(self._milliseconds(point))
        self.sought.emit(self.value() / 1000)

    def _milliseconds(self, point: QPointF) -> int:
        share = (point.x() - _EDGE) / max(1, self.width() - 2 * _EDGE)
        return round(max(0.0, min(1.0, share)) * self.maximum())

    # painting --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(_EDGE, (self.height() - _GROOVE) / 2, self.width() - 2 * _EDGE, _GROOVE)
        _bar(painter, groove, QColor(worn.line))
        if self.maximum():
            x = groove.left() + groove.width() * self.value() / self.maximum()
            _bar(painter, QRectF(groove.left(), groove.top(), x - groove.left(), _GROOVE), QColor(worn.accent))
            self._paint_handle(painter, QPointF(x, self.height() / 2))
        painter.end()

    def _paint_handle(self, painter: QPainter, middle: QPointF) -> None:
        worn = colours()
        painter.setBrush(QColor(worn.text if self.underMouse() or self.isSliderDown() else worn.accent))
        painter.drawEllipse(middle, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(worn.text))
            painter.drawEllipse(middle, 7.5, 7.5)


def _bar(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, _GROOVE / 2, _GROOVE / 2)
