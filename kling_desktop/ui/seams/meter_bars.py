"""The five meters of a seam: each a number, a word and a small bar, and how it is measured."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.ui import theme
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.theme.fonts import strong

_BAR = 5
_SIGN = 14


class MeterRow(QWidget):
    """One meter. The bar has a notch where bad begins."""

    def __init__(self, measure: Measure, parent: QWidget) -> None:
        super().__init__(parent)
        self._measure = measure
        self.meter: Meter | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(seam_words.explanation(measure))
        self.setAccessibleDescription(self.toolTip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_meter(None)

    def show_meter(self, meter: Meter | None) -> None:
        """None: it could not be measured."""
        self.meter = meter
        self.setAccessibleName(" ".join(part for part in (self._name, self.number, self.word) if part))
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

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() * 2 + _BAR + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        verdict = self.meter.verdict if self.meter else Verdict.CLEAN
        tone = QColor(getattr(worn, seam_words.COLOURS[verdict]))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QFontMetrics(self.font()).height()
        room = QRectF(self.rect()).adjusted(4, 2, -4, -2)
        top, below = QRectF(room.left(), room.top(), room.width(), line), QRectF(room)
        below.setTop(top.bottom())
        below.setHeight(line)
        self._write(painter, top, self._name, QColor(worn.text), Qt.AlignmentFlag.AlignLeft)
        self._write(painter, top, self.number, tone, Qt.AlignmentFlag.AlignRight, bold=verdict is not Verdict.CLEAN)
        sign = QRectF(below.left(), below.center().y() - _SIGN / 2, _SIGN, _SIGN)
        if self.meter:
            theme.icon(seam_words.SHAPES[verdict], tone).paint(painter, sign.toRect())
        self._write(painter, below.adjusted(_SIGN + 4, 0, 0, 0), self.word, tone, Qt.AlignmentFlag.AlignLeft)
        self._paint_bar(painter, QRectF(room.left(), below.bottom() + 2, room.width(), _BAR), tone)
        if self.hasFocus():
            painter.setPen(QColor(worn.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _write(
        self, painter: QPainter, room: QRectF, text: str, ink: QColor, side: Qt.AlignmentFlag, *, bold: bool = False
    ) -> None:
        font = strong(self.font()) if bold else self.font()
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_bar(self, painter: QPainter, groove: QRectF, tone: QColor) -> None:
        worn = theme.colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.line))
        painter.drawRoundedRect(groove, _BAR / 2, _BAR / 2)
        if self.meter and self.meter.bar > 0:
            filled = QRectF(groove)
            filled.setWidth(max(_BAR, groove.width() * self.meter.bar))
            painter.setBrush(tone)
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        middle, top, bottom = round(groove.center().x()), round(groove.top()), round(groove.bottom())
        painter.setPen(QPen(QColor(worn.text), 1))
        painter.drawLine(middle, top - 2, middle, bottom + 2)


class MeterBars(QWidget):
    """All five, always in the same order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {measure: MeterRow(measure, self) for measure in Measure}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for row in self.rows.values():
            column.addWidget(row)

    def show_seam(self, seam: Seam | None) -> None:
        """What was measured there."""
        found = {meter.measure: meter for meter in seam.meters} if seam else {}
        for measure, row in self.rows.items():
            row.show_meter(found.get(measure))
