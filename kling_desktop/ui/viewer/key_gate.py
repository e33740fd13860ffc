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
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
_SIDEWAYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})
_EDITS = frozenset({Qt.Key.Key_Z, Qt.Key.Key_Y})
"""With Ctrl a text takes its own changes back; Qt leaves Ctrl+Y to it on some systems only."""
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
        return (
            isinstance(widget, _TYPED_INTO) and first.key() in _ARROWS | _EDITS
        )  # words are walked through, and the history
    if isinstance(widget, _TYPED_INTO):
        return isinstance(widget, QKeySequenceEdit) or not _writes_nothing(first.key())
    if widget.property("seeks"):
        return False
    return any(isinstance(widget, kind) and first.key() in keys for kind, keys in _NEEDED)


def _writes_nothing(key: Qt.Key) -> bool:
    """F1 and its like, but for F4, which opens a list of choices, and the keys of a keyboard that plays."""
    is_function = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35 and key != Qt.Key.Key_F4
    return is_function or Qt.Key.Key_MediaPlay <= key <= Qt.Key.Key_MediaTogglePlayPause


def claimed(widget: QWidget | None, key: QKeySequence) -> bool:
    """Whether a widget, or a panel around it, has a shortcut of its own on this key.

    It says so by the property "own_keys", a list of keys in portable text.
    """
    text = key.toString(QKeySequence.SequenceFormat.PortableText)
    while widget is not None:
        if text in (widget.property("own_keys") or ()):
            return True
        widget = None if widget.isWindow() else widget.parentWidget()
    return False


class KeyGate(QObject):
    """Gives each guarded action the part of its keys that the focused widget can spare."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._guarded: dict[QAction, tuple[tuple[QKeySequence, ...], bool]] = {}
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - no widget lives without one
        app.focusChanged.connect(self._follow)

    def guard(self, action: QAction, keys: Sequence[QKeySequence], *, yields: bool = True) -> None:
        """Let an action have these keys from now on, in place of those it had, as far as the focus allows.

        One that yields leaves a key to the panel with the focus if that has claimed it.
        """
        self._guarded[action] = (tuple(keys), yields)
        self._allot(action, QApplication.focusWidget())

    def _follow(self, _old: QWidget | None, focused: QWidget | None) -> None:
        for action in self._guarded:
            self._allot(action, focused)

    def _allot(self, action: QAction, focused: QWidget | None) -> None:
        keys, yields = self._guarded[action]
        spared = [key for key in keys if not needs(focused, key) and not (yields and claimed(focused, key))]
        if action.shortcuts() != spared:
            action.setShortcuts(spared)
