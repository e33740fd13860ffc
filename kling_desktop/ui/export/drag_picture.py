"""What hangs at the pointer while a take or a film is dragged into another program: a still with its name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

from kling_desktop.ui import theme
from kling_desktop.ui.painted.lettering import elided, lettering
from kling_desktop.ui.theme.fonts import ROW

WIDTH, HEIGHT = 160, 90
_CAPTION = 22
"""Height of the name below the still, in pixels."""


def drag_picture(still: Path | None, name: str, ratio: float = 1.0) -> QPixmap:
    """The picture, `ratio` device pixels to a pixel; without a still there is a plain field above the name."""
    whole = QPixmap(round(WIDTH * ratio), round((HEIGHT + _CAPTION) * ratio))
    whole.setDevicePixelRatio(ratio)
    whole.fill(Qt.GlobalColor.transparent)
    painter, worn = QPainter(whole), theme.colours()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    card = QPainterPath()
    card.addRoundedRect(QRectF(0, 0, WIDTH, HEIGHT + _CAPTION), 4, 4)
    painter.setClipPath(card)
    painter.fillRect(0, 0, WIDTH, HEIGHT + _CAPTION, QColor(worn.raised))
    image = QImage(str(still)) if still is not None else QImage()
    if not image.isNull():
        aspect = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        filled = image.size().scaled(WIDTH, HEIGHT, aspect)
        painter.drawImage(_middle(filled.width(), filled.height()), image)
        painter.fillRect(0, HEIGHT, WIDTH, _CAPTION, QColor(worn.raised))
    font = lettering(ROW)
    painter.setFont(font)
    painter.setPen(QColor(worn.text))
    line = QRect(theme.GAP, HEIGHT, WIDTH - 2 * theme.GAP, _CAPTION)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided(name, font, line.width()))
    painter.end()
    return whole


def _middle(width: int, height: int) -> QRect:
    return QRect((WIDTH - width) // 2, (HEIGHT - height) // 2, width, height)
