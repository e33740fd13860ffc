"""The cheat sheet opens where one searches, and closes by Escape."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.help.cheat_sheet import CheatSheet
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.viewer.viewer_keys import commands


def test_one_types_to_search_and_enter_closes_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = CheatSheet(KeyMap(commands()), window)
    sheet.open()
    qtbot.waitUntil(sheet.page.search.hasFocus)
    QTest.keyClicks(sheet.page.search, "loupe")
    QTest.keyClick(sheet.page.search, Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert [name for name, row in sheet.page._rows.items() if not row.isHidden()] == ["loupe"]
    with qtbot.waitSignal(sheet.destroyed):
        QTest.keyClick(sheet.page.search, Qt.Key.Key_Escape)
