"""The poster of one clip, drawn small."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.stills.posters import Posters

_ON_STAGE = "#8b8f98"
"""The stage is dark in both themes, and so is readable what stands on it."""


class Still(QWidget):
    """The poster of a clip on the colour of the stage; a film sign while there is none."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size)
        self._poster: Path | None = None
        self._posters = Posters(self)
        self._posters.loaded.connect(self.update)

    @property
    def poster(self) -> Path | None:
        return self._poster

    def show_poster(self, poster: Path | None) -> None:
        self._poster = poster
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels = self.size() * self.devicePixelRatioF()
        paint_still(painter, self.rect(), self._posters.pixmap(self._poster, pixels) if self._poster else None)
        painter.end()


def paint_still(painter: QPainter, frame: QRect, still: QPixmap | None) -> None:
    """Draw a poster into a frame, whole, on the colour of the stage; a film sign while there is none."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    rounded = QPainterPath()
    rounded.addRoundedRect(frame, 4, 4)
    painter.setClipPath(rounded)
    painter.fillRect(frame, QColor(theme.colours().stage))
    if still is None:
        sign = QRect(0, 0, 24, 24)
        sign.moveCenter(frame.center())
        theme.icon("film", QColor(_ON_STAGE)).paint(painter, sign)
    else:
        fitted = still.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, fitted.width(), fitted.height())
        place.moveCenter(frame.center())
        painter.drawPixmap(place, still)
    painter.restore()
