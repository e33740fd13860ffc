"""What single keys do in the tree."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class Act(StrEnum):
    """What can be done to a row."""

    PICK = "pick"
    REJECT = "reject"
    EXTEND = "extend"
    SIBLING = "sibling"
    SEAM = "seam"
    COMPARE = "compare"
    PLAY = "play"
    FOLD = "fold"
    UNFOLD = "unfold"


KEYS = {
    Act.PICK: "P",
    Act.REJECT: "X",
    Act.EXTEND: "E",
    Act.SIBLING: "Shift+E",
    Act.SEAM: "V",
    Act.COMPARE: "C",
    Act.PLAY: "Return",
}
"""The key that is shown beside each word of the menu, as QKeySequence reads it."""

_ACTS = {
    (Qt.Key.Key_P, _NONE): Act.PICK,
    (Qt.Key.Key_X, _NONE): Act.REJECT,
    (Qt.Key.Key_E, _NONE): Act.EXTEND,
    (Qt.Key.Key_E, _SHIFT): Act.SIBLING,
    (Qt.Key.Key_V, _NONE): Act.SEAM,
    (Qt.Key.Key_C, _NONE): Act.COMPARE,
    (Qt.Key.Key_Return, _NONE): Act.PLAY,
    (Qt.Key.Key_Enter, _NONE): Act.PLAY,
    (Qt.Key.Key_Left, _NONE): Act.FOLD,
    (Qt.Key.Key_Right, _NONE): Act.UNFOLD,
}


def act_of(event: QKeyEvent) -> Act | None:
    """What a key asks for; None when it is no key of the tree."""
    return _ACTS.get((Qt.Key(event.key()), _pressed_with(event)))


def stars_of(event: QKeyEvent) -> int | None:
    """The stars that a digit gives, 0 to 5."""
    stars = event.key() - Qt.Key.Key_0
    return stars if 0 <= stars <= 5 and _pressed_with(event) == _NONE else None


def _pressed_with(event: QKeyEvent) -> Qt.KeyboardModifier:
    # The keypad's own Enter and digits are meant like the others.
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
