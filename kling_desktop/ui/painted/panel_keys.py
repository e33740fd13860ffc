"""The keys of one painted panel: what the key map gives to its commands, told by the panel while it has the focus."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.key_map import KeyMap, portable

_Act = TypeVar("_Act", bound=StrEnum)
_WALKED = ("Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown")
"""Keys that go through the panel; no shortcut of the window may take them from it."""


class PanelKeys(QObject, Generic[_Act]):
    """Follows the key map, and keeps the panel's keys from menus of the window that know them too.

    A command of the map is named `<prefix>_<act>`.
    """

    def __init__(self, panel: QWidget, prefix: str, acts: Iterable[_Act], keys: KeyMap, digits: Iterable[int]) -> None:
        super().__init__(panel)
        self._panel, self._prefix, self._acts, self._keys = panel, prefix, tuple(acts), keys
        self._digits = tuple(digits)
        self._by_key: dict[str, _Act] = {}
        keys.changed.connect(self._learn)
        panel.installEventFilter(self)
        self._learn()

    def act(self, event: QKeyEvent) -> _Act | None:
        """What a key asks for; None when it is no key of the panel."""
        return self._by_key.get(_spelled(event))

    def digit(self, event: QKeyEvent) -> int | None:
        """The digit that was pressed, if it means something here and no command has it."""
        number = event.key() - Qt.Key.Key_0
        return number if number in self._digits and _spelled(event) == str(number) else None

    def is_ours(self, event: QKeyEvent) -> bool:
        """Whether the panel does something with a key."""
        return self.act(event) is not None or self.digit(event) is not None

    def shown(self, act: _Act) -> str:
        """The first key of an act as menus write it; empty when it has none."""
        return self._keys.shown(f"{self._prefix}_{act}")

    def eventFilter(self, panel: QObject, event: QEvent) -> bool:
        """Claim the panel's keys before a shortcut of the window has them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.is_ours(event):
            event.accept()
            return True
        return super().eventFilter(panel, event)

    def _learn(self) -> None:
        self._by_key = {portable(key): act for act in self._acts for key in self._keys.keys(f"{self._prefix}_{act}")}
        digits = (str(digit) for digit in self._digits)
        self._panel.setProperty("own_keys", [*self._by_key, *digits, *_WALKED])


def _spelled(event: QKeyEvent) -> str:
    """A key in portable text. The keypad's own Enter and digits are meant like the others."""
    key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
    pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(pressed, key)).toString(QKeySequence.SequenceFormat.PortableText)
