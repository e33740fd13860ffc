"""The style sheet names tokens that exist, and nothing else."""

from __future__ import annotations

import pytest

from kling_desktop.ui.theme.sheet import sheet
from kling_desktop.ui.theme.tokens import DARK, LIGHT, Tokens


@pytest.mark.parametrize("worn", [DARK, LIGHT], ids=["dark", "light"])
def test_no_colour_of_the_rules_is_left_open(worn: Tokens) -> None:
    assert "@" not in sheet(worn)
    assert worn.rim in sheet(worn)
