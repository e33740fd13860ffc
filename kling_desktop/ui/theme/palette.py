"""How a Qt palette is made of the tokens."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from kling_desktop.ui.theme.tokens import Tokens


def palette(worn: Tokens) -> QPalette:
    """The Qt palette of a set of tokens: what no rule of the style sheet names looks right by it."""
    made = QPalette(QColor(worn.raised), QColor(worn.window))
    role = QPalette.ColorRole
    for at, colour in {
        role.Window: worn.window,
        role.Base: worn.base,
        role.AlternateBase: worn.panel,
        role.Button: worn.raised,
        role.WindowText: worn.text,
        role.Text: worn.text,
        role.ButtonText: worn.text,
        role.BrightText: worn.bad,
        role.PlaceholderText: worn.faint,
        role.ToolTipBase: worn.raised,
        role.ToolTipText: worn.text,
        role.Highlight: worn.sel,
        role.HighlightedText: worn.text,
        role.Accent: worn.accent,
        role.Link: worn.accent,
        role.LinkVisited: worn.accent,
        role.Light: worn.edge,
        role.Midlight: worn.hover,
        role.Mid: worn.edge,
        role.Dark: worn.line,
        role.Shadow: worn.line,
    }.items():
        made.setColor(at, QColor(colour))
    for at in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, at, QColor(worn.faint))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(worn.hover))
    return made
