"""Paints a still into a box, filling it as a film fills a screen, and what stands there while there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap

from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import tokens

RADIUS = 2
_NEAR = 2


def paint_still(
    painter: QPainter, box: QRect, file: Path | None, posters: Posters, *, shade: float = 0.0, rounded: bool = True
) -> None:
    """A still, 16:9 ones to the edges (cut above and below where the box is flatter), upright ones between two dark
    bars; darkened by `shade`, 0 to 1."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if rounded:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box), RADIUS, RADIUS)
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    ratio = painter.device().devicePixelRatioF()
    wanted = QSize(box.width(), max(box.height(), round(box.width() * 9 / 16)))
    pixmap = posters.pixmap(file, wanted * ratio) if file is not None else None
    if file is None:
        _paint_blank(painter, box)
    elif pixmap is None:
        painter.fillRect(box, QColor(tokens().raised))
    else:
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        _paint_picture(painter, box, wanted, pixmap, ratio)
        if shade:
            painter.fillRect(box, QColor.fromRgbF(0, 0, 0, shade))
    painter.restore()


def _paint_blank(painter: QPainter, box: QRect) -> None:
    painter.fillRect(box, QColor(tokens().raised))
    side = min(scaled(16), box.height())
    place = QRect(0, 0, side, side)
    place.moveCenter(box.center())
    icon("film", QColor(tokens().quiet)).paint(painter, place)


def _paint_picture(painter: QPainter, box: QRect, wanted: QSize, pixmap: QPixmap, ratio: float) -> None:
    painter.fillRect(box, QColor("#000000"))
    place = QRectF(0, 0, pixmap.width() / ratio, pixmap.height() / ratio)
    # A 16:9 still misses its place by a pixel or two: stretched, not framed.
    if abs(place.width() - wanted.width()) <= _NEAR >= abs(place.height() - wanted.height()):
        place.setSize(QSizeF(wanted))
    elif place.height() > box.height():
        place.setSize(place.size() * (box.height() / place.height()))
    place.moveCenter(QRectF(box).center())
    painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
