"""Reads every text of a window as eyes and screen readers are given it, with the widget that says it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)


def texts_of(root: QWidget) -> Iterator[tuple[str, str]]:
    """Where, and what: of the root and all that stands in it, hidden things too."""
    for widget in (root, *root.findChildren(QWidget)):
        where = f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for text in (*_own(widget), *_told(widget)):
            if text.strip():
                yield where, text
    for action in root.findChildren(QAction):
        for text in {action.text(), action.toolTip()}:
            if text.strip():
                yield f"QAction in {type(action.parent()).__name__}", text


def _told(widget: QWidget) -> tuple[str, ...]:
    return widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()


def _own(widget: QWidget) -> Iterator[str]:
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QMenu() | QGroupBox():
            yield widget.title()
        case QLineEdit() | QPlainTextEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from (widget.itemText(number) for number in range(widget.count()))
        case QTabBar():
            yield from (widget.tabText(number) for number in range(widget.count()))
        case QListWidget():
            yield from (widget.item(number).text() for number in range(widget.count()))
        case QTreeWidget():
            rows = QTreeWidgetItemIterator(widget)
            while (row := rows.value()) is not None:
                yield row.text(0)
                rows += 1
