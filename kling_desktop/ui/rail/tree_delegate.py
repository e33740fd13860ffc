"""Paints a row of the tree: its part of the graph, a still, the words, verdict and stars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.ui.formatting import plain_seconds
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write, write_block
from kling_desktop.ui.painted.shapes import Shape, paint_badge, paint_shape, paint_stars, word_colour
from kling_desktop.ui.rail.graph_paint import paint_graph
from kling_desktop.ui.rail.tree_model import RowRole
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow, folded_words, state_words
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

STILL_LEFT = 48
_RIGHT = 8
_STATE_LINE = 14


@dataclass(frozen=True, slots=True)
class _Measures:
    """Pixels of a kind of row at a text size of 100 %."""

    height: int
    still: QSize
    still_top: int
    words_left: int
    words_top: int
    lines: int
    line: int
    gap: int
    """Between the words and the line of the state."""


_MEASURES = {
    RowKind.FILM: _Measures(56, QSize(80, 45), 5, 136, 4, 2, 15, 3),
    RowKind.OTHER: _Measures(36, QSize(48, 27), 4, 104, 2, 1, 16, 1),
    RowKind.MAKING: _Measures(40, QSize(56, 32), 4, 112, 4, 1, 16, 2),
    RowKind.FOLDED: _Measures(28, QSize(0, 0), 0, 48, 6, 1, 16, 0),
}


def row_height(kind: RowKind) -> int:
    """Height of a row of this kind in pixels, at the text size worn now."""
    return scaled(_MEASURES[kind].height)


class TreeDelegate(QStyledItemDelegate):
    """Knows everything about a row by the row itself, so that any row can be painted without its neighbours."""

    def __init__(self, posters: Posters, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posters = posters
        self.turn = 0
        """Step of the shapes that turn."""
        self.turns: Callable[[], object] = lambda: None
        """Called for each shape that turns when it is painted."""
        self.scrolled = 0
        """Pixels above the first one in sight: dots of the dotted line stay where they are while the list moves."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(RowRole)
        return QSize(0, row_height(row.kind if row else RowKind.OTHER))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: TreeRow | None = index.data(RowRole)
        if row is None:
            return
        painter.save()
        _paint_ground(painter, option)
        paint_graph(painter, option.rect, row, self.scrolled)
        if row.kind is RowKind.FOLDED:
            _paint_folded(painter, option.rect, row)
        else:
            self._paint_still(painter, still_box(option.rect, row.kind), row)
            self._paint_words(painter, option.rect, row)
        _paint_focus(painter, option)
        painter.restore()

    def _paint_still(self, painter: QPainter, box: QRect, row: TreeRow) -> None:
        making, file = row.kind is RowKind.MAKING, _shown_still(row)
        shade = 0.55 if making or row.rejected or row.made_for is not None else 0.0
        paint_still(painter, box, file, self._posters, shade=shade)
        if row.kind is RowKind.OTHER:
            return
        painter.setClipRect(box)
        paint_badge(painter, box, str(row.hop))
        if row.seconds is not None and not making:
            paint_badge(painter, box, tr("{n} s", n=plain_seconds(row.seconds)), at_end=True)
        painter.setClipping(False)

    def _paint_words(self, painter: QPainter, rect: QRect, row: TreeRow) -> None:
        measures = _MEASURES[row.kind]
        left, top = rect.left() + scaled(measures.words_left), rect.top() + scaled(measures.words_top)
        width = rect.right() + 1 - scaled(_RIGHT) - left
        worn = tokens()
        off = row.rejected or row.made_for is not None
        ink = QColor(worn.faint if off else worn.text)
        line = scaled(measures.line)
        box = QRect(left, top, width, line * measures.lines)
        write_block(painter, box, row.words or tr("(no prompt)"), lettering(ROW), ink, line, measures.lines)
        state = QRect(left, box.bottom() + 1 + scaled(measures.gap), width, scaled(_STATE_LINE))
        self._paint_state(painter, state, row)

    def _paint_state(self, painter: QPainter, box: QRect, row: TreeRow) -> None:
        seam = row.shape in (Shape.CLEAN, Shape.SLIGHT, Shape.BAD, Shape.UNMEASURED)
        side = scaled(10 if seam else 12)
        place = QRectF(box.left(), box.center().y() + 0.5 - side / 2, side, side)
        paint_shape(painter, place, row.shape, turn=self.turn, dashed=row.is_doubtful)
        if row.shape is Shape.RENDERING:
            self.turns()
        right = box.right() + 1
        if row.stars:
            right = paint_stars(painter, right, box.center().y() + 0.5, row.stars) - scaled(4)
        words = QRect(box.left() + side + scaled(4), box.top(), 0, box.height())
        words.setRight(right - 1)
        state = state_words(row)
        said = state if row.made_for is None else f"{state} · {tr('made for take {n}', n=row.made_for)}"
        write(painter, words, said, lettering(SMALL), word_colour(row.shape))


def still_box(rect: QRect, kind: RowKind) -> QRect:
    """Where in a row its still is."""
    measures = _MEASURES[kind]
    corner = QPoint(rect.left() + scaled(STILL_LEFT), rect.top() + scaled(measures.still_top))
    return QRect(corner, QSize(scaled(measures.still.width()), scaled(measures.still.height())))


def _shown_still(row: TreeRow) -> Path | None:
    return None if row.shape is Shape.FAILED else row.still


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    worn = tokens()
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(worn.sel))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(worn.hover))


def _paint_focus(painter: QPainter, option: QStyleOptionViewItem) -> None:
    # Drawn for who moves by keys only: a ring at every click would be noise beside the selection.
    flags = QStyle.StateFlag.State_HasFocus, QStyle.StateFlag.State_KeyboardFocusChange
    if all(option.state & flag for flag in flags):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().accent), 2))
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 2, 2)


def _paint_folded(painter: QPainter, rect: QRect, row: TreeRow) -> None:
    words = folded_words(row)
    box = rect.adjusted(scaled(STILL_LEFT), 0, -scaled(_RIGHT), 0)
    font = lettering(ROW)
    write(painter, box, words, font, QColor(tokens().quiet))
    arrow = box.left() + width_of(words, font) + scaled(8)
    middle = rect.center().y() + 0.5
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens().quiet), 1.5))
    painter.drawPolyline(
        [QPoint(arrow, round(middle - 3)), QPoint(arrow + 4, round(middle)), QPoint(arrow, round(middle + 3))]
    )
