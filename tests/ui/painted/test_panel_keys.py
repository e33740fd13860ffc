"""A panel's keys are those of the key map, whatever the creator makes of them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.key_map import Command, KeyMap, Place
from kling_desktop.ui.painted.panel_keys import PanelKeys

_NONE, _KEYPAD = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class Act(StrEnum):
    OPEN = "open"
    DROP = "drop"


def _pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


def _map() -> KeyMap:
    rows = (("open", "Return"), ("drop", "Shift+X"))
    return KeyMap(Command(f"box_{name}", name, (key,), place=Place.TREE) for name, key in rows)


def _keys(qtbot: QtBot, keys: KeyMap) -> tuple[QWidget, PanelKeys[Act]]:
    panel = QWidget()
    qtbot.addWidget(panel)
    return panel, PanelKeys(panel, "box", Act, keys, range(1, 4))


def test_keys_mean_what_the_map_says(qtbot: QtBot) -> None:
    _, keys = _keys(qtbot, _map())
    assert keys.act(_pressed(Qt.Key.Key_Return)) is Act.OPEN
    assert keys.act(_pressed(Qt.Key.Key_Enter, _KEYPAD)) is Act.OPEN
    assert keys.act(_pressed(Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)) is Act.DROP
    assert keys.act(_pressed(Qt.Key.Key_X)) is None
    assert keys.shown(Act.DROP) == "Shift+X"


def test_digits_mean_something_within_their_range(qtbot: QtBot) -> None:
    _, keys = _keys(qtbot, _map())
    digits = [keys.digit(_pressed(key, _KEYPAD)) for key in (Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_4)]
    assert digits == [None, 1, 3, None]
    assert keys.digit(_pressed(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)) is None


def test_a_changed_key_is_heard_at_once(qtbot: QtBot) -> None:
    whole = _map()
    panel, keys = _keys(qtbot, whole)
    whole.assign("box_open", ["O"])
    assert keys.act(_pressed(Qt.Key.Key_Return)) is None
    assert keys.act(_pressed(Qt.Key.Key_O)) is Act.OPEN
    assert "O" in panel.property("own_keys")
    whole.assign("box_open", [])
    assert keys.shown(Act.OPEN) == ""


def test_the_window_is_told_which_keys_are_the_panels(qtbot: QtBot) -> None:
    panel, keys = _keys(qtbot, _map())
    assert {"Return", "Shift+X", "1", "3", "Up", "Home"} <= set(panel.property("own_keys"))
    assert keys.is_ours(_pressed(Qt.Key.Key_2))
    assert not keys.is_ours(_pressed(Qt.Key.Key_B))
