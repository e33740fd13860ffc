"""The five meters of a seam: each a number, a word and a small bar, and how it is measured."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolTip, QWidget

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.ui import theme
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import Shape, paint_shape, shape_colour, shape_of, shape_word, word_colour
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled

_BESIDE = 10
"""Pixels from a meter to the hairline beside it."""
_BAR = 4
_SIGN = 10
_GAP = 6
"""Pixels at least between a meter's name and its number."""
_USUAL = {
    Measure.COLOUR: 1.0,
    Measure.BRIGHTNESS: -1.0,
    Measure.SHARPNESS: -10.0,
    Measure.MOTION: 1.0,
    Measure.FREEZE: 2.0,
}
"""Values whose numbers are about as wide as they get."""


class MeterRow(QLabel):
    """One meter. The bar has a notch where bad begins."""

    def __init__(self, measure: Measure, parent: QWidget) -> None:
        super().__init__(parent)
        self._measure = measure
        self.meter: Meter | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(seam_words.explanation(measure))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_meter(None)

    def show_meter(self, meter: Meter | None) -> None:
        """None: it could not be measured."""
        self.meter = meter
        said = (self.number, self.word) if meter else (shape_word(Shape.UNMEASURED),)
        self.setAccessibleName(" ".join((self._name, *said)))
        judged = seam_words.against_limit(meter) if meter else ""
        self.setAccessibleDescription(" ".join(filter(None, (judged, self.toolTip()))))
        self.update()

    @property
    def number(self) -> str:
        return seam_words.meter_number(self.meter) if self.meter else "–"

    @property
    def word(self) -> str:
        return seam_words.meter_word(self.meter) if self.meter else ""

    @property
    def _name(self) -> str:
        return seam_words.measure_name(self._measure)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by key reads the explanation too."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @property
    def share(self) -> int:
        """Of the room for all five: as its name and its usual number need it, so that the bar stays in its place."""
        usual = seam_words.meter_number(Meter(self._measure, _USUAL[self._measure], 0.0, Verdict.CLEAN))
        return width_of(self._name, lettering(ROW)) + _GAP + width_of(usual, lettering(ROW))

    def sizeHint(self) -> QSize:
        return QSize(scaled(132), 2 * scaled(16) + scaled(_BAR) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(64), self.sizeHint().height())

    @property
    def bar_rect(self) -> QRectF:
        """Where the bar lies; its middle is the limit."""
        top = scaled(16) + 3
        return QRectF(1, top, self.width() - 2, scaled(_BAR))

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        counts = self.meter is not None and not seam_words.is_set_aside(self.meter)
        shape = shape_of(None, self.meter.verdict if self.meter and counts else None)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar, line = self.bar_rect, scaled(16)
        room, right = QRect(1, 0, self.width() - 2, line), Qt.AlignmentFlag.AlignRight
        said = width_of(self.number, lettering(ROW)) + _GAP
        write(painter, room, self.number, lettering(ROW), QColor(worn.quiet), right)
        write(painter, room.adjusted(0, 0, -said, 0), self._name, lettering(ROW), QColor(worn.text))
        self._paint_bar(painter, bar, shape_colour(shape))
        below = QRect(1, round(bar.bottom()) + 3, self.width() - 2, line)
        if self.meter:
            side = scaled(_SIGN)
            paint_shape(painter, QRectF(below.left(), below.center().y() - side / 2 + 0.5, side, side), shape)
            write(painter, below.adjusted(side + 5, 0, 0, 0), self.word, lettering(SMALL), word_colour(shape))
        if self.hasFocus():
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_bar(self, painter: QPainter, groove: QRectF, tone: QColor) -> None:
        worn, round_ = theme.colours(), groove.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.edge))
        painter.drawRoundedRect(groove, round_, round_)
        if self.meter and self.meter.bar > 0:
            filled = QRectF(groove)
            filled.setWidth(max(groove.height(), groove.width() * min(1.0, self.meter.bar)))
            quiet = self.meter.verdict is Verdict.CLEAN
            painter.setBrush(QColor(worn.quiet) if quiet else tone)
            painter.drawRoundedRect(filled, round_, round_)
        middle = round(groove.center().x())
        painter.setPen(QPen(QColor(worn.text), 1))
        painter.drawLine(QPointF(middle + 0.5, groove.top() - 2), QPointF(middle + 0.5, groove.bottom() + 2))


class MeterBars(QWidget):
    """All five side by side, always in the same order, a hairline between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {measure: MeterRow(measure, self) for measure in Measure}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * _BESIDE)
        for meter in self.rows.values():
            row.addWidget(meter, meter.share)

    def show_seam(self, seam: Seam | None) -> None:
        """What was measured there."""
        found = {meter.measure: meter for meter in seam.meters} if seam else {}
        for measure, row in self.rows.items():
            row.show_meter(found.get(measure))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.colours().line))
        for row in list(self.rows.values())[1:]:
            painter.drawLine(row.x() - _BESIDE, 2, row.x() - _BESIDE, self.height() - 2)
        painter.end()
