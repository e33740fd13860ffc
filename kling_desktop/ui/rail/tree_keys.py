"""What single keys do in the tree, as commands of the key map."""

from __future__ import annotations

from enum import StrEnum

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, Place

STARS = range(6)
"""Digits that give stars."""


class Act(StrEnum):
    """What can be done to a row."""

    PICK = "pick"
    REJECT = "reject"
    EXTEND = "extend"
    SIBLING = "sibling"
    SEAM = "seam"
    JOIN = "join"
    COMPARE = "compare"
    PLAY = "play"
    FOLD = "fold"
    UNFOLD = "unfold"


def tree_commands() -> tuple[Command, ...]:
    """The commands of the tree, heard while it has the focus."""
    rows = (
        (Act.PLAY, tr("Play"), "Return"),
        (Act.PICK, tr("Pick for the film"), "P"),
        (Act.REJECT, tr("Reject"), "X"),
        (Act.EXTEND, tr("Extend from here"), "E"),
        (Act.SIBLING, tr("Another take of this hop"), "Shift+E"),
        (Act.SEAM, tr("Look at the seam"), "V"),
        (Act.JOIN, tr("Adjust the join…"), "J"),
        (Act.COMPARE, tr("Compare"), "C"),
        (Act.FOLD, tr("Fold the rejected takes"), "Left"),
        (Act.UNFOLD, tr("Show the rejected takes"), "Right"),
    )
    group = tr("Tree")
    return tuple(Command(f"tree_{act}", words, (key,), group=group, place=Place.TREE) for act, words, key in rows)
