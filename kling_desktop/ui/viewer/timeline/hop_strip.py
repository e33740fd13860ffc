"""The filmstrip of the stage: stills along the film, a mark at every seam, the hops below, a range cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import Shape, paint_shape, shape_word
from kling_desktop.ui.theme.fonts import SMALL, scaled
from kling_desktop.ui.theme.tokens import Tokens, tokens
from kling_desktop.ui.viewer.timeline.filmstrip import Filmstrip

HEIGHT, SLIM, EDGE = 72, 28, 12
"""Pixels: with stills, without, and left and right of the film's length."""
_MARKS, _STILLS, _TINTS = 20, 44, 4
_DIM = 97
"""Of 255: what lies outside the range is dimmed by 38 %."""
_DASH = 8
"""Pixels from dash to dash of a doubtful seam's line."""
_LETTERS = 120
"""Of a prompt, in a tooltip."""


@dataclass(frozen=True, slots=True)
class SeamMark:
    """A seam on the strip."""

    seconds: float
    shape: Shape
    number: int
    """From 1."""
    word: str = ""
    """What is bad about it, in a word; shown of bad ones only."""
    prompt: str = ""
    """What was asked for in the hop that begins here."""
    is_doubtful: bool = False
    """Nothing but the stated length tells its place: it is drawn dashed, and says so."""
    said: str = ""
    """What rows and cards say of it; told by its tip, and to a screen reader."""

    @property
    def told(self) -> str:
        """Its number, and how it is."""
        said = self.said or self.word or shape_word(self.shape)
        return f"{tr('seam {words}', words=self.number)}: {said}"


