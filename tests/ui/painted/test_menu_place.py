"""A menu opens where the mouse points, and by the Menu key at the current item, which comes into sight for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QStringListModel
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.menu_place import menu_place

Reason = QContextMenuEvent.Reason


@pytest.fixture
def view(qtbot: QtBot) -> QListView:
    view = QListView()
    view.setModel(QStringListModel([str(number) for number in range(200)], view))
    view.resize(200, 200)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


def _event(view: QListView, reason: QContextMenuEvent.Reason, place: QPoint) -> QContextMenuEvent:
    return QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))


def test_by_mouse_it_is_of_the_item_under_it(view: QListView) -> None:
    place = view.visualRect(view.model().index(3, 0)).center()
    assert menu_place(view, _event(view, Reason.Mouse, place)) == (
        view.model().index(3, 0),
        view.viewport().mapToGlobal(place),
    )


def test_by_key_the_current_item_comes_into_sight(view: QListView) -> None:
    current = view.model().index(150, 0)
    view.setCurrentIndex(current)
    view.scrollToTop()
    index, place = menu_place(view, _event(view, Reason.Keyboard, QPoint()))
    assert index == current
    assert view.viewport().rect().contains(view.viewport().mapFromGlobal(place))


def test_where_nothing_is_no_item_is_meant(view: QListView) -> None:
    view.setModel(QStringListModel([], view))
    for reason in (Reason.Mouse, Reason.Keyboard):
        index, _ = menu_place(view, _event(view, reason, QPoint(20, 20)))
        assert index == QModelIndex()
