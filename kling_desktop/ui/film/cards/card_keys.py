"""What single keys do on a card of the film, as commands of the key map."""

from __future__ import annotations

from enum import StrEnum

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, Place

NUMBERS = range(1, 10)
"""Digits that pick a take."""


class Act(StrEnum):
    """What can be done to a card. Left and Right, which go from card to card, are the list's own."""

    OPEN = "open"
    """Play what is made, write what is planned."""
    WRITE = "write"
    NEXT_TAKE = "next_take"
    PREVIOUS_TAKE = "previous_take"
    EXTEND = "extend"
    SIBLING = "sibling"
    SEAM = "seam"
    JOIN = "join"
    COMPARE = "compare"
    REMOVE = "remove"
    DUPLICATE = "duplicate"
    MOVE_LEFT = "move_left"
    MOVE_RIGHT = "move_right"
    PASTE = "paste"


def card_commands() -> tuple[Command, ...]:
    """The commands of the film's cards, heard while they have the focus."""
    rows = (
        (Act.OPEN, tr("Play, or write a planned hop"), "Return"),
        (Act.WRITE, tr("Write a planned hop"), "F2"),
        (Act.NEXT_TAKE, tr("Next take of this hop"), "Down"),
        (Act.PREVIOUS_TAKE, tr("Previous take of this hop"), "Up"),
        (Act.EXTEND, tr("Extend from here"), "E"),
        (Act.SIBLING, tr("Another take of this hop"), "Shift+E"),
        (Act.SEAM, tr("Look at the seam"), "V"),
        (Act.JOIN, tr("Adjust the join…"), "J"),
        (Act.COMPARE, tr("Compare the takes of this hop"), "C"),
        (Act.REMOVE, tr("Remove from the plan"), "Del"),
        (Act.DUPLICATE, tr("Duplicate a planned hop"), "Ctrl+D"),
        (Act.MOVE_LEFT, tr("Move a planned hop to the left"), "Alt+Left"),
        (Act.MOVE_RIGHT, tr("Move a planned hop to the right"), "Alt+Right"),
        (Act.PASTE, tr("Paste a list of hops"), "Ctrl+V"),
    )
    group = tr("The film")
    return tuple(Command(f"film_{act}", words, (key,), group=group, place=Place.FILM) for act, words, key in rows)
