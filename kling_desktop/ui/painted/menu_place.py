"""Of which item of a list a menu is asked for, and where it opens."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> tuple[QModelIndex, QPoint]:
    """The item, not valid where there is none, and a place on the screen: by mouse where it points; by the Menu key
    the middle of the current item, which is brought into sight.
    """
    if event.reason() is not QContextMenuEvent.Reason.Keyboard:
        return view.indexAt(event.pos()), event.globalPos()
    index = view.currentIndex()
    if index.isValid():
        view.scrollTo(index)
    return index, view.viewport().mapToGlobal(view.visualRect(index).center())
