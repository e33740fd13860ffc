"""How the program looks: tokens, palette, style sheet, icons.

Painted widgets ask `tokens()` for their colours. The others get everything from palette and style sheet; properties
ask for more: `primary` on the one QPushButton that a panel is about, `quiet` on a QLabel that explains, `heading` on
a QLabel that names a panel, `danger` on a QLabel that says what is wrong.
"""

from __future__ import annotations

from kling_desktop.ui.theme.icons import icon, program_icon, status_colour
from kling_desktop.ui.theme.resources import resource
from kling_desktop.ui.theme.switching import apply, apply_text_size, hold_sheet, wear_sheet
from kling_desktop.ui.theme.tokens import tokens

GAP = 8
"""Pixels between things that belong together; panels use twice, hairlines half of it."""

ICON = 16
"""Side of a button's icon in pixels."""

colours = tokens
"""The name by which panels of before ask for the tokens."""

__all__ = [
    "GAP",
    "ICON",
    "apply",
    "apply_text_size",
    "colours",
    "hold_sheet",
    "icon",
    "program_icon",
    "resource",
    "status_colour",
    "tokens",
    "wear_sheet",
]
