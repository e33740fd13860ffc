"""Five stars in a row that are given by a click, by the arrows or by a digit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from kling_desktop.domain.tasks import MOST_STARS
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.shapes import paint_star
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import tokens

_STEP, _SIDE, _HEIGHT = 15, 13, 24


class StarRow(QAbstractSlider):
    """A slider from 0 to `MOST_STARS` to screen readers; the star that stands already takes all stars away."""

    starred = Signal(int)
    """How many stars the creator gives now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered = 0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, MOST_STARS)
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Stars"))
        self.setToolTip(tr("Stars (1 to 5)"))
        self.actionTriggered.connect(lambda _action: self.starred.emit(self.sliderPosition()))

    def show_stars(self, stars: int) -> None:
        """Show how many it has, 0 to `MOST_STARS`."""
        self.setValue(stars)
        self.setAccessibleDescription(tr_count(stars, "{n} star", "{n} stars"))
        self.update()

    def star_at(self, place: QPointF) -> int:
        """The star that lies there, from 1 to `MOST_STARS`."""
        return max(1, min(MOST_STARS, int(place.x() // scaled(_STEP)) + 1))

    def sizeHint(self) -> QSize:
        return QSize(MOST_STARS * scaled(_STEP) + 2, scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            star = self.star_at(event.position())
            self.starred.emit(0 if star == self.value() else star)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.star_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = 0
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and int(event.text()) <= MOST_STARS and not event.modifiers():
            self.starred.emit(int(event.text()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        side, top = scaled(_SIDE), (self.height() - scaled(_SIDE)) / 2
        for star in range(1, MOST_STARS + 1):
            given, wanted = star <= self.value(), star <= self._hovered
            ink = worn.text if given else worn.quiet if wanted else worn.edge
            if given or wanted or self.hasFocus() or self.underMouse() or not self.value():
                paint_star(painter, QRectF(1 + (star - 1) * scaled(_STEP), top, side, side), QColor(ink))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
