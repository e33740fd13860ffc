"""The style: heights of controls, the focus ring, and the stock controls painted in the tokens' colours."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QWidget,
)

from kling_desktop.ui.theme import controls
from kling_desktop.ui.theme.fonts import ROW, SMALL, TITLE, WORDS, font, scaled
from kling_desktop.ui.theme.icons import icon

HEIGHT, SMALL_HEIGHT, LARGE_HEIGHT = 28, 24, 36
"""Of buttons and fields; of those with the property `small`; of the one button that sends, property `large`."""

_Primitive = QStyle.PrimitiveElement
_PAINTED: dict[QStyle.PrimitiveElement, Callable[[QStyleOption, QPainter, QWidget | None], None]] = {
    _Primitive.PE_PanelButtonCommand: controls.paint_button,
    _Primitive.PE_PanelButtonTool: controls.paint_tool_button,
    _Primitive.PE_PanelLineEdit: controls.paint_field,
    _Primitive.PE_IndicatorCheckBox: controls.paint_check,
    _Primitive.PE_IndicatorItemViewItemCheck: controls.paint_check,
    _Primitive.PE_IndicatorRadioButton: controls.paint_radio,
    _Primitive.PE_FrameFocusRect: controls.paint_focus,
    _Primitive.PE_IndicatorArrowDown: partial(controls.paint_arrow, degrees=0),
    _Primitive.PE_IndicatorArrowLeft: partial(controls.paint_arrow, degrees=90),
    _Primitive.PE_IndicatorArrowUp: partial(controls.paint_arrow, degrees=180),
    _Primitive.PE_IndicatorArrowRight: partial(controls.paint_arrow, degrees=270),
    _Primitive.PE_FrameDefaultButton: controls.paint_nothing,
    _Primitive.PE_PanelStatusBar: controls.paint_nothing,
    _Primitive.PE_FrameStatusBarItem: controls.paint_nothing,
}
_COMPLEX = {
    QStyle.ComplexControl.CC_ComboBox: controls.paint_combo,
    QStyle.ComplexControl.CC_SpinBox: controls.paint_spin,
    QStyle.ComplexControl.CC_Slider: controls.paint_slider,
}
_CONTENTS = QStyle.ContentsType
_BOXES = (_CONTENTS.CT_PushButton, _CONTENTS.CT_LineEdit, _CONTENTS.CT_ComboBox, _CONTENTS.CT_SpinBox)
_PAD, _ARROW = 8, 26
"""Left of a field's words, and right of a list's where its chevron is."""

_USUAL_ICON = QSize(16, 16)
"""What a button has that asks for nothing else; it grows with the letters."""

_LETTERED = (QPushButton, QMenu, QMenuBar)
"""Have letters of their own whatever they stand in."""

_STOCK = {
    QStyle.StandardPixmap.SP_LineEditClearButton: "close",
    QStyle.StandardPixmap.SP_MessageBoxInformation: "info",
    QStyle.StandardPixmap.SP_MessageBoxWarning: "warning",
    QStyle.StandardPixmap.SP_MessageBoxCritical: "warning",
    QStyle.StandardPixmap.SP_MessageBoxQuestion: "info",
}
"""Qt's own icons that are ours."""

_HINTS = {
    QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons: 0,
    QStyle.StyleHint.SH_ComboBox_Popup: 0,
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_UnderlineShortcut: 0,  # the letters are still heard: Alt shows them on Windows only
}


