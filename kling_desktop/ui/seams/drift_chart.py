"""How far each hop of a chain has gone from its first clip: three lines, and the band that is still tolerated."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import HopLook, Tolerance
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.seams.seam_words import signed
from kling_desktop.ui.theme.fonts import strong
from kling_desktop.ui.theme.layouts import nest

_MOST = 3.0
"""Times the tolerance at which a line runs along the rim."""

Off = tuple[float, float, float]
"""Colour, contrast and sharpness, each in tolerances."""


class DriftChart(QWidget):
    """The chart and its sentence, of a film of at least two hops: of one there is no chain."""

    tolerance_chosen = Signal(float)
    """How many times as wide as usual the band shall be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tolerance = Tolerance()
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(tr("Your tolerance"))
        self.choice.setToolTip(tr("How far a hop may drift before it is marked"))
        for words, factor in ((tr("Strict"), 0.5), (tr("Usual"), 1.0), (tr("Wide"), 2.0)):
            self.choice.addItem(words, factor)
        self.hops: tuple[HopLook, ...] = ()
        title = Sentence(tr("Drift from the first clip"), self)
        title.dress(heading=True)
        self._plot = _Plot(self)
        self.said = Sentence(parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(theme.GAP // 2)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.choice)
        nest(column, head)
        for widget in (self._plot, self.said):
            column.addWidget(widget)
        self.tolerate(1.0)
        self.choice.activated.connect(lambda: self.tolerance_chosen.emit(self.choice.currentData()))
        self.tolerance_chosen.connect(self.tolerate)

    def tolerate(self, factor: float) -> None:
        """Make the band so many times as wide as usual; one that is not among the choices is taken as usual."""
        at = self.choice.findData(factor)
        self.choice.setCurrentIndex(at if at >= 0 else self.choice.findData(1.0))
        self.tolerance = Tolerance().times(self.choice.currentData())
        if self.hops:
            self.show_hops(self.hops)

    def show_hops(self, hops: tuple[HopLook, ...]) -> None:
        """Hop 0 first; fewer than three are no chain."""
        self.hops = hops
        left = self.tolerance.left_at(hops)
        self._plot.show_lines(tuple(self.tolerance.off(look) for look in hops), left.hop if left else None)
        self.said.dress(danger=left is not None, quiet=left is None)
        self.said.setText(_sentence(left, self.tolerance))
        self._plot.setAccessibleDescription(f"{self.said.text()} {_spelled(hops, self.tolerance)}")


class _Plot(QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: tuple[Off, ...] = ()
        self._left_at: int | None = None
        self.setAccessibleName(tr("Drift from the first clip"))
        self.setToolTip(
            tr(
                "Each hop against the first clip: colour (CIEDE2000 of the mean colours), contrast (spread of the "
                "luma) and sharpness (steepness of edges). The band is what you tolerate."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: tuple[Off, ...], left_at: int | None) -> None:
        self._lines, self._left_at = lines, left_at
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 76 + 2 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        worn, line = theme.colours(), QFontMetrics(self.font()).height()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QRectF(self.rect()).adjusted(8, 4, -8, -2 * line - 6)
        band = QRectF(field.left() - 6, self._y(field, 1), field.width() + 12, self._y(field, -1) - self._y(field, 1))
        painter.fillRect(field.adjusted(-6, 0, 6, 0), QColor(worn.base))
        painter.fillRect(band, QColor(worn.hover))
        self._paint_hops(painter, field, line)
        for which, (tone, draw) in enumerate(self._pens()):
            self._paint_line(painter, field, which, tone, draw)
        self._paint_legend(painter, field.bottom() + line + 4, line)
        if self.hasFocus():
            painter.setPen(QColor(worn.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_hops(self, painter: QPainter, field: QRectF, line: int) -> None:
        worn = theme.colours()
        for hop in range(len(self._lines)):
            x = self._x(field, hop)
            is_first_out = hop == self._left_at
            painter.setPen(QPen(QColor(worn.bad), 1, Qt.PenStyle.DashLine) if is_first_out else QColor(worn.line))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            painter.setFont(strong(self.font()) if is_first_out else self.font())
            painter.setPen(QColor(worn.bad if is_first_out else worn.quiet))
            painter.drawText(QRectF(x - 20, field.bottom() + 2, 40, line), int(Qt.AlignmentFlag.AlignHCenter), str(hop))
        painter.setFont(self.font())

    def _paint_line(
        self, painter: QPainter, field: QRectF, which: int, tone: QColor, draw: Callable[[QPainter, QPointF], None]
    ) -> None:
        points = [QPointF(self._x(field, hop), self._y(field, off[which])) for hop, off in enumerate(self._lines)]
        painter.setPen(QPen(tone, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(tone)
        for point in points:
            draw(painter, point)

    def _paint_legend(self, painter: QPainter, top: float, line: int) -> None:
        names = (tr("Colour"), tr("Contrast"), tr("Sharpness"))
        metrics, x = QFontMetrics(self.font()), 8.0
        for name, (tone, draw) in zip(names, self._pens(), strict=True):
            painter.setPen(tone)
            painter.setBrush(tone)
            draw(painter, QPointF(x + 4, top + line / 2))
            painter.setPen(QColor(theme.colours().text))
            painter.drawText(QPointF(x + 12, top + metrics.ascent()), name)
            x += metrics.horizontalAdvance(name) + 22

    def _pens(self) -> tuple[tuple[QColor, Callable[[QPainter, QPointF], None]], ...]:
        worn = theme.colours()
        return (QColor(worn.accent), _dot), (QColor(worn.warn), _square), (QColor(worn.text), _triangle)

    def _x(self, field: QRectF, hop: int) -> float:
        return field.left() + field.width() * hop / max(1, len(self._lines) - 1)

    def _y(self, field: QRectF, tolerances: float) -> float:
        return field.center().y() - max(-1.0, min(1.0, tolerances / _MOST)) * field.height() / 2


def _sentence(left: HopLook | None, most: Tolerance) -> str:
    if left is None:
        return tr("All hops stay within your tolerance.")
    return tr("Leaves your tolerance at hop {n}: {why}.", n=left.hop, why=_why(left, most))


def _why(look: HopLook, most: Tolerance) -> str:
    reasons = (
        tr("colour ΔE {n}", n=f"{look.colour:.1f}"),
        tr("contrast {n} %", n=signed(look.contrast)),
        tr("sharpness {n} %", n=signed(look.sharpness)),
    )
    return tr(", ").join(why for why, times in zip(reasons, most.off(look), strict=True) if abs(times) > 1)


def _spelled(hops: tuple[HopLook, ...], most: Tolerance) -> str:
    """The whole chart in words, for who cannot see it: of each hop the three numbers, and on which side of the band."""
    return " ".join(
        tr(
            "Hop {hop}: colour {colour}, contrast {contrast} %, sharpness {sharpness} %: {verdict}.",
            hop=look.hop,
            colour=f"{look.colour:.1f}",
            contrast=signed(look.contrast),
            sharpness=signed(look.sharpness),
            verdict=tr("within your tolerance") if most.allows(look) else tr("outside your tolerance"),
        )
        for look in hops[1:]
    )


def _dot(painter: QPainter, at: QPointF) -> None:
    painter.drawEllipse(at, 2.6, 2.6)


def _square(painter: QPainter, at: QPointF) -> None:
    painter.drawRect(QRectF(at.x() - 2.6, at.y() - 2.6, 5.2, 5.2))


def _triangle(painter: QPainter, at: QPointF) -> None:
    painter.drawPolygon(QPolygonF([at + QPointF(0, -3.4), at + QPointF(3.2, 2.6), at + QPointF(-3.2, 2.6)]))
