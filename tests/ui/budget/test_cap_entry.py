"""Limits are switched and typed; in the settings a dot says that one is on, and takes it back."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.units import Cap, CapScope
from kling_desktop.ui.budget.cap_entry import CapEntry


def test_a_dot_stands_before_a_limit_that_is_on_and_takes_it_back(qtbot: QtBot) -> None:
    entry = CapEntry(dots=True)
    qtbot.addWidget(entry)
    entry.show()
    entry.show_caps([Cap("Kling", CapScope.DAY, Decimal(20))])
    assert [scope for scope, dot in entry.dots.items() if dot.isVisible()] == [CapScope.DAY]
    with qtbot.waitSignal(entry.cap_dropped) as dropped:
        QTest.mouseClick(entry.dots[CapScope.DAY], Qt.MouseButton.LeftButton)
    assert dropped.args == [CapScope.DAY]
    assert not entry.dots[CapScope.DAY].isVisible()
    entry.switches[CapScope.FILM].setChecked(True)
    assert entry.dots[CapScope.FILM].isVisible()


def test_elsewhere_there_are_no_dots(qtbot: QtBot) -> None:
    entry = CapEntry()
    qtbot.addWidget(entry)
    assert entry.dots == {}
