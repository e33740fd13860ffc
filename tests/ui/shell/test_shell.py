"""The frame of the window lays its panels out, folds them, and passes the focus round."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui import theme
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.shell.folding import Arrangement
from kling_desktop.ui.shell.rail_strip import RailPage
from kling_desktop.ui.shell.shell import Panels, Shell
from kling_desktop.ui.shell.shell_keys import ShellKeys, shell_commands

PAGES = (RailPage("tree", "Tree"), RailPage("list", "All takes"), RailPage("queue", "Queue"))


def pane() -> tuple[QWidget, QLineEdit, QLineEdit]:
    """A panel with two fields."""
    panel, first, second = QWidget(), QLineEdit(), QLineEdit()
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    for field in (first, second):
        field.setMinimumWidth(10)
        column.addWidget(field)
    return panel, first, second


@dataclass
class Stand:
    """A window with a shell of plain panels."""

    window: QMainWindow
    shell: Shell
    keys: ShellKeys
    rail: tuple[QWidget, QLineEdit, QLineEdit]
    centre: tuple[QWidget, QLineEdit, QLineEdit]
    panel: tuple[QWidget, QLineEdit, QLineEdit]
    film: tuple[QWidget, QLineEdit, QLineEdit]
    bar: tuple[QWidget, QLineEdit, QLineEdit]

    def resize(self, width: int, height: int) -> None:
        self.window.resize(width, height)
        QApplication.sync()  # else the screen's word on the size before may come after this one, and undo it
        QApplication.processEvents()


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    window, top = QMainWindow(), QWidget()
    top.setFixedHeight(40)
    rail, centre, panel, film, bar = (pane() for _ in range(5))
    shell = Shell(Panels(top, rail[0], centre[0], panel[0], film[0], bar[0]), PAGES)
    keys = ShellKeys(shell, KeyMap(shell_commands(), window))
    window.setCentralWidget(shell)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Stand(window, shell, keys, rail, centre, panel, film, bar)


def test_the_panels_stand_as_designed(stand: Stand) -> None:
    assert stand.rail[0].width() == 280
    assert stand.panel[0].width() == 320
    assert stand.centre[0].width() == 1440 - 280 - 320
    assert stand.film[0].height() == 184
    assert stand.film[0].width() == 1440


def test_a_small_window_folds_and_a_large_one_unfolds(stand: Stand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stand.shell.arranged) as told:
        stand.resize(900, 600)
    assert isinstance(told.args[0], Arrangement)
    assert stand.shell.strip.isVisible()
    assert not stand.rail[0].isVisible()
    assert stand.bar[0].isVisible()
    assert (stand.bar[0].height(), stand.panel[0].width()) == (40, 280)
    assert stand.centre[0].width() == 900 - 40 - 280
    stand.resize(1440, 900)
    assert stand.rail[0].isVisible()
    assert stand.rail[0].width() == 280
    assert stand.film[0].isVisible()
    assert not stand.shell.strip.isVisible()


def test_the_window_cannot_be_made_too_small(stand: Stand) -> None:
    stand.resize(300, 200)
    assert stand.window.width() >= 900
    assert stand.shell.height() >= 600 - 2 * 24  # the window itself is held at 600; its menu may be higher


def test_keys_fold_and_unfold(stand: Stand, qtbot: QtBot) -> None:
    stand.centre[1].setFocus()
    for key, folded in ((Qt.Key.Key_1, stand.rail), (Qt.Key.Key_2, stand.film), (Qt.Key.Key_3, stand.panel)):
        QTest.keyClick(stand.centre[1], key, Qt.KeyboardModifier.ControlModifier)
        assert not folded[0].isVisible()
        QTest.keyClick(stand.centre[1], key, Qt.KeyboardModifier.ControlModifier)
        assert folded[0].isVisible()


def test_f6_goes_round_the_panels_to_what_had_the_focus(stand: Stand, qtbot: QtBot) -> None:
    stand.rail[2].setFocus()
    seen = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen == [stand.centre[1], stand.panel[1], stand.film[1], stand.rail[2]]
    QTest.keyClick(stand.rail[2], Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is stand.film[1]


def test_folding_a_panel_loses_no_focus(stand: Stand) -> None:
    stand.panel[1].setFocus()
    stand.shell.toggle_panel()
    assert QApplication.focusWidget() is stand.centre[1]


def test_the_rail_opens_over_the_stage_and_closes(stand: Stand, qtbot: QtBot) -> None:
    stand.resize(1000, 900)
    stand.centre[1].setFocus()
    with qtbot.waitSignal(stand.shell.rail_page_asked) as asked:
        stand.shell.strip.buttons[2].click()
    assert asked.args == [2]
    assert stand.rail[0].isVisible()
    assert stand.rail[0].x() == 40
    assert stand.rail[1].hasFocus()
    assert stand.centre[0].width() == 1000 - 40 - 280
    QTest.keyClick(stand.rail[1], Qt.Key.Key_Escape)
    assert not stand.rail[0].isVisible()
    assert stand.centre[1].hasFocus()


def test_a_press_beside_the_drawer_closes_it_and_one_inside_does_not(stand: Stand, qtbot: QtBot) -> None:
    stand.resize(1000, 900)
    stand.shell.toggle_rail()
    QTest.mouseClick(stand.rail[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 5))
    assert stand.rail[0].isVisible()
    QTest.mouseClick(stand.panel[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 5))
    assert not stand.rail[0].isVisible()


def test_a_drawer_that_is_open_becomes_the_rail_again_in_a_wide_window(stand: Stand) -> None:
    stand.resize(1000, 900)
    stand.shell.toggle_rail()
    stand.resize(1440, 900)
    assert stand.rail[0].isVisible()
    assert stand.rail[0].geometry().x() == 0
    assert stand.rail[0].width() == 280
    stand.resize(1000, 900)
    assert not stand.rail[0].isVisible()


def test_the_panels_are_as_they_were_left(stand: Stand) -> None:
    stand.shell.toggle_panel()
    stand.shell.toggle_film()
    kept = stand.shell.state_text()
    stand.shell.reset_layout()
    assert stand.panel[0].isVisible()
    assert stand.film[0].isVisible()
    stand.shell.restore_state("nonsense")
    assert stand.panel[0].isVisible()
    stand.shell.restore_state(kept)
    assert not stand.panel[0].isVisible()
    assert not stand.film[0].isVisible()


def test_what_was_dragged_keeps_its_proportion(stand: Stand) -> None:
    splitter = stand.shell._across
    splitter.moveSplitter(360, 1)
    assert stand.rail[0].width() == 360
    stand.resize(2880, 900)
    assert stand.rail[0].width() == pytest.approx(720, abs=2)
    stand.shell.reset_layout()
    assert stand.rail[0].width() == 280


def test_larger_letters_fold_as_a_smaller_window_does(stand: Stand, qapp: QApplication) -> None:
    theme.apply_text_size(qapp, 150)
    try:
        assert stand.shell.strip.isVisible()
        assert stand.bar[0].isVisible()
        assert (stand.bar[0].height(), stand.panel[0].width()) == (60, 420)
    finally:
        theme.apply_text_size(qapp, 100)
    assert stand.rail[0].isVisible()
    assert stand.panel[0].width() == 320


def test_the_menu_ticks_what_is_folded(stand: Stand) -> None:
    actions = stand.keys.actions_by_name
    assert not actions["fold_panel"].isChecked()
    actions["fold_panel"].trigger()
    assert actions["fold_panel"].isChecked()
    actions["reset_layout"].trigger()
    assert not actions["fold_panel"].isChecked()


def test_the_strip_says_how_much_waits(stand: Stand) -> None:
    stand.shell.strip.show_count(2, 3)
    assert stand.shell.strip.buttons[2].accessibleName() == "Queue 3"
    stand.shell.strip.show_count(2, 0)
    assert stand.shell.strip.buttons[2].accessibleName() == "Queue"
