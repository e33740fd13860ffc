"""What single keys do on a card of the film."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Act(StrEnum):
    """What can be done to a card. Left and Right, which go from card to card, are the list's own."""

    OPEN = "open"
    """Play what is made, write what is planned."""
    WRITE = "write"
    NEXT_TAKE = "next take"
    PREVIOUS_TAKE = "previous take"
    EXTEND = "extend"
    SIBLING = "sibling"
    SEAM = "seam"
    COMPARE = "compare"
    REMOVE = "remove"
    DUPLICATE = "duplicate"
    MOVE_LEFT = "move left"
    MOVE_RIGHT = "move right"
    PASTE = "paste"


_ACTS = {
    (Qt.Key.Key_Return, _NONE): Act.OPEN,
    (Qt.Key.Key_Enter, _NONE): Act.OPEN,
    (Qt.Key.Key_F2, _NONE): Act.WRITE,
    (Qt.Key.Key_Down, _NONE): Act.NEXT_TAKE,
    (Qt.Key.Key_Up, _NONE): Act.PREVIOUS_TAKE,
    (Qt.Key.Key_E, _NONE): Act.EXTEND,
    (Qt.Key.Key_E, _SHIFT): Act.SIBLING,
    (Qt.Key.Key_V, _NONE): Act.SEAM,
    (Qt.Key.Key_C, _NONE): Act.COMPARE,
    (Qt.Key.Key_Delete, _NONE): Act.REMOVE,
    (Qt.Key.Key_D, _CTRL): Act.DUPLICATE,
    (Qt.Key.Key_Left, _ALT): Act.MOVE_LEFT,
    (Qt.Key.Key_Right, _ALT): Act.MOVE_RIGHT,
    (Qt.Key.Key_V, _CTRL): Act.PASTE,
}


def act_of(event: QKeyEvent) -> Act | None:
    """What a key asks for; None when it is no key of a card."""
    return _ACTS.get((Qt.Key(event.key()), _pressed_with(event)))


def number_of(event: QKeyEvent) -> int | None:
    """The number of a take that a digit picks, 1 to 9."""
    number = event.key() - Qt.Key.Key_0
    return number if 1 <= number <= 9 and _pressed_with(event) == _NONE else None


def _pressed_with(event: QKeyEvent) -> Qt.KeyboardModifier:
    # The keypad's own Enter and digits are meant like the others.
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
