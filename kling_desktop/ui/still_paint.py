"""Paints a still into a box, filling it as a film fills a screen, and what stands there while there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap

from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import tokens

RADIUS = 2


def paint_still(
    painter: QPainter, box: QRect, file: Path | None, posters: Posters, *, shade: float = 0.0, rounded: bool = True
) -> None:
    """A still, 16:9 ones to the edges, others between two dark bars; darkened by `shade`, 0 to 1."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if rounded:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box), RADIUS, RADIUS)
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    ratio = painter.device().devicePixelRatioF()
    pixmap = posters.pixmap(file, box.size() * ratio) if file is not None else None
    if file is None:
        _paint_blank(painter, box)
    elif pixmap is None:
        painter.fillRect(box, QColor(tokens().raised))
    else:
        _paint_picture(painter, box, pixmap, ratio)
        if shade:
            painter.fillRect(box, QColor.fromRgbF(0, 0, 0, shade))
    painter.restore()


def _paint_blank(painter: QPainter, box: QRect) -> None:
    painter.fillRect(box, QColor(tokens().raised))
    side = min(scaled(16), box.height())
    place = QRect(0, 0, side, side)
    place.moveCenter(box.center())
    icon("film", QColor(tokens().quiet)).paint(painter, place)


def _paint_picture(painter: QPainter, box: QRect, pixmap: QPixmap, ratio: float) -> None:
    painter.fillRect(box, QColor("#000000"))
    place = QRectF(0, 0, pixmap.width() / ratio, pixmap.height() / ratio)
    place.moveCenter(QRectF(box).center())
    # A 16:9 still misses its box by less than a pixel or two: stretched, not framed.
    near = abs(place.width() - box.width()) <= 2 >= abs(place.height() - box.height())
    painter.drawPixmap(QRectF(box) if near else place, pixmap, QRectF(pixmap.rect()))
