"""Paints the part of the tree's graph that lies in one row."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from kling_desktop.ui.painted.shapes import Shape, paint_check
from kling_desktop.ui.rail.tree_row import Lines, RowKind, Spine, TreeRow
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import Tokens, tokens

_DOT, _SPACE = 2, 4
_RADII = {RowKind.FILM: 6.0, RowKind.MAKING: 4.2, RowKind.OTHER: 4.0, RowKind.FOLDED: 2.5}


def lane_x(lane: int) -> float:
    """Where a lane lies, in pixels from the row's left: two with room, deeper ones closer."""
    return scaled(16 + 16 * min(lane, 1) + 5 * max(0, lane - 1)) + 0.0


def paint_graph(painter: QPainter, rect: QRect, row: TreeRow, scrolled: int) -> None:
    """Lines first, then the node over them. `scrolled` is what lies above the view, in pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    worn, height = tokens(), rect.height()
    middle, radius = height / 2, scaled(_RADII[row.kind] * 10) / 10
    _paint_branches(painter, row.lines, middle, radius, height, worn)
    off_path = row.kind in (RowKind.OTHER, RowKind.FOLDED)
    _paint_spine(painter, row.lines, 0 if off_path else radius, height, scrolled + rect.top(), worn)
    _paint_node(painter, QPointF(lane_x(row.lines.lane), middle), radius, row, worn)
    painter.restore()


def _paint_branches(painter: QPainter, lines: Lines, middle: float, radius: float, height: int, worn: Tokens) -> None:
    painter.setPen(QPen(QColor(worn.graph), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    own = lane_x(lines.lane)
    for lane in lines.through:
        painter.drawLine(QPointF(lane_x(lane), 0), QPointF(lane_x(lane), height))
    if lines.branch_above:
        painter.drawLine(QPointF(own, 0), QPointF(own, middle - radius))
    if lines.branch_below:
        painter.drawLine(QPointF(own, middle + radius), QPointF(own, height))
    start = min(middle + scaled(12), height - scaled(12)) if lines.lane == 0 else middle + radius
    for lane in lines.forks:
        bend = QPainterPath(QPointF(own, start))
        fall = height - start
        bend.cubicTo(
            QPointF(own, start + fall / 2), QPointF(lane_x(lane), start + fall * 3 / 8), QPointF(lane_x(lane), height)
        )
        painter.drawPath(bend)


def _paint_spine(painter: QPainter, lines: Lines, gap: float, height: int, top: int, worn: Tokens) -> None:
    middle, x = height / 2, lane_x(0)
    for kind, begin, end in ((lines.above, 0.0, middle - gap), (lines.below, middle + gap, float(height))):
        if kind is Spine.NONE or end <= begin:
            continue
        pen = QPen(QColor(worn.accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if kind is Spine.MAKING:
            # Patterns count in widths of the pen; the offset keeps the dots of all rows in one rhythm.
            pen.setDashPattern([_DOT / 2, _SPACE / 2])
            pen.setDashOffset((top + begin) % (_DOT + _SPACE) / 2)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, begin), QPointF(x, end))


def _paint_node(painter: QPainter, place: QPointF, radius: float, row: TreeRow, worn: Tokens) -> None:
    if row.kind is RowKind.FILM:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.accent))
        painter.drawEllipse(place, radius, radius)
        if row.picked:
            paint_check(painter, place, QColor(worn.panel))
        return
    making = row.kind is RowKind.MAKING
    pen = QPen(QColor(worn.accent if making else worn.graph), 1.5)
    if row.shape is Shape.WAITING and making:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([2 / 1.5, 2 / 1.5])
    painter.setPen(pen)
    painter.setBrush(QColor(worn.panel))
    painter.drawEllipse(place, radius, radius)
