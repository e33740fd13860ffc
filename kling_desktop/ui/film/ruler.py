"""The ruler of a film: each hop to its length, what is to come, the limit, and where the viewer stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QPushButton, QSizePolicy, QWidget

from kling_desktop.ui.film.film_view import CardKind, FilmView, Stretch, stretches
from kling_desktop.ui.film.film_words import clock, rest_words
from kling_desktop.ui.film.ruler_words import place_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.theme.fonts import SMALL, scaled
from kling_desktop.ui.theme.tokens import Tokens, tokens

HEIGHT = 44
EDGE = 12

_STEPS = {1: 1, 2: 1, 5: 1, 10: 5, 30: 10, 60: 20, 300: 100, 600: 200}
"""Seconds between two words below the ruler, and between its marks; the first that leaves the words room is taken."""

_ROOM = 90
"""Pixels between two words, at least."""


class Ruler(QAbstractSlider):
    """A slider over the made part of the film, in milliseconds; what is to come cannot be gone to."""

    sought = Signal(float)
    """The creator wants to see this second of the film."""
    fill_asked = Signal()
    """The hops that are missing to the limit are to be planned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = FilmView()
        self._stretches: list[Stretch] = []
        self.rest = _Link(self)
        self.rest.setAccessibleName(tr("Plan these hops"))
        self.rest.clicked.connect(self.fill_asked)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Place in the film"))
        self.setSingleStep(1000)
        self.setPageStep(10_000)
        self.valueChanged.connect(lambda _: self._spell())
        self._spell()
        self.actionTriggered.connect(lambda _action: self.sought.emit(self.sliderPosition() / 1000))

    def show_view(self, view: FilmView) -> None:
        """Show a film's hops, its limit, and what it would take to reach it."""
        before = self._stretches, self._view.limit, self.rest.text()
        self._view, self._stretches = view, stretches(view.cards)
        self.setRange(0, round(view.made * 1000))
        self.rest.setText(rest_words(view))
        self.rest.setToolTip(tr("Plan these hops"))
        self.rest.setVisible(bool(self.rest.text()))
        self._place_link()
        self._spell()
        if before != (self._stretches, view.limit, self.rest.text()):  # other words leave all as it was
            self.update()

    def _spell(self) -> None:
        """A reader that hears milliseconds hears nothing. Told again by the second only, not with each picture."""
        said = place_words(self._view, self.value() / 1000)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def stand_at(self, seconds: float) -> None:
        """Show where the viewer stands; a move that no pixel shows is none."""
        pixel_ms = self.span * 1000 / max(1, self.width() - 2 * scaled(EDGE))
        value = round(seconds * 1000)
        if abs(value - self.value()) >= pixel_ms or value in (self.minimum(), self.maximum()):
            self.setValue(value)

    def sizeHint(self) -> QSize:
        return QSize(scaled(600), scaled(HEIGHT))

    @property
    def span(self) -> float:
        """Seconds from end to end: to the limit, or to the film's end if that is later."""
        planned = self._view.made + self._view.coming
        return max(self._view.limit or 0.0, planned, 10.0)

    def _x(self, seconds: float) -> float:
        return scaled(EDGE) + seconds / self.span * (self.width() - 2 * scaled(EDGE))

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_track(painter, worn)
        for number, stretch in enumerate(self._stretches):
            self._paint_hop(painter, stretch, number, worn)
        self._paint_times(painter, worn)
        self._paint_limit(painter, worn)
        self._paint_place(painter, worn)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 1, -5, -scaled(22)), 4, 4)

    def _paint_track(self, painter: QPainter, worn: Tokens) -> None:
        track = QRectF(scaled(EDGE), scaled(6), self.width() - 2 * scaled(EDGE), scaled(8))
        painter.setPen(QPen(QColor(worn.line), 1))
        painter.setBrush(QColor(worn.base))
        painter.drawRoundedRect(track, 2, 2)

    def _paint_hop(self, painter: QPainter, stretch: Stretch, number: int, worn: Tokens) -> None:
        left, right = self._x(stretch.start), self._x(stretch.end) - 1
        if stretch.kind is CardKind.MADE:
            ink = worn.bad if stretch.bad else worn.accent2 if number % 2 else worn.accent
            painter.fillRect(QRectF(left, scaled(6), max(1.0, right - left), scaled(8)), QColor(ink))
            return
        box = QRectF(left + 0.5, scaled(6) + 0.5, max(1.0, right - left - 1), scaled(8) - 1)
        running = stretch.kind is CardKind.RUNNING
        pen = QPen(QColor(worn.accent if running else worn.rim), 1)
        if not running:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.setBrush(QColor(worn.accbg) if running else Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _paint_times(self, painter: QPainter, worn: Tokens) -> None:
        step = next((step for step in _STEPS if self._x(step) - self._x(0) >= scaled(_ROOM)), max(_STEPS))
        painter.setPen(QPen(QColor(worn.rim), 1))
        end = self.rest.x() if self.rest.isVisibleTo(self) else self.width() - scaled(EDGE) - self._limit_width()
        for second in range(0, int(self.span) + 1, _STEPS[step]):
            x = min(self.width() - scaled(EDGE) - 0.5, max(scaled(EDGE) + 0.5, self._x(second)))
            painter.setPen(QPen(QColor(worn.rim), 1))
            painter.drawLine(QPointF(x, scaled(16)), QPointF(x, scaled(16 + (6 if second % step == 0 else 3))))
            if second % step == 0:
                self._write_time(painter, second, x, end, worn)

    def _write_time(self, painter: QPainter, second: int, x: float, end: int, worn: Tokens) -> None:
        font, words = lettering(SMALL), clock(second)
        width = width_of(words, font) + 2
        left = round(x - width / 2) if second else scaled(EDGE)
        if not (self._limit_words() or self.rest.isVisibleTo(self)):  # then the last of these words stands at the end
            left, end = min(left, self.width() - scaled(EDGE) - width), self.width()
        if left + width < end - scaled(8):
            write(painter, QRect(left, scaled(24), width, scaled(14)), words, font, QColor(worn.quiet))

    def _limit_words(self) -> str:
        return tr("limit {time}", time=clock(self._view.limit)) if self._view.limit is not None else ""

    def _limit_width(self) -> int:
        return width_of(self._limit_words(), lettering(SMALL)) if self._limit_words() else 0

    def _paint_limit(self, painter: QPainter, worn: Tokens) -> None:
        if self._view.limit is None:
            return
        x = self._x(self._view.limit) - 1
        painter.setPen(QPen(QColor(worn.quiet), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(x, scaled(2)), QPointF(x, scaled(18)))
        box = QRect(0, scaled(24), self.width() - scaled(EDGE), scaled(14))
        write(painter, box, self._limit_words(), lettering(SMALL), QColor(worn.text), Qt.AlignmentFlag.AlignRight)

    def _paint_place(self, painter: QPainter, worn: Tokens) -> None:
        if self.maximum() <= 0:
            return
        x = self._x(self.sliderPosition() / 1000)
        painter.setPen(QPen(QColor(worn.text), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(x, scaled(4)), QPointF(x, scaled(18)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.text))
        painter.drawPolygon(QPolygonF([QPointF(x - 4, 1), QPointF(x + 4, 1), QPointF(x, scaled(6))]))

    # --- the link and the mouse ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_link()

    def _place_link(self) -> None:
        hint = self.rest.sizeHint()
        limit = self._limit_width()
        right = self.width() - scaled(EDGE) - (limit + scaled(9) if limit else 0)
        self.rest.setGeometry(right - hint.width(), scaled(21), hint.width(), scaled(20))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def _seek(self, event: QMouseEvent) -> None:
        if event.position().y() > scaled(22):
            return
        share = (event.position().x() - scaled(EDGE)) / max(1, self.width() - 2 * scaled(EDGE))
        seconds = min(max(0.0, share * self.span), self._view.made)
        self.stand_at(seconds)
        self.sought.emit(seconds)


class _Link(QPushButton):
    """Words that can be clicked, without a button round them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        return QSize(width_of(self.text(), lettering(SMALL)) + 2, scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        lit = self.underMouse() or self.hasFocus()
        font = lettering(SMALL)
        write(painter, self.rect(), self.text(), font, QColor(worn.accent if lit else worn.quiet))
        if lit:
            y = (self.height() + painter.fontMetrics().ascent()) // 2 + 1
            painter.fillRect(QRect(0, y, width_of(self.text(), font), 2 if self.hasFocus() else 1), QColor(worn.accent))