class HopStrip(QAbstractSlider):
    """A slider over the film, in milliseconds. Up and Down go from seam to seam and open them."""

    sought = Signal(float)
    """The creator wants to see this second."""
    seam_opened = Signal(int)
    """Number of the seam that is to be looked at."""
    scrub_began = Signal()
    scrub_ended = Signal()
    grown = Signal()
    """It wants another height now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stills = Filmstrip(self)
        self.stills.changed.connect(self.update)
        self._marks: tuple[SeamMark, ...] = ()
        self._range: tuple[float | None, float | None] = (None, None)
        self._is_slim = False
        self._open = 0
        self._current = -1
        self._hovered = 0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSingleStep(1000)
        self.setPageStep(5000)
        self.setProperty("seeks", True)
        self.setAccessibleName(tr("Filmstrip"))
        self.actionTriggered.connect(self._take_key)
        self.setFixedHeight(scaled(HEIGHT))

    def show_film(self, seconds: float, marks: Sequence[SeamMark], current_hop: int = -1) -> None:
        """Show a film so long, with its seams in order; the hop of that number, 0 the root, is the one being judged."""
        self.set_length(seconds)
        self.show_marks(marks, current_hop)

    def set_length(self, seconds: float) -> None:
        """How long the film is; 0 while there is none, and then it goes nowhere."""
        self.setRange(0, round(seconds * 1000))
        self.setEnabled(seconds > 0)

    def show_marks(self, marks: Sequence[SeamMark], current_hop: int = -1) -> None:
        """The seams in order; the hop of that number, 0 the root, is the one being judged."""
        self._marks, self._current, self._open = tuple(marks), current_hop, 0
        self.setAccessibleDescription(", ".join(mark.told for mark in marks))
        self.update()

    @property
    def marks(self) -> tuple[SeamMark, ...]:
        """The seams that are marked."""
        return self._marks

    @property
    def span(self) -> tuple[float | None, float | None]:
        """The stretch that is bracketed."""
        return self._range

    def show_range(self, start: float | None, end: float | None) -> None:
        """Bracket a stretch, in seconds, and dim what lies outside; None where it is not marked."""
        self._range = (start, end)
        self.update()

    def set_slim(self, slim: bool) -> None:
        """Whether there is no room for the stills."""
        if slim != self._is_slim:
            self._is_slim = slim
            self.setFixedHeight(scaled(SLIM if slim else HEIGHT))
            self.grown.emit()

    def said_at(self, seconds: float) -> str:
        """What the tooltip says there: the time, and of an extended clip the hop with its prompt."""
        if not self._marks:
            return length(seconds)
        at = sum(mark.seconds <= seconds + 0.001 for mark in self._marks)
        prompt = self._marks[at - 1].prompt if at else ""
        hop = tr("hop {n}: {prompt}", n=at, prompt=_cut(prompt)) if prompt else tr("hop {n}", n=at)
        return f"{length(seconds)} · {hop if at else tr('first clip')}"

    def show_open(self, number: int) -> None:
        """Outline the mark of the seam that is looked at; 0 for none."""
        self._open = number
        self.update()

    def stand_at(self, seconds: float) -> None:
        """Show where the viewer stands, unless the hand holds the place."""
        if not self.isSliderDown():
            self.setValue(round(seconds * 1000))

    def sizeHint(self) -> QSize:
        return QSize(scaled(600), scaled(SLIM if self._is_slim else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def _x(self, seconds: float) -> float:
        share = seconds * 1000 / self.maximum() if self.maximum() > 0 else 0.0
        return scaled(EDGE) + share * (self.width() - 2 * scaled(EDGE))

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(worn.window))
        stills = 0 if self._is_slim else scaled(_STILLS)
        box = QRect(scaled(EDGE), scaled(_MARKS), self.width() - 2 * scaled(EDGE), stills)
        if stills:
            self._paint_stills(painter, box, worn)
        if self._range != (None, None) and self.maximum() > 0:
            self._paint_range(painter, box, worn)
        for mark in self._marks:
            x = self._x(mark.seconds)
            for top, height in _dashes(box) if mark.is_doubtful else ((box.top(), box.height()),):
                painter.fillRect(QRectF(x - 1, top, 3, height), QColor(0, 0, 0, 140))
                painter.fillRect(QRectF(x, top, 1, height), QColor("#ffffff"))
        self._paint_tints(painter, box, worn)
        for mark in self._marks:
            self._paint_mark(painter, mark, worn)
        self._paint_place(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(-3, -1, 3, scaled(_TINTS) + 1), 3, 3)

    def _paint_stills(self, painter: QPainter, box: QRect, worn: Tokens) -> None:
        painter.save()
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(box.adjusted(0, 0, 0, 2)), 2, 2)
        painter.setClipPath(rounded)
        painter.fillRect(box, QColor(worn.raised))
        if self.stills.there:
            painter.drawPixmap(box.topLeft(), self.stills.ribbon(box.size(), self.devicePixelRatioF()))
        painter.restore()

    def _paint_range(self, painter: QPainter, box: QRect, worn: Tokens) -> None:
        start, end = self._range
        left = self._x(start or 0.0)
        right = self._x(self.maximum() / 1000 if end is None else min(end, self.maximum() / 1000))
        dim = QColor(0, 0, 0, _DIM)
        painter.fillRect(QRectF(box.left(), box.top(), left - box.left(), box.height()), dim)
        painter.fillRect(QRectF(right, box.top(), box.right() + 1 - right, box.height()), dim)
        ink = QColor("#ffffff" if not self._is_slim else worn.text)
        painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        top, bottom = box.top() + 1, max(box.bottom(), box.top() + scaled(_TINTS))
        marked = ((start, left + 1, scaled(5)), (end, right - 1, -scaled(5)))
        for x, inward in [(x, inward) for mark, x, inward in marked if mark is not None]:
            corners = (QPointF(x + inward, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + inward, bottom))
            painter.drawPolyline(corners)

    def _paint_tints(self, painter: QPainter, box: QRect, worn: Tokens) -> None:
        bounds = [0.0, *(mark.seconds for mark in self._marks), self.maximum() / 1000]
        for hop, (start, end) in enumerate(pairwise(bounds)):
            ink = worn.accent if hop == self._current else worn.tint2 if hop % 2 else worn.tint1
            left = self._x(start)
            painter.fillRect(QRectF(left, box.bottom() + 1, self._x(end) - left, scaled(_TINTS)), QColor(ink))

    def _mark_words(self, mark: SeamMark) -> str:
        """Number and what is wrong; of a doubtful one, whose dashes tell it as well, as long as there is room."""
        said = f"{mark.number} {mark.word}"
        says = mark.word and (mark.shape is Shape.BAD or (mark.is_doubtful and self._has_room(mark, said)))
        return said if says else str(mark.number)

    def _has_room(self, mark: SeamMark, said: str) -> bool:
        apart = [abs(self._x(other.seconds) - self._x(mark.seconds)) for other in self._marks if other is not mark]
        return self._mark_width(mark, said) < min(apart, default=self.width())

    def _mark_width(self, mark: SeamMark, said: str) -> int:
        return width_of(said, lettering(SMALL, bold=mark.shape is Shape.BAD)) + scaled(3 + 10 + 3 + 5) + 1

    def _mark_box(self, mark: SeamMark) -> QRect:
        width = self._mark_width(mark, self._mark_words(mark))
        left = round(self._x(mark.seconds) - width / 2)
        left = max(0, min(left, self.width() - width))
        return QRect(left, scaled(2), width, scaled(16))

    def _paint_mark(self, painter: QPainter, mark: SeamMark, worn: Tokens) -> None:
        bad, box, side = mark.shape is Shape.BAD, self._mark_box(mark), scaled(10)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = worn.badbg if bad else worn.hover if mark.number == self._hovered else worn.raised
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 3, 3)
        paint_shape(
            painter,
            QRectF(box.left() + scaled(3), box.top() + scaled(3), side, side),
            mark.shape,
            dashed=mark.is_doubtful,
        )
        if mark.is_doubtful:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.rim), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        words = box.adjusted(scaled(16), 0, 0, 0)
        font = lettering(SMALL, bold=bad)
        write(painter, words, self._mark_words(mark), font, QColor(worn.bad if bad else worn.text))
        if mark.number == self._open:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.accent), 1))
            painter.drawRoundedRect(QRectF(box).adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)

    def _paint_place(self, painter: QPainter) -> None:
        if self.maximum() <= 0:
            return
        x, top = self._x(self.sliderPosition() / 1000), scaled(19)
        bottom = self.height() - scaled(3)
        for ink, width in ((QColor(0, 0, 0, 140), 4), (QColor("#ffffff"), 2)):
            painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        foot = self.height() - scaled(1.5)
        painter.setPen(QPen(QColor(0, 0, 0, 140), 1))
        painter.setBrush(QColor("#ffffff"))
        painter.drawPolygon(QPolygonF([QPointF(x - 5.5, foot), QPointF(x, foot - 7), QPointF(x + 5.5, foot)]))

    # --- keys and the mouse --------------------------------------------------------------------------------------

    def mark_at(self, place: QPointF) -> SeamMark | None:
        """The mark that lies there; of marks over one another the last."""
        found = [mark for mark in self._marks if self._mark_box(mark).contains(place.toPoint())]
        return found[-1] if found else None

    def mark_place(self, number: int) -> QPoint:
        """The middle of the mark of that number, from 1."""
        return self._mark_box(self._marks[number - 1]).center()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position())
        if mark is not None:
            self._open_mark(mark)
        elif event.button() == Qt.MouseButton.LeftButton and self.maximum() and self._is_on_film(event.position()):
            self.setSliderDown(True)
            self.scrub_began.emit()
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position())
        mark = self.mark_at(event.position())
        hovered = mark.number if mark is not None else 0
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        if self.maximum():
            where = event.position().toPoint()
            said = self.said_at(mark.seconds if mark else self._milliseconds(event.position()) / 1000)
            said = f"{mark.told}\n{said}" if mark else said
            QToolTip.showText(self.mapToGlobal(QPoint(where.x() - 16, -scaled(30))), said, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.scrub_ended.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel over the strip while scrolling past must not move the film

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = 0
        self.update()
        QToolTip.hideText()

    def _is_on_film(self, point: QPointF) -> bool:
        return self._is_slim or point.y() >= scaled(_MARKS)

    def _go_to(self, point: QPointF) -> None:
        self.setValue(self._milliseconds(point))
        self.sought.emit(self.value() / 1000)

    def _milliseconds(self, point: QPointF) -> int:
        share = (point.x() - scaled(EDGE)) / max(1, self.width() - 2 * scaled(EDGE))
        return round(min(max(0.0, share), 1.0) * self.maximum())

    def _take_key(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            super().keyPressEvent(event)
            return
        ahead = event.key() == Qt.Key.Key_Down
        now = self.value()
        marks = [
            mark
            for mark in self._marks
            if (round(mark.seconds * 1000) > now if ahead else round(mark.seconds * 1000) < now)
        ]
        if marks:
            self._open_mark(marks[0] if ahead else marks[-1])

    def _open_mark(self, mark: SeamMark) -> None:
        self.stand_at(mark.seconds)
        self.show_open(mark.number)
        self.seam_opened.emit(mark.number)


def _dashes(box: QRect) -> list[tuple[float, float]]:
    """Top and height of the pieces of a dashed line."""
    step = scaled(_DASH)
    return [(box.top() + at, min(step / 2, box.height() - at)) for at in range(0, box.height(), step)]


def _cut(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1].rstrip()}…"
