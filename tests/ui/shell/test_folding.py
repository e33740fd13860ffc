"""What folds at which size, what the creator may wish, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kling_desktop.ui.shell.folding import MINIMUM, STRIP, Wishes, arrange, from_text, to_text

NOTHING = Wishes()


def test_the_design_at_its_own_size() -> None:
    now = arrange(1440, 900, NOTHING)
    assert (now.rail, now.panel, now.film) == (280, 320, 184)
    assert not now.rail_strip
    assert not now.film_bar
    assert now.chip_words
    assert now.large_source


@pytest.mark.parametrize(
    ("width", "words", "rail", "strip", "panel"),
    [
        (1280, True, 280, False, 320),
        (1279, False, 260, False, 320),
        (1100, False, 260, False, 320),
        (1099, False, 260, True, 280),
    ],
)
def test_what_folds_by_width(width: int, words: bool, rail: int, strip: bool, panel: int) -> None:
    now = arrange(width, 900, NOTHING)
    assert (now.chip_words, now.rail, now.rail_strip, now.panel) == (words, rail, strip, panel)


@pytest.mark.parametrize(("height", "bar", "source"), [(820, False, True), (819, True, True), (699, True, False)])
def test_what_folds_by_height(height: int, bar: bool, source: bool) -> None:
    now = arrange(1440, height, NOTHING)
    assert (now.film_bar, now.large_source) == (bar, source)
    assert now.film == (STRIP if bar else 184)


@given(
    some.integers(MINIMUM[0], 3840),
    some.integers(MINIMUM[1], 2160),
    some.floats(0, 1),
    some.floats(0, 1),
    some.floats(0, 1),
    some.sampled_from([None, True, False]),
)
def test_the_viewer_stays_the_largest(
    width: int, height: int, rail: float, panel: float, film: float, folded: bool | None
) -> None:
    wishes = Wishes(rail_share=rail, panel_share=panel, film_share=film, film_folded=folded)
    now = arrange(width, height, wishes)
    left = STRIP if now.rail_strip else now.rail
    assert width - left - now.panel > max(left, now.panel)
    assert height - 64 - now.film > now.film


def test_larger_letters_need_more_room() -> None:
    now = arrange(2160, 1350, NOTHING, 1.5)
    assert (now.rail, now.panel, now.film, now.rail_strip, now.film_bar) == (420, 480, 276, False, False)
    assert arrange(1440, 900, NOTHING, 1.5).rail_strip
    assert arrange(900, 600, NOTHING, 2).panel == 405


def test_a_wished_width_keeps_its_proportion() -> None:
    wishes = replace(NOTHING, rail_share=0.25)
    assert arrange(1440, 900, wishes).rail == 360
    assert arrange(2880, 900, wishes).rail == 720
    assert arrange(1440, 900, replace(NOTHING, rail_share=0.01)).rail == 220


def test_a_folded_film_can_be_wished_open_in_a_low_window() -> None:
    assert not arrange(1440, 700, replace(NOTHING, film_folded=False)).film_bar
    assert arrange(1440, 1200, replace(NOTHING, film_folded=True)).film_bar


def test_wishes_are_kept_as_text() -> None:
    wishes = Wishes(True, True, False, 0.2, 0.3, 0.25)
    assert from_text(to_text(wishes)) == wishes
    assert from_text('{"rail_folded": true, "of_a_newer_program": 3}') == Wishes(rail_folded=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "3",
        '{"rail_share": "wide"}',
        '{"rail_share": 7}',
        '{"panel_share": NaN}',
        '{"rail_folded": 1}',
    ],
)
def test_a_text_that_is_not_understood_says_nothing(text: str) -> None:
    assert from_text(text) is None


@pytest.mark.parametrize(
    ("size", "scale", "is_cramped"),
    [(MINIMUM, 1.0, False), ((1440, 900), 1.5, False), ((1440, 900), 2.0, True), (MINIMUM, 1.25, True)],
)
def test_only_letters_too_large_for_the_window_cramp_it(
    size: tuple[int, int], scale: float, *, is_cramped: bool
) -> None:
    assert arrange(*size, Wishes(), scale).is_cramped is is_cramped
