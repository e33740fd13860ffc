"""Whatever is read can be read: contrasts by the formula of WCAG 2.2 for every pair of tokens that meet."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from kling_desktop.ui.theme.tokens import DARK, LIGHT, Tokens, changed, tokens, wear

BOTH = pytest.mark.parametrize("worn", [DARK, LIGHT], ids=["dark", "light"])
SURFACES = ("window", "panel", "base", "raised", "hover", "sel")
INKS = ("text", "quiet", "accent", "ok", "warn", "bad")
PAIRS = [
    *((ink, ground) for ink in INKS for ground in SURFACES),
    *(("faint", ground) for ground in ("window", "panel", "base")),
    ("text", "stage"),
    ("onfill", "fill"),
    *(("text", ground) for ground in ("warnbg", "badbg", "accbg")),
    ("warn", "warnbg"),
    ("bad", "badbg"),
    ("accent", "accbg"),
]
"""Words and what they stand on."""


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
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_can_be_read(worn: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(worn, ink), getattr(worn, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize("ground", ["window", "panel", "base"])
def test_what_can_be_written_into_has_a_rim_and_focus_shows(worn: Tokens, ground: str) -> None:
    assert contrast(worn.rim, getattr(worn, ground)) >= 3
    assert contrast(worn.accent, getattr(worn, ground)) >= 3


@BOTH
def test_focus_shows_on_raised_and_chosen_things(worn: Tokens) -> None:
    for ground in (worn.raised, worn.hover, worn.sel):
        assert contrast(worn.accent, ground) >= 3
    assert contrast(worn.text, worn.fill) >= 2.5  # the ring round the filled button is drawn off it, in `text`


@BOTH
def test_a_surface_has_no_tint(worn: Tokens) -> None:
    for name in (
        "stage",
        "window",
        "panel",
        "base",
        "raised",
        "hover",
        "line",
        "edge",
        "rim",
        "text",
        "quiet",
        "faint",
    ):
        colour = getattr(worn, name)
        assert colour[1:3] == colour[3:5] == colour[5:7], name


@BOTH
def test_every_token_is_a_colour(worn: Tokens) -> None:
    for field in fields(worn):
        if field.name != "dark":
            assert re.fullmatch("#[0-9a-f]{6}", getattr(worn, field.name)), field.name


def test_who_paints_hears_of_a_change_once() -> None:
    heard: list[Tokens] = []
    wear(DARK)

    def hear() -> None:
        heard.append(tokens())

    changed.connect(hear)
    try:
        wear(LIGHT)
        wear(LIGHT)
        wear(DARK)
    finally:
        changed.disconnect(hear)
    assert heard == [LIGHT, DARK]
