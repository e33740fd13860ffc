"""Whatever is read can be read: contrasts by the formula of WCAG 2.2."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.colours import DARK, LIGHT, Colours, palette, sheet

BOTH = pytest.mark.parametrize("worn", [DARK, LIGHT], ids=["dark", "light"])


def luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@BOTH
@pytest.mark.parametrize("text", ["text", "quiet", "accent", "caution", "danger"])
@pytest.mark.parametrize("ground", ["window", "base", "alternate", "button"])
def test_text_can_be_read(worn: Colours, text: str, ground: str) -> None:
    assert contrast(getattr(worn, text), getattr(worn, ground)) >= 4.5


@BOTH
def test_what_is_selected_can_be_read(worn: Colours) -> None:
    assert contrast(worn.on_highlight, worn.highlight) >= 4.5
    assert contrast(worn.text, worn.hover) >= 4.5


@BOTH
@pytest.mark.parametrize("status", Status)
def test_states_can_be_read(worn: Colours, status: Status) -> None:
    assert contrast(worn.states[status], worn.base) >= 4.5
    assert contrast(worn.states[status], worn.window) >= 4.5


@BOTH
def test_what_can_be_written_into_has_an_outline_and_focus_shows(worn: Colours) -> None:
    for ground in (worn.base, worn.window):
        assert contrast(worn.rim, ground) >= 3
        assert contrast(worn.accent, ground) >= 3


@BOTH
def test_the_palette_wears_the_colours(worn: Colours) -> None:
    made = palette(worn)
    assert made.color(QPalette.ColorRole.Text).name() == worn.text
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert disabled.name() == worn.faint


@BOTH
def test_no_colour_of_the_rules_is_left_open(worn: Colours) -> None:
    assert "@" not in sheet(worn)
