"""Finds settings by the words of their labels, and marks what was found."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTreeWidget, QTreeWidgetItemIterator, QWidget

from kling_desktop.ui.search.ranking import holds


def mark(page: QWidget, text: str) -> int:
    """Mark what a page says that holds every word of `text`, and say how many; an empty text marks nothing."""
    is_asked = bool(text.strip())
    found = 0
    for words, widget in _sayings(page):
        hit = is_asked and holds(text, words)
        found += hit
        if bool(widget.property("found")) != hit and isinstance(widget, QLabel | QAbstractButton):
            widget.setProperty("found", hit)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
    return found


def first_found(page: QWidget) -> QWidget | None:
    """What the keyboard goes to for what is marked on a page: the uppermost field or button; None if there is none."""
    labels = [label for label in page.findChildren(QLabel) if label.buddy() is not None]
    marked = [widget for widget in (*labels, *page.findChildren(QAbstractButton)) if widget.property("found")]
    if not marked:
        return None
    first = min(marked, key=lambda widget: widget.mapTo(page, QPoint()).y())
    return first.buddy() if isinstance(first, QLabel) else first


def _sayings(page: QWidget) -> Iterator[tuple[str, QWidget]]:
    """Everything a page says, with the widget that says it."""
    for label in page.findChildren(QLabel):
        yield label.text(), label
    for button in page.findChildren(QAbstractButton):
        if button.text():
            yield button.text().replace("&", ""), button
    for box in page.findChildren(QComboBox):
        yield "\n".join(box.itemText(number) for number in range(box.count())), box
    for tree in page.findChildren(QTreeWidget):
        rows = QTreeWidgetItemIterator(tree)
        while (row := rows.value()) is not None:
            yield row.text(0), tree
            rows += 1
