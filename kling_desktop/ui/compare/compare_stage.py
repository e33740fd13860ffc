"""Paints the films that are compared: side by side, wiped, laid over each other, or what differs between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.theme import GAP, colours, icon
from kling_desktop.ui.theme.fonts import ROW

_WORDS = QColor("#f2f2f4")
_PILL = QColor(0, 0, 0, 175)
_GRIP = 7
"""Radius in pixels of the handle on the wipe's line."""
_ALIKE = 48
"""Films that are by less than this wider are no reason to stand one over the other."""
_WITH_REFERENCE = 3
"""So many films leave a place for where they start."""
_AMPLIFIED = 2
"""How often a difference is doubled."""
_QUICK_WIDTH = 640
"""Pixels across which a difference is reckoned while films play: a whole film's would take 20 ms a frame."""


class Mode(StrEnum):
    """How films are compared. The order is the one in which a key goes through them."""

    SIDE = "side"
    WIPE = "wipe"
    OVERLAY = "overlay"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in a film's corner."""

    text: str
    is_marked: bool = False
    """The one that is heard, and that is picked."""


class Stage(QWidget):
    """A dark stage for up to four films. The first two of those shown are A and B: the pair of all modes but one."""

    chosen = Signal(int)
    """A film was clicked: its number."""
    split_moved = Signal(float)
    tab_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Mode.SIDE
        self.split = 0.5
        """Where the wipe's line is, as a share of the film's width."""
        self.takes_tab = False
        """Whether Tab is told instead of moving the focus."""
        self._makers: list[Callable[[], QImage] | None] = []
        self._images: list[QImage] = []
        self._coming: list[tuple[int, Callable[[], QImage]]] = []
        """Frames of the next set whose pictures are still to be made, by the films' numbers."""
        self._come: dict[int, QImage] = {}
        self._making = QTimer(self, interval=0)
        self._making.timeout.connect(self._make_one)
        self._labels: list[Label] = []
        self._heads: dict[int, QWidget] = {}
        self._reference = QImage()
        self._reference_words = ""
        self._shown: tuple[int, ...] = ()
        self._is_quick = False
        self._shows_focus = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what it shows ---------------------------------------------------------------------------------------

    def show_frames(self, makers: Sequence[Callable[[], QImage] | None], *, quick: bool = False) -> None:
        """Frames that belong together, by the films' numbers; images are made when painted.

        Quick ones are painted less finely, and made one a turn of the loop, those of seen films only: four at once
        would hold up the window for 20 ms. They are seen together, once all are made; a set that comes too soon is
        left out.
        """
        self._images = self._images[: len(makers)] + [QImage()] * (len(makers) - len(self._images))
        self._is_quick = quick
        if not quick:
            self._drop_coming()
            self._makers = list(makers)
            self.update()
        elif not self._coming:
            self._makers += [None] * (len(makers) - len(self._makers))
            self._coming = [(at, make) for at, make in enumerate(makers) if make is not None and at in self._painted]
            self._making.start()

    def clear(self) -> None:
        """An empty stage; no picture is kept."""
        self._drop_coming()
        self._makers, self._images = [], []
        self.update()

    @property
    def _painted(self) -> tuple[int, ...]:
        """Numbers of the films of which something is to be seen in this mode."""
        return self._shown if self.mode == Mode.SIDE else self._shown[:2]

    def _make_one(self) -> None:
        if self._coming:
            number, make = self._coming.pop(0)
            self._come[number] = make()
        if not self._coming:
            for number, image in self._come.items():
                self._images[number], self._makers[number] = image, None
            self._drop_coming()
            self.update()

    def _drop_coming(self) -> None:
        self._making.stop()
        self._coming, self._come = [], {}

    def show_films(self, shown: Sequence[int], labels: Sequence[Label]) -> None:
        """Which films are seen, in their order, and what stands in each film's corner, by its number."""
        if (tuple(shown), list(labels)) != (self._shown, self._labels):
            self._shown, self._labels = tuple(shown), list(labels)
            self._place_heads()
            self.update()

    def seat(self, heads: Mapping[int, QWidget]) -> None:
        """What stands over each film, by its number; without, the films have all the room."""
        for number, head in heads.items():
            if self._heads.get(number) is not head or head.parentWidget() is not self:
                head.setParent(self)
        self._heads = dict(heads)
        self._place_heads()

    def show_reference(self, image: QImage, words: str) -> None:
        """Where all of them start: seen beside three, in the place that they leave."""
        self._reference, self._reference_words = image, words
        self._place_heads()
        self.update()

    @property
    def _has_reference(self) -> bool:
        return self.mode == Mode.SIDE and len(self._shown) == _WITH_REFERENCE and not self._reference.isNull()

    @property
    def _cells(self) -> int:
        return len(self._shown) + self._has_reference

    @property
    def _over(self) -> int:
        """Height of what stands over each film."""
        return max((head.height() for head in self._heads.values()), default=0)

    def _place_heads(self) -> None:
        """Over each film, or over the stage where two films share it."""
        for number, head in self._heads.items():
            place = self._shown.index(number) if number in self._shown else -1
            if place < 0 or (self.mode != Mode.SIDE and place > 1):
                head.hide()
                continue
            if self.mode == Mode.SIDE:
                cell = self._whole_cell(place)
                head.setGeometry(cell.left(), cell.top(), cell.width(), head.height())
            else:
                room = self._room
                half = (room.width() - GAP) // 2
                head.setGeometry(room.left() + place * (half + GAP), room.top(), half, head.height())
            head.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_heads()

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self._place_heads()
        self.setCursor(Qt.CursorShape.SplitHCursor if self._wipes else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_split(self, share: float) -> None:
        """Move the wipe's line."""
        self.split = max(0.0, min(1.0, share))
        self.split_moved.emit(self.split)
        self.update()

    def image(self, number: int) -> QImage:
        """The picture of a film; null while there is none."""
        if number >= len(self._makers):
            return QImage()
        make = self._makers[number]
        if make is not None:
            self._images[number], self._makers[number] = make(), None
        return self._images[number]

    def film_rect(self, number: int) -> QRect:
        """Where a film lies on the stage; empty when it is not seen."""
        if number not in self._shown:
            return QRect()
        return _fitted(self.image(number), self._cell(self._shown.index(number)))

    @property
    def _wipes(self) -> bool:
        return self.mode == Mode.WIPE and len(self._shown) > 1

    # where things lie ------------------------------------------------------------------------------------

    def _cell(self, place: int) -> QRect:
        """Where a film may lie: below its head."""
        if self.mode != Mode.SIDE:
            return self._room.adjusted(0, self._over, 0, 0)
        return self._whole_cell(place).adjusted(0, self._over, 0, 0)

    @property
    def _room(self) -> QRect:
        """What heads and films have; with heads they keep off the edges."""
        return self.rect().adjusted(GAP, 0, -GAP, -GAP) if self._heads else self.rect()

    def _whole_cell(self, place: int) -> QRect:
        columns = max(range(1, self._cells + 1), key=lambda count: (self._cell_size(count).width() // _ALIKE, count))
        row, column = divmod(place, columns)
        cell = self._cell_size(columns)
        across, down = cell.width() + GAP, cell.height() + GAP
        room = self._room
        left = room.left() + (room.width() - columns * across + GAP) // 2
        top = room.top() + (room.height() - math.ceil(self._cells / columns) * down + GAP) // 2
        return QRect(left + column * across, top + row * down, cell.width(), cell.height())

    def _cell_size(self, columns: int) -> QSize:
        """The largest place for each film of the first one's shape and what stands over it, with so many columns."""
        rows = math.ceil(self._cells / columns)
        film = self.image(self._shown[0])
        shape = film.size() if not film.isNull() else QSize(16, 9)
        high = (self._room.height() - GAP * (rows - 1)) // rows - self._over
        room = QSize((self._room.width() - GAP * (columns - 1)) // columns, max(1, high))
        return shape.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).grownBy(QMargins(0, self._over, 0, 0))

    def _line(self) -> float:
        """The wipe's line, in pixels from the left."""
        film = self.film_rect(self._shown[0]) if self._shown else self.rect()
        return film.left() + self.split * film.width()

    # painting --------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self._is_quick)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if self.mode == Mode.SIDE or len(self._shown) < 2:
            self._paint_side(painter)
        else:
            {Mode.WIPE: self._paint_wipe, Mode.OVERLAY: self._paint_overlay}.get(self.mode, self._paint_difference)(
                painter
            )
            self._paint_pair_labels(painter)
        if self._shows_focus:
            painter.setPen(QColor(colours().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_film(self, painter: QPainter, number: int) -> None:
        image = self.image(number)
        if not image.isNull():
            painter.drawImage(self.film_rect(number), image)

    def _paint_side(self, painter: QPainter) -> None:
        for place, number in enumerate(self._shown):
            if self.mode != Mode.SIDE and place:
                break
            self._paint_film(painter, number)
            rect = self.film_rect(number)
            corner = rect if not rect.isEmpty() else self._cell(place)
            if self._label(number).is_marked and len(self._shown) > 1 and not rect.isEmpty():
                painter.setPen(QPen(QColor(colours().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            self._paint_label(painter, number, QPointF(corner.topLeft()) + QPointF(GAP, GAP), corner.width())
        if self._has_reference:
            self._paint_reference(painter)

    def _paint_reference(self, painter: QPainter) -> None:
        whole, cell = self._whole_cell(len(self._shown)), self._cell(len(self._shown))
        painter.drawImage(_fitted(self._reference, cell), self._reference)
        line = QRect(whole.left(), whole.top(), whole.width(), self._over)
        said = tr("reference")
        worn, quiet = colours(), lettering(ROW)
        write(painter, line, said, quiet, QColor(worn.text), Qt.AlignmentFlag.AlignRight)
        line.setWidth(line.width() - width_of(said, quiet) - GAP)
        write(painter, line, self._reference_words, lettering(ROW, bold=True), QColor(worn.text))

    def _paint_wipe(self, painter: QPainter) -> None:
        first, second = self._shown[:2]
        line = round(self._line())
        painter.setClipRect(QRect(0, 0, line, self.height()))
        self._paint_film(painter, first)
        painter.setClipRect(QRect(line, 0, self.width() - line, self.height()))
        self._paint_film(painter, second)
        painter.setClipping(False)
        film = self.film_rect(first)
        for colour, width in ((QColor(0, 0, 0, 140), 3.0), (_WORDS, 1.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(line, film.top()), QPointF(line, film.bottom() + 1))
        painter.setBrush(_PILL)
        painter.drawEllipse(QPointF(line, film.center().y()), _GRIP, _GRIP)

    def _paint_overlay(self, painter: QPainter) -> None:
        first, second = self._shown[:2]
        self._paint_film(painter, first)
        painter.setOpacity(0.5)
        self._paint_film(painter, second)
        painter.setOpacity(1.0)

    def _paint_difference(self, painter: QPainter) -> None:
        first, second = self.image(self._shown[0]), self.image(self._shown[1])
        whole = self.film_rect(self._shown[0])
        if first.isNull() or second.isNull():
            return
        # In the film's own size when that is smaller: fewer pixels, and none invented.
        size = whole.size() if whole.width() < first.width() else first.size()
        if self._is_quick and size.width() > _QUICK_WIDTH:
            size = size.scaled(_QUICK_WIDTH, size.height(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(whole, difference(first, second, size))

    def _paint_pair_labels(self, painter: QPainter) -> None:
        first, second = self._shown[:2]
        rect = self.film_rect(first) if not self.image(first).isNull() else self.rect()
        half = rect.width() // 2
        top = QPointF(rect.topLeft()) + QPointF(GAP, GAP)
        self._paint_label(painter, first, top, half)
        width = self._label_width(second, half)
        self._paint_label(painter, second, QPointF(rect.right() - GAP - width, top.y()), half)

    # labels ----------------------------------------------------------------------------------------------

    def _label(self, number: int) -> Label:
        return self._labels[number] if number < len(self._labels) else Label("")

    def _label_width(self, number: int, most: int) -> float:
        label = self._label(number)
        wide = self.fontMetrics().horizontalAdvance(label.text) + 2.5 * GAP + (20 if label.is_marked else 0)
        return min(wide, most - 2 * GAP)

    def _paint_label(self, painter: QPainter, number: int, at: QPointF, most: int) -> None:
        label = self._label(number)
        if not label.text:
            return
        metrics = QFontMetrics(self.font())
        pill = QRectF(at.x(), at.y(), self._label_width(number, most), metrics.height() + GAP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        words = pill.adjusted(1.25 * GAP, 0, -GAP, 0)
        if label.is_marked:
            icon("volume", _WORDS).paint(painter, QRect(int(words.left()) - 2, int(pill.center().y()) - 8, 16, 16))
            words.setLeft(words.left() + 20)
        painter.setPen(_WORDS)
        shown = metrics.elidedText(label.text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 180)

    # keys, mouse and focus -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Tab and plain and self.takes_tab:
                self.tab_pressed.emit()
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._wipes:
            self._drag_line(event)
        elif self.mode == Mode.SIDE:
            at = event.position().toPoint()
            for place, number in enumerate(self._shown):
                if self._cell(place).contains(at):
                    self.chosen.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._wipes and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_line(event)

    def _drag_line(self, event: QMouseEvent) -> None:
        film = self.film_rect(self._shown[0])
        if not film.isEmpty():
            self.set_split((event.position().x() - film.left()) / film.width())

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._shows_focus = event.reason() in by_key
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = False
        self.update()


def difference(first: QImage, second: QImage, size: QSize) -> QImage:
    """How far two pictures are apart in each pixel and colour, four times as bright; black where they are the same."""
    canvas = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(Qt.GlobalColor.black)
    whole = QRect(QRect().topLeft(), size)
    painter = QPainter(canvas)
    painter.drawImage(whole, first)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(whole, second)
    painter.end()
    for _ in range(_AMPLIFIED):
        single = canvas.copy()
        painter = QPainter(canvas)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        painter.drawImage(0, 0, single)
        painter.end()
    return canvas


def _fitted(image: QImage, cell: QRect) -> QRect:
    """The largest rectangle of a picture's shape in the middle of a cell."""
    if image.isNull():
        return QRect()
    size = image.size().scaled(cell.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(cell.topLeft(), size)
    place.moveCenter(cell.center())
    return place
