"""How a take and a seam stand, painted: for every state a shape of its own, its colour and its word; stars, badges."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.tasks import Status
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of
from kling_desktop.ui.theme.fonts import SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

TURNS = 8
"""Steps in which the rendering shape turns once round, one a step of `TURN_MS`."""

TURN_MS = 125

_DASHES = [1.5, 1.1]
"""In widths of the pen."""

_BOX = 16.0
"""Every shape is drawn in a square of this side."""


class Shape(StrEnum):
    """What can be said of a take or of a seam at one glance."""

    WAITING = "waiting"
    """Queued here."""
    SENDING = "sending"
    SUBMITTED = "submitted"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """Sent, its answer lost."""
    HELD = "held"
    """Held by the plan, or by a budget."""
    CLEAN = "clean"
    """A seam that nobody sees."""
    SLIGHT = "slight"
    BAD = "bad"
    UNMEASURED = "unmeasured"


_ROLES = {
    Shape.WAITING: "quiet",
    Shape.SENDING: "accent",
    Shape.SUBMITTED: "accent",
    Shape.RENDERING: "accent",
    Shape.DONE: "ok",
    Shape.FAILED: "bad",
    Shape.UNCERTAIN: "warn",
    Shape.HELD: "quiet",
    Shape.CLEAN: "ok",
    Shape.SLIGHT: "warn",
    Shape.BAD: "bad",
    Shape.UNMEASURED: "quiet",
}


_OF_STATUS = {
    Status.QUEUED: Shape.WAITING,
    Status.SENDING: Shape.SENDING,
    Status.UNCERTAIN: Shape.UNCERTAIN,
    Status.SUBMITTED: Shape.SUBMITTED,
    Status.PROCESSING: Shape.RENDERING,
    Status.SUCCEEDED: Shape.DONE,
    Status.FAILED: Shape.FAILED,
}

_OF_VERDICT = {Verdict.CLEAN: Shape.CLEAN, Verdict.SLIGHT: Shape.SLIGHT, Verdict.BAD: Shape.BAD}


def shape_of(status: Status | None, verdict: Verdict | None = None, *, held: bool = False) -> Shape:
    """The shape of a take: the verdict of its seam once it is made, until then how its task stands.

    Without a status (a clip that no task made) and for what is made and not measured, the empty ring.
    """
    if status is not None and not status.ended:
        return Shape.HELD if held and status is Status.QUEUED else _OF_STATUS[status]
    if status is Status.FAILED:
        return Shape.FAILED
    return _OF_VERDICT[verdict] if verdict is not None else Shape.UNMEASURED


def shape_colour(shape: Shape) -> QColor:
    """The colour that a shape is painted in, in the theme worn now."""
    return QColor(getattr(tokens(), _ROLES[shape]))


def word_role(shape: Shape) -> str:
    """Name of the token in which the word beside a shape is written: what is as it should be is told quietly."""
    return "quiet" if shape in (Shape.CLEAN, Shape.UNMEASURED) else _ROLES[shape]


def word_colour(shape: Shape) -> QColor:
    """The same in the theme worn now."""
    return QColor(getattr(tokens(), word_role(shape)))


def shape_word(shape: Shape) -> str:
    """The word for a shape, where nothing more exact is known."""
    words = {
        Shape.WAITING: tr("Waiting here"),
        Shape.SENDING: tr("Sending"),
        Shape.SUBMITTED: tr("Submitted"),
        Shape.RENDERING: tr("Rendering"),
        Shape.DONE: tr("Done"),
        Shape.FAILED: tr("Failed"),
        Shape.UNCERTAIN: tr("Checking at Kling"),
        Shape.HELD: tr("Held by the plan"),
        Shape.CLEAN: tr("clean"),
        Shape.SLIGHT: tr("slightly visible"),
        Shape.BAD: tr("clearly visible"),
        Shape.UNMEASURED: tr("not measured"),
    }
    return words[shape]


def paint_shape(
    painter: QPainter, box: QRectF, shape: Shape, *, ink: QColor | None = None, turn: int = 0, dashed: bool = False
) -> None:
    """Paint a shape into a square; `turn` is the step of a rendering one, 0 to `TURNS` - 1. A `dashed` verdict is one
    of a seam that is only about there."""
    ink = ink or shape_colour(shape)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    if shape in _FILLED and dashed:
        pen = _pen(ink, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _FILLED[shape](painter)
    elif shape in _FILLED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        _FILLED[shape](painter)
    else:
        painter.setPen(_pen(ink))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _turned(painter, turn if shape is Shape.RENDERING else 0)
        _OUTLINED[shape](painter)
    painter.restore()


def paint_star(painter: QPainter, box: QRectF, ink: QColor) -> None:
    """One filled star."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(_STAR)
    painter.restore()


def paint_stars(painter: QPainter, right: int, middle: float, count: int) -> int:
    """Paint so many small stars, the last one ending at `right`; returns where the first begins."""
    side = scaled(10)
    left = right - count * side
    for number in range(count):
        paint_star(painter, QRectF(left + number * side, middle - side / 2, side, side), QColor(tokens().quiet))
    return left


