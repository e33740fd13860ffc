"""Toasts stand over the stage's foot, go by themselves, and wait while they are looked at."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.shell.toasts import Toasts


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    stage = QWidget()
    stage.resize(800, 400)
    qtbot.addWidget(stage)
    stage.show()
    qtbot.waitExposed(stage)
    return stage


def test_a_toast_stands_over_the_foot_in_the_middle(stage: QWidget) -> None:
    toast = Toasts(stage).toast("Rejected")
    box = toast.geometry()
    assert box.bottom() == stage.height() - 12 - 1
    assert abs(box.center().x() - stage.width() // 2) <= 1
    assert box.height() == 36
    stage.resize(600, 300)
    assert toast.geometry().bottom() == 300 - 12 - 1


def test_a_toast_goes_by_itself(stage: QWidget, qtbot: QtBot) -> None:
    toasts = Toasts(stage)
    toasts.toast("Rejected", seconds=0.02)
    qtbot.waitUntil(lambda: not toasts.texts())


def test_undo_is_called_once_and_the_toast_goes(stage: QWidget) -> None:
    undone: list[str] = []
    toasts = Toasts(stage)
    toast = toasts.toast("Rejected", "Undo", lambda: undone.append("x"))
    assert toast.action is not None
    toast.action.click()
    assert undone == ["x"]
    assert toasts.texts() == []


def test_a_toast_that_is_pointed_at_stays(stage: QWidget, qtbot: QtBot) -> None:
    toasts = Toasts(stage)
    held = toasts.toast("Held", seconds=0.05)
    QApplication.sendEvent(held, QEnterEvent(QPointF(), QPointF(), QPointF()))
    toasts.toast("Goes", seconds=0.1)
    qtbot.waitUntil(lambda: "Goes" not in toasts.texts())
    assert toasts.texts() == ["Held"]
    QApplication.sendEvent(held, QEvent(QEvent.Type.Leave))
    held.stay(0.01)
    qtbot.waitUntil(lambda: not toasts.texts())


def test_never_more_than_three(stage: QWidget) -> None:
    toasts = Toasts(stage)
    for number in range(5):
        toasts.toast(str(number))
    assert toasts.texts() == ["2", "3", "4"]


def test_a_long_one_stays_inside_the_stage(stage: QWidget) -> None:
    toast = Toasts(stage).toast("long " * 100, "Undo", lambda: None)
    assert toast.geometry().left() >= 12
    assert toast.geometry().right() <= stage.width() - 12
