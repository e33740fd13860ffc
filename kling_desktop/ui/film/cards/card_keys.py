"""What single keys do on a card of the film."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_NONE = Qt.KeyboardModifier.NoModifier


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


KEYS = {
    Act.OPEN: "Return",
    Act.WRITE: "F2",
    Act.NEXT_TAKE: "Down",
    Act.PREVIOUS_TAKE: "Up",
    Act.EXTEND: "E",
    Act.SIBLING: "Shift+E",
    Act.SEAM: "V",
    Act.COMPARE: "C",
    Act.REMOVE: "Del",
    Act.DUPLICATE: "Ctrl+D",
    Act.MOVE_LEFT: "Alt+Left",
    Act.MOVE_RIGHT: "Alt+Right",
    Act.PASTE: "Ctrl+V",
}
"""The key of each act, as QKeySequence writes it."""

_ACTS = {key: act for act, key in KEYS.items()}


def act_of(event: QKeyEvent) -> Act | None:
    """What a key asks for; None when it is no key of a card."""
    key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
    pressed = QKeySequence(QKeyCombination(_pressed_with(event), key))
    return _ACTS.get(pressed.toString(QKeySequence.SequenceFormat.PortableText))


def number_of(event: QKeyEvent) -> int | None:
    """The number of a take that a digit picks, 1 to 9."""
    number = event.key() - Qt.Key.Key_0
    return number if 1 <= number <= 9 and _pressed_with(event) == _NONE else None


def _pressed_with(event: QKeyEvent) -> Qt.KeyboardModifier:
    # The keypad's own Enter and digits are meant like the others.
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
