"""The rail has three pages and one choice between them."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE, Rail


def test_pages_are_turned(qtbot: QtBot) -> None:
    pages = [QLabel(name) for name in ("tree", "takes", "queue")]
    rail = Rail(*pages)
    qtbot.addWidget(rail)
    rail.show()
    assert pages[TREE].isVisible()
    with qtbot.waitSignal(rail.turned) as heard:
        rail.findChildren(QAbstractButton)[QUEUE].click()
    assert heard.args == [QUEUE]
    assert pages[QUEUE].isVisible()
    with qtbot.assertNotEmitted(rail.turned):
        rail.turn_to(ALL_TAKES)
    assert pages[ALL_TAKES].isVisible()
    rail.tell_queue(3)
    rail.grab()
