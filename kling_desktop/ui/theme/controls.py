"""Paints the stock controls: buttons, fields, checks, combos, sliders, in the colours that are worn."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QMargins, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QWidget,
)

from kling_desktop.ui.theme.fonts import plain
from kling_desktop.ui.theme.tokens import tokens

RADIUS = 4
RING = 2
"""Width of the focus ring in pixels."""

ICON_GAP = 6
"""Pixels between an icon and the words beside it."""

TOOL_MARGINS = QMargins(4, 4, 4, 4)
"""Round an icon of 16: the small button of 24. The style makes others larger, and all square."""

_HINT_PAD, _HINT_GAP = 12, 8

_State = QStyle.StateFlag
_GROOVE, _KNOB = 2, 12


def paint_nothing(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """Something Qt would paint and we do not want."""


def paint_button(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A QPushButton: filled with the property `primary`, without a border at rest with `flat`."""
    worn, state = tokens(), option.state
    primary, flat = _has(widget, "primary"), _has(widget, "flat")
    ground, edge = (worn.fill, worn.fill) if primary else (worn.raised, worn.edge)
    if not state & _State.State_Enabled:
        ground, edge = "", "" if flat else worn.line
    elif state & _State.State_Sunken:
        ground = QColor(worn.fill).darker(115).name() if primary else QColor(worn.hover).darker(112).name()
    elif state & _State.State_MouseOver:
        ground = QColor(worn.fill).lighter(112).name() if primary else worn.hover
    elif state & _State.State_On:
        ground = worn.hover
    elif flat:
        ground, edge = "", ""
    _box(painter, _joined(option.rect, widget, painter), ground, edge)
    painter.setClipping(False)
    if state & _State.State_HasFocus:
        _ring(painter, option.rect, worn.text if primary else worn.accent)


