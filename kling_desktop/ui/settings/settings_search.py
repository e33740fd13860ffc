"""Finds settings by the words of their labels, and marks what was found."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTreeWidget, QTreeWidgetItemIterator, QWidget


def mark(page: QWidget, text: str) -> int:
    """Mark the words of a page that hold `text`, and say how many; an empty text marks nothing."""
    wanted = text.strip().casefold()
    found = 0
    for words, widget in _sayings(page):
        hit = bool(wanted) and wanted in words.casefold()
        found += hit
        if bool(widget.property("found")) != hit and isinstance(widget, QLabel | QAbstractButton):
            widget.setProperty("found", hit)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
    return found


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