class Style(QProxyStyle):
    """Fusion, with what is ours over it."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, target: object) -> object:  # type: ignore[override]  # one of three overloads is ours
        if isinstance(target, QWidget):
            write_letters(target)
        if isinstance(target, QPushButton) and not isinstance(target.window(), QDialog):
            target.setAutoDefault(True)  # pressed by Enter too, as Qt has it in dialogs alone
        return super().polish(target)  # type: ignore[call-overload]  # handed on as it came

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        paint = _PAINTED.get(element)
        if paint is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(option, painter, widget)
        painter.restore()

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element == QStyle.ControlElement.CE_PushButtonLabel and isinstance(option, QStyleOptionButton):
            has_menu = option.features & QStyleOptionButton.ButtonFeature.HasMenu
            is_ours = not option.icon.isNull() or (widget is not None and bool(widget.property("primary")))
            if is_ours and not has_menu and option.direction == Qt.LayoutDirection.LeftToRight:
                controls.paint_button_label(option, painter, widget)
                return
        super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        paint = _COMPLEX.get(control)
        if paint is None or (isinstance(widget, QWidget) and widget.property("plain")):
            super().drawComplexControl(control, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(option, painter, widget, self)
        painter.restore()

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        asked = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # Qt takes None too
        if kind in _BOXES:
            asked.setHeight(height(widget))
            if kind == _CONTENTS.CT_PushButton:
                asked.setWidth(size.width() + (16 if widget is not None and widget.property("small") else 24) + 4)
            elif kind == _CONTENTS.CT_ComboBox:
                asked.setWidth(size.width() + _PAD + _ARROW + 4)
        elif kind == _CONTENTS.CT_ToolButton:
            return size.grownBy(controls.TOOL_MARGINS).expandedTo(_square(widget))
        return asked

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if control == QStyle.ComplexControl.CC_ComboBox and part == QStyle.SubControl.SC_ComboBoxEditField:
            return option.rect.adjusted(_PAD, 2, -_ARROW, -2)
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # Qt takes None too

    def standardIcon(
        self, which: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        name = _STOCK.get(which)
        if name is None:
            return super().standardIcon(which, option, widget)
        return icon(name)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,  # noqa: N803  # Qt's name for it, which is called by keyword
    ) -> int:
        if hint in _HINTS:
            return _HINTS[hint]
        return super().styleHint(hint, option, widget, returnData)  # type: ignore[arg-type]  # Qt's own, handed on


def height(widget: QWidget | None) -> int:
    """Height of a button or field by its properties `small` and `large`, in pixels at the text size chosen."""
    if widget is not None and widget.property("large"):
        return scaled(LARGE_HEIGHT)
    return scaled(SMALL_HEIGHT if widget is not None and widget.property("small") else HEIGHT)


def _square(widget: QWidget | None) -> QSize:
    side = height(widget)
    return QSize(side, side)


def write_letters(widget: QWidget) -> None:
    """Letters by a widget's properties; whoever has none keeps those it inherits."""
    named = widget.dynamicPropertyNames()  # of most widgets none: a start asks a thousand of them
    if named and widget.property("page_title"):  # not "title": that is what Qt calls the words of a menu and of a group
        widget.setFont(font(TITLE, bold=True))
    elif named and (widget.property("heading") or widget.property("primary")):
        widget.setFont(font(ROW if widget.property("small") else WORDS, bold=True))
    elif named and widget.property("badge"):
        widget.setFont(font(SMALL))
    elif isinstance(widget, _LETTERED):
        widget.setFont(font(ROW if named and widget.property("small") else WORDS))
    if isinstance(widget, QLineEdit):
        _give_margins(widget)
    elif isinstance(widget, QAbstractButton):
        widget.setAttribute(Qt.WidgetAttribute.WA_Hover)
        usual = scaled(_USUAL_ICON.width())
        if usual != _USUAL_ICON.width() and widget.iconSize() == _USUAL_ICON:
            widget.setIconSize(QSize(usual, usual))


def _give_margins(field: QLineEdit) -> None:
    around = field.parentWidget()
    if isinstance(around, QAbstractSpinBox):
        field.setTextMargins(_PAD - 4, 0, 0, 0)
    elif not isinstance(around, QComboBox):
        field.setTextMargins(_PAD - 3, 0, _PAD - 3, 0)  # Qt adds a frame of one and two pixels of its own