def paint_badge(painter: QPainter, corner: QRect, text: str, *, at_end: bool = False) -> None:
    """A dark label in a still's corner, readable on any picture: at its top left, or `at_end` at its bottom right."""
    font = lettering(SMALL)
    height = scaled(14 if at_end else 16)
    width = max(0 if at_end else scaled(16), width_of(text, font) + 2 * scaled(4))
    box = QRect(corner.left(), corner.top(), width, height)
    if at_end:
        box.moveBottomRight(corner.bottomRight())
    painter.fillRect(box, QColor(0, 0, 0, 184))
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def paint_check(painter: QPainter, middle: QPointF, ink: QColor) -> None:
    """The check of an explicit pick, about 6 pixels wide."""
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corners = (QPointF(-2.8, 0.2), QPointF(-0.8, 2.2), QPointF(2.8, -1.8))
    painter.drawPolyline([middle + corner for corner in corners])


def _pen(ink: QColor, width: float = 1.5) -> QPen:
    return QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _turned(painter: QPainter, turn: int) -> None:
    painter.translate(8, 8)
    painter.rotate(turn * 360 / TURNS)
    painter.translate(-8, -8)


def _ring(painter: QPainter, radius: float = 5.2) -> None:
    painter.drawEllipse(QPointF(8, 8), radius, radius)


def _lines(painter: QPainter, *lines: tuple[tuple[float, float], ...]) -> None:
    for line in lines:
        painter.drawPolyline([QPointF(*point) for point in line])


def _waiting(painter: QPainter) -> None:
    pen = painter.pen()
    pen.setDashPattern([2.4 / 1.5, 2.2 / 1.5])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    _ring(painter)


def _sending(painter: QPainter) -> None:
    _ring(painter)
    _lines(painter, ((8, 10.6), (8, 5.6)), ((6, 7.4), (8, 5.4), (10, 7.4)))


def _rendering(painter: QPainter) -> None:
    _ring(painter)
    half = QPainterPath(QPointF(8, 8))
    half.arcTo(QRectF(4.6, 4.6, 6.8, 6.8), 90, -180)
    painter.fillPath(half, painter.pen().color())


def _done(painter: QPainter) -> None:
    _ring(painter, 5.4)
    _lines(painter, ((5.5, 8.2), (7.3, 10), (10.6, 6.3)))


def _failed(painter: QPainter) -> None:
    cut = (5.7, 2.6), (10.3, 2.6), (13.4, 5.7), (13.4, 10.3), (10.3, 13.4), (5.7, 13.4), (2.6, 10.3), (2.6, 5.7)
    painter.drawPolygon([QPointF(*point) for point in cut])
    _lines(painter, ((6, 6), (10, 10)), ((10, 6), (6, 10)))


def _uncertain(painter: QPainter) -> None:
    painter.drawPolygon([QPointF(*point) for point in ((8, 2), (14, 8), (8, 14), (2, 8))])
    hook = QPainterPath(QPointF(6.7, 6.8))
    hook.cubicTo(6.9, 5.0, 9.6, 5.2, 9.4, 6.9)
    hook.cubicTo(9.3, 7.9, 8.0, 7.9, 8.0, 8.9)
    painter.drawPath(hook)
    painter.drawPoint(QPointF(8, 10.7))


def _held(painter: QPainter) -> None:
    _ring(painter)
    _lines(painter, ((6.6, 6), (6.6, 10)), ((9.4, 6), (9.4, 10)))


def _bad(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(2.2, 2.2, 11.6, 11.6), 1.2, 1.2)
    painter.setPen(_pen(QColor(tokens().badbg), 1.8))
    _lines(painter, ((8, 4.8), (8, 8.8)))
    painter.drawPoint(QPointF(8, 11.2))


def _slight(painter: QPainter) -> None:
    painter.drawPolygon([QPointF(*point) for point in ((8, 1.6), (14.4, 8), (8, 14.4), (1.6, 8))])


_OUTLINED: dict[Shape, Callable[[QPainter], None]] = {
    Shape.WAITING: _waiting,
    Shape.SENDING: _sending,
    Shape.SUBMITTED: _ring,
    Shape.RENDERING: _rendering,
    Shape.DONE: _done,
    Shape.FAILED: _failed,
    Shape.UNCERTAIN: _uncertain,
    Shape.HELD: _held,
    Shape.UNMEASURED: lambda painter: _ring(painter, 4.4),
}

_FILLED: dict[Shape, Callable[[QPainter], None]] = {
    Shape.CLEAN: lambda painter: _ring(painter, 5),
    Shape.SLIGHT: _slight,
    Shape.BAD: _bad,
}

_STAR = QPolygonF(
    [
        QPointF(*point)
        for point in (
            (8, 2.2),
            (9.8, 5.9),
            (13.8, 6.4),
            (10.8, 9.2),
            (11.6, 13.2),
            (8, 11.2),
            (4.4, 13.2),
            (5.2, 9.2),
            (2.2, 6.4),
            (6.2, 5.9),
        )
    ]
)
