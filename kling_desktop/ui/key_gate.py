"""Lets single-key shortcuts work in the whole window, and rest where the focused widget needs the key itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_TYPED_INTO = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QKeySequenceEdit)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ENDS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})
_SIDEWAYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})
_NEEDED: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, frozenset({Qt.Key.Key_Space})),
    (QGroupBox, frozenset({Qt.Key.Key_Space})),
    (QAbstractSlider, _SIDEWAYS | _ENDS),
    (QTabBar, _SIDEWAYS | _ENDS),
    (QAbstractItemView, _ENDS),
)


def needs(widget: QWidget | None, key: QKeySequence) -> bool:
    """Whether a widget with the focus does something of its own with a key, so that no shortcut may take it.

    A slider with the property "seeks" leaves its arrows to the player.
    """
    if widget is None or key.isEmpty():
        return False
    first = cast("Sequence[QKeyCombination]", key)[0]  # the stubs do not know that it can be indexed
    if first.keyboardModifiers() & _COMMANDS:
        return False
    if isinstance(widget, _TYPED_INTO):
        return True
    if widget.property("seeks"):
        return False
    return any(isinstance(widget, kind) and first.key() in keys for kind, keys in _NEEDED)


class KeyGate(QObject):
    """Gives each guarded action the part of its keys that the focused widget can spare."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._guarded: list[tuple[QAction, tuple[QKeySequence, ...]]] = []
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - no widget lives without one
        app.focusChanged.connect(self._weigh)

    def guard(self, action: QAction, keys: Sequence[QKeySequence]) -> None:
        """Let an action have these keys from now on, as far as the focus allows."""
        self._guarded.append((action, tuple(keys)))
        self._allot(action, tuple(keys), QApplication.focusWidget())

    def _weigh(self, old: QWidget | None, new: QWidget | None) -> None:
        for action, keys in self._guarded:
            self._allot(action, keys, new)

    def _allot(self, action: QAction, keys: tuple[QKeySequence, ...], focused: QWidget | None) -> None:
        spared = [key for key in keys if not needs(focused, key)]
        if action.shortcuts() != spared:
            action.setShortcuts(spared)
