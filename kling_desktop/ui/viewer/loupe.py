"""A magnifying glass over the film: the pixels under the pointer, enlarged while a key is held."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.theme import colours
from kling_desktop.ui.viewer.playing.picture import Picture

_SIDE = 260
"""Pixels across the glass, where there is room."""
_ENLARGED = 4.0
"""Times the size in which the film is shown, and at least the film's own pixels twice as large."""


class Loupe(QWidget):
    """Lies over a picture and lets the mouse through."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.pointer_moved.connect(self._follow)
        self.hide()

    def lift(self) -> None:
        """Show the glass over the pointer, or over the middle of the film when the pointer is elsewhere."""
        if not self._picture.image.isNull():
            side = min(_SIDE, self._picture.width(), self._picture.height())
            self.resize(side, side)
            self._follow()
            self.show()
            self.raise_()

    def lay_down(self) -> None:
        self.hide()

    @property
    def aim(self) -> QPoint:
        """The point of the picture that is enlarged."""
        at, film = self._picture.mapFromGlobal(QCursor.pos()), self._picture.film_rect
        return at if film.contains(at) else film.center()

    def _follow(self) -> None:
        self.move(self.aim - self.rect().center())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        film, image = self._picture.film_rect, self._picture.image
        if film.isEmpty():
            return
        scale = image.width() / film.width()  # of the film's pixels to the screen's
        across = min(self.width() / _ENLARGED * scale, self.width() / 2)
        middle = (self.aim - film.topLeft()).toPointF() * scale
        source = QRectF(middle.x() - across / 2, middle.y() - across / 2, across, across)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glass = QPainterPath()
        glass.addEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setClipPath(glass)
        painter.fillRect(self.rect(), colours().stage)
        painter.drawImage(QRectF(QRect(QPoint(), self.size())), image, source)
        painter.setClipping(False)
        painter.setPen(QPen(Qt.GlobalColor.white, 2))
        painter.drawPath(glass)
        painter.end()