def paint_button_label(option: QStyleOptionButton, painter: QPainter, widget: QWidget | None = None) -> None:
    """Icon and words of a button in its middle, six pixels apart; with the property `key_hint` at its left, and the
    hint at its right."""
    hint = str(widget.property("key_hint") or "") if widget is not None else ""
    if hint:
        _paint_with_hint(option, painter, widget, hint)
        return
    on = bool(option.state & _State.State_Enabled)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic | Qt.TextFlag.TextSingleLine)
    words = option.fontMetrics.size(flags, option.text).width() if option.text else 0
    side, box = 0 if option.icon.isNull() else option.iconSize.width(), QRect(option.rect)
    gap = ICON_GAP if words and side else 0
    left = box.left() + max(0, (box.width() - side - gap - words) // 2)
    mode = QIcon.Mode.Normal if on else QIcon.Mode.Disabled
    state = QIcon.State.On if option.state & _State.State_On else QIcon.State.Off
    place = QRect(left, box.center().y() - side // 2 + 1, side, side)
    option.icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode, state)
    painter.setPen(_label_ink(option, widget))
    painter.drawText(QRect(left + side + gap, box.top(), words + 2, box.height()), flags, option.text)


def _label_ink(option: QStyleOptionButton, widget: QWidget | None) -> QColor:
    if not option.state & _State.State_Enabled:
        return QColor(tokens().faint)
    return QColor(tokens().onfill) if _has(widget, "primary") else option.palette.color(QPalette.ColorRole.ButtonText)


def _paint_with_hint(option: QStyleOptionButton, painter: QPainter, widget: QWidget | None, hint: str) -> None:
    """The hint in plain letters, left out where the words need its room."""
    on = bool(option.state & _State.State_Enabled)
    box = QRect(option.rect).adjusted(_HINT_PAD, 0, -_HINT_PAD, 0)
    side = option.iconSize.width()
    mode = QIcon.Mode.Normal if on else QIcon.Mode.Disabled
    option.icon.paint(
        painter, QRect(box.left(), box.center().y() - side // 2 + 1, side, side), Qt.AlignmentFlag.AlignCenter, mode
    )
    painter.setPen(_label_ink(option, widget))
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic | Qt.TextFlag.TextSingleLine)
    box.setLeft(box.left() + side + _HINT_GAP)
    painter.drawText(box, flags, option.text)
    letters = plain()
    room = box.width() - option.fontMetrics.horizontalAdvance(option.text) - _HINT_GAP
    if QFontMetrics(letters).horizontalAdvance(hint) <= room:
        painter.setFont(letters)
        painter.drawText(box, flags | int(Qt.AlignmentFlag.AlignRight), hint)


def _joined(rect: QRect, widget: QWidget | None, painter: QPainter) -> QRect:
    """Of a button that is `joined` to a neighbour at its "right" or "left": the corners there lie beyond its edge."""
    side = widget.property("joined") if widget is not None else None
    if not side:
        return rect
    painter.setClipRect(rect)
    return rect.adjusted(0, 0, 2 * RADIUS, 0) if side == "right" else rect.adjusted(-2 * RADIUS, 0, 0, 0)


def _paint_joined(option: QStyleOption, painter: QPainter, widget: QWidget) -> None:
    """The small half of a split button: `lit` in the colour of the large one, a hairline between them."""
    worn, state, lit = tokens(), option.state, _has(widget, "lit")
    over = state & (_State.State_MouseOver | _State.State_Sunken)
    ground = (QColor(worn.fill).lighter(112).name() if over else worn.fill) if lit else (worn.hover if over else "")
    _box(painter, _joined(option.rect, widget, painter), ground, worn.fill if lit else worn.line)
    painter.setClipping(False)
    line = QColor(worn.onfill) if lit else QColor(worn.line)
    line.setAlphaF(0.35 if lit else 1)
    painter.fillRect(
        QRect(option.rect.left(), option.rect.top() + (0 if not lit else 1), 1, option.rect.height()), line
    )
    if state & _State.State_HasFocus:
        _ring(painter, option.rect, worn.text if lit else worn.accent)


def paint_tool_button(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A QToolButton: nothing at rest, a ground when pointed at, pressed or on."""
    if widget is not None and widget.property("joined"):
        _paint_joined(option, painter, widget)
        return
    worn, state = tokens(), option.state
    if state & _State.State_Enabled and state & (_State.State_MouseOver | _State.State_Sunken | _State.State_On):
        pressed = state & _State.State_Sunken and not state & _State.State_On
        _box(painter, option.rect, QColor(worn.hover).darker(112).name() if pressed else worn.hover, "")
    if state & _State.State_HasFocus:
        _ring(painter, option.rect, worn.accent)


def paint_field(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """What can be written into; with the property `wrong` in the colour of danger."""
    owner = widget.parentWidget() if isinstance(widget, QLineEdit) else None
    if isinstance(owner, QAbstractSpinBox | QComboBox):
        return  # its owner has painted the frame
    worn, state = tokens(), option.state
    if not state & _State.State_Enabled:
        _box(painter, option.rect, "", worn.line)
        return
    _box(painter, option.rect, worn.base, worn.bad if _has(widget, "wrong") else worn.rim)
    if state & _State.State_HasFocus:
        _ring(painter, option.rect, worn.accent)


def paint_check(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A square that is empty, checked or, for a part of what it stands for, half."""
    worn, box, on = tokens(), _square(option.rect), _is_on(option)
    _box(painter, box, worn.fill if on else worn.base, worn.fill if on else _rim(option), 3)
    painter.setPen(QPen(QColor(worn.onfill), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    x, y = box.x(), box.y()
    if option.state & _State.State_On:
        painter.drawPolyline(QPolygonF([QPointF(x + 4, y + 8.2), QPointF(x + 6.9, y + 11), QPointF(x + 12, y + 5.4)]))
    elif option.state & _State.State_NoChange:
        painter.drawLine(QPointF(x + 4.5, y + 8), QPointF(x + 11.5, y + 8))
    if option.state & _State.State_HasFocus:
        _ring(painter, box, worn.text if on else worn.accent)


def paint_radio(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A circle, filled and with a dot when it is the one."""
    worn, box, on = tokens(), _square(option.rect), _is_on(option)
    _box(painter, box, worn.fill if on else worn.base, worn.fill if on else _rim(option), 8)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.onfill))
        painter.drawEllipse(QRectF(box).center(), 3, 3)
    if option.state & _State.State_HasFocus:
        _ring(painter, box, worn.text if on else worn.accent, 8)


def paint_focus(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The ring round what has the focus and paints no ring itself."""
    if widget is None or (not isinstance(widget, QComboBox | QLineEdit) and not _paints_own_ring(widget)):
        _ring(painter, option.rect, tokens().accent)


def paint_arrow(option: QStyleOption, painter: QPainter, widget: QWidget | None, degrees: int) -> None:
    """A chevron, as folds and trees have one; it points down at 0 degrees and turns clockwise."""
    ink = tokens().quiet if option.state & _State.State_Enabled else tokens().faint
    painter.translate(QRectF(option.rect).center())
    painter.rotate(degrees)
    _chevron(painter, QPointF(0, 0), ink)


def paint_combo(option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None, style: QStyle) -> None:
    """A list to choose from: a button with a chevron, or a field where words can be written."""
    worn, state = tokens(), option.state
    if isinstance(widget, QComboBox) and widget.isEditable():
        paint_field(option, painter, None)
    else:
        paint_button(option, painter, widget)
    ink = worn.quiet if state & _State.State_Enabled else worn.faint
    _chevron(painter, QPointF(option.rect.right() - 13, option.rect.center().y() + 0.5), ink)


def paint_spin(option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None, style: QStyle) -> None:
    """A number to write or to step."""
    paint_field(option, painter, None)
    ink = tokens().quiet if option.state & _State.State_Enabled else tokens().faint
    for part, turned in ((QStyle.SubControl.SC_SpinBoxUp, True), (QStyle.SubControl.SC_SpinBoxDown, False)):
        box = style.subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, widget)
        if not box.isEmpty():
            _chevron(painter, QRectF(box).center(), ink, 2.5, turned)


def paint_slider(option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None, style: QStyle) -> None:
    """A groove of two pixels, filled up to a round knob. Only lying sliders: we have no others."""
    worn, kind = tokens(), QStyle.ComplexControl.CC_Slider
    slider = cast("QStyleOptionSlider", option)
    knob = QRectF(style.subControlRect(kind, slider, QStyle.SubControl.SC_SliderHandle, widget)).center()
    box = QRectF(option.rect)
    middle = round(box.center().y())
    groove = QRectF(box.left() + 2, middle - _GROOVE / 2, box.width() - 4, _GROOVE)
    on = bool(option.state & _State.State_Enabled)
    painter.fillRect(groove, QColor(worn.edge))
    done = QRectF(groove)
    if slider.upsideDown:
        done.setLeft(knob.x())
    else:
        done.setRight(knob.x())
    painter.fillRect(done, QColor(worn.quiet if on else worn.edge))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(worn.text if on else worn.faint))
    painter.drawEllipse(QPointF(knob.x(), middle), _KNOB / 2, _KNOB / 2)
    if option.state & _State.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(worn.accent), RING))
        painter.drawEllipse(QPointF(knob.x(), middle), _KNOB / 2 + 1, _KNOB / 2 + 1)


def _box(painter: QPainter, rect: QRect, ground: str, edge: str, radius: float = RADIUS) -> None:
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(edge), 1) if edge else Qt.PenStyle.NoPen)
    if ground or edge:
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)


def _ring(painter: QPainter, rect: QRect, colour: str, radius: float = RADIUS) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), RING))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius - 1, radius - 1)


def _chevron(painter: QPainter, middle: QPointF, colour: str, half: float = 3.5, turned: bool = False) -> None:
    high = half * (-0.5 if turned else 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    ends = [QPointF(-half, -high), QPointF(0, high), QPointF(half, -high)]
    painter.drawPolyline(QPolygonF([middle + end for end in ends]))


def _square(rect: QRect, side: int = 16) -> QRect:
    box = QRect(0, 0, side, side)
    box.moveCenter(rect.center())
    return box


def _is_on(option: QStyleOption) -> bool:
    return bool(option.state & (_State.State_On | _State.State_NoChange))


def _rim(option: QStyleOption) -> str:
    return tokens().rim if option.state & _State.State_Enabled else tokens().line


def _has(widget: QWidget | None, name: str) -> bool:
    return widget is not None and bool(widget.property(name))


def _paints_own_ring(widget: QWidget) -> bool:
    return widget.inherits("QAbstractButton") or widget.inherits("QSlider")
