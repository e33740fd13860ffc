"""Paints the bar under the film: a groove, or thumbnails with the position over them; hops, seams, the range."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from kling_desktop.ui.theme import colours
from kling_desktop.ui.viewer.timeline.filmstrip import Filmstrip

EDGE = 8
"""Pixels left and right of the film's length, so that the handle fits in."""
SLIM, TALL = 24, 58
"""Heights in pixels, without and with thumbnails."""

_GROOVE = 4
_BAND_TOP, _BAND = 10, 40
_HOPS = 4
"""Thickness of the line of hops under the thumbnails."""
_VEIL = QColor(0, 0, 0, 150)


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to paint; places are shares of the film's length, 0 to 1."""

    share: float | None
    """Where the film stands; None without a film."""
    strip: Filmstrip | None
    """None: a slim bar."""
    seams: tuple[float, ...]
    start: float | None
    end: float | None
    lit: bool
    focused: bool


def paint(painter: QPainter, size: QSize, look: Look) -> None:
    """Paint all of it into a widget of this size."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if look.strip is None:
        _paint_slim(painter, size, look)
    else:
        _paint_tall(painter, QRectF(EDGE, _BAND_TOP, size.width() - 2 * EDGE, _BAND), look, look.strip)


def _paint_slim(painter: QPainter, size: QSize, look: Look) -> None:
    worn = colours()
    groove = QRectF(EDGE, (size.height() - _GROOVE) / 2, size.width() - 2 * EDGE, _GROOVE)
    _bar(painter, groove, QColor(worn.line))
    if look.share is None:
        return
    for first, last in _odd_hops(look.seams):
        painter.fillRect(_part(groove, first, last), QColor(worn.rim))
    _bar(painter, _part(groove, 0, look.share), QColor(worn.accent))
    for seam in look.seams:
        _tick(painter, groove.adjusted(0, -5, 0, 5), seam, QColor(worn.text))
    _paint_range(painter, groove.adjusted(0, -6, 0, 6), look)
    _paint_handle(painter, QPointF(groove.left() + groove.width() * look.share, size.height() / 2), look)


def _paint_tall(painter: QPainter, band: QRectF, look: Look, strip: Filmstrip) -> None:
    worn = colours()
    if strip.there:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(band.topLeft(), strip.ribbon(band.size().toSize(), ratio))
    else:
        _bar(painter, band, QColor(worn.hover))
    if look.share is None:
        return
    hops = QRectF(band.left(), band.bottom() + 2, band.width(), _HOPS)
    _bar(painter, hops, QColor(worn.rim if look.seams else worn.line))
    for first, last in _odd_hops(look.seams):
        tint = QColor(worn.accent)
        painter.fillRect(_part(hops, first, last), tint)
        tint.setAlphaF(0.18)
        painter.fillRect(_part(band, first, last), tint)
    for seam in look.seams:
        _paint_seam(painter, band, seam)
    if look.start is not None or look.end is not None:
        painter.fillRect(_part(band, 0, look.start or 0), _VEIL)
        painter.fillRect(_part(band, 1 if look.end is None else look.end, 1), _VEIL)
    _paint_range(painter, band, look)
    x = band.left() + band.width() * look.share
    _line(painter, QPointF(x, 3), QPointF(x, hops.bottom()), QColor("white"))
    _paint_handle(painter, QPointF(x, 6), look)


def _paint_seam(painter: QPainter, band: QRectF, share: float) -> None:
    """A line through the thumbnails with a notch at its head: light on dark, so that it shows on any picture."""
    x = band.left() + band.width() * share
    _line(painter, QPointF(x, band.top()), QPointF(x, band.bottom() + 2 + _HOPS), QColor("white"))
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
    painter.setBrush(QColor("white"))
    notch = [QPointF(-5, 0), QPointF(5, 0), QPointF(0, 6)]
    painter.drawPolygon(QPolygonF([QPointF(x, band.top()) + corner for corner in notch]))
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_range(painter: QPainter, band: QRectF, look: Look) -> None:
    """Brackets around what is marked."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours().warn), 2))
    for share, way in ((look.start, 1), (look.end, -1)):
        if share is not None:
            x = band.left() + band.width() * share
            foot = QPointF(4 * way, 0)
            top, bottom = QPointF(x, band.top()), QPointF(x, band.bottom())
            painter.drawPolyline(QPolygonF([top + foot, top, bottom, bottom + foot]))
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_handle(painter: QPainter, middle: QPointF, look: Look) -> None:
    worn = colours()
    painter.setBrush(QColor(worn.text if look.lit else worn.accent))
    painter.drawEllipse(middle, 6, 6)
    if look.focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(worn.text))
        painter.drawEllipse(middle, 7.5, 7.5)


def _odd_hops(seams: tuple[float, ...]) -> list[tuple[float, float]]:
    """Every second hop, so that two neighbours never look alike."""
    ends = (*seams, 1.0)
    return [(ends[n], ends[n + 1]) for n in range(0, len(seams), 2)]


def _part(rect: QRectF, first: float, last: float) -> QRectF:
    return QRectF(rect.left() + rect.width() * first, rect.top(), rect.width() * (last - first), rect.height())


def _tick(painter: QPainter, rect: QRectF, share: float, colour: QColor) -> None:
    painter.fillRect(QRectF(rect.left() + rect.width() * share - 1, rect.top(), 2, rect.height()), colour)


def _line(painter: QPainter, top: QPointF, bottom: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 150), 4))
    painter.drawLine(top, bottom)
    painter.setPen(QPen(colour, 2))
    painter.drawLine(top, bottom)
    painter.setPen(Qt.PenStyle.NoPen)


def _bar(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, _GROOVE / 2, _GROOVE / 2)
