"""The palette says what the tokens say."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette

from kling_desktop.ui.theme.palette import palette
from kling_desktop.ui.theme.tokens import DARK, LIGHT, Tokens


@pytest.mark.parametrize("worn", [DARK, LIGHT], ids=["dark", "light"])
def test_the_palette_wears_the_tokens(worn: Tokens) -> None:
    made, role = palette(worn), QPalette.ColorRole
    asked = {
        role.Window: worn.window,
        role.Base: worn.base,
        role.AlternateBase: worn.panel,
        role.Button: worn.raised,
        role.Text: worn.text,
        role.Highlight: worn.sel,
        role.HighlightedText: worn.text,
        role.Accent: worn.accent,
        role.PlaceholderText: worn.faint,
    }
    assert {at: made.color(at).name() for at in asked} == asked
    assert made.color(QPalette.ColorGroup.Disabled, role.ButtonText).name() == worn.faint
