"""Another size or shape is even, never enlarged, and keeps the middle or the whole."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.media.film.conform import new_picture, planes_of
from kling_desktop.media.writing.framing import Framer, Framing, framing

SIDES = st.integers(16, 2000).map(lambda side: side * 2)
ASPECTS = st.sampled_from([None, Fraction(9, 16), Fraction(1), Fraction(16, 9)])


@given(SIDES, SIDES, ASPECTS, st.none() | st.integers(64, 4000), st.booleans())
def test_a_framing_is_even_and_a_crop_is_within_the_film(
    width: int, height: int, aspect: Fraction | None, longest: int | None, crop: bool
) -> None:
    found = framing(width, height, aspect, longest, crop)
    assert found.width % 2 == found.height % 2 == 0
    assert longest is None or max(found.width, found.height) <= longest
    if crop:
        assert found.width <= width
        assert found.height <= height
    if aspect is None and longest is None:
        assert (found.width, found.height) == (width, height)


@pytest.mark.parametrize(("crop", "corner", "middle"), [(True, 200, 200), (False, 16, 200)])
def test_bars_are_black_and_a_crop_has_none(crop: bool, corner: int, middle: int) -> None:
    picture = new_picture(320, 180)
    for number, plane in enumerate(planes_of(picture)):
        plane[:] = 128 if number else 200
    wanted = framing(320, 180, Fraction(9, 16), None, crop)
    luma = planes_of(Framer(wanted).framed(picture))[0]
    assert luma.shape == (wanted.height, wanted.width)
    assert (luma[0, 0], luma[wanted.height // 2, wanted.width // 2]) == (corner, middle)


def test_a_film_in_its_own_shape_is_not_touched() -> None:
    picture = new_picture(320, 180)
    assert Framer(Framing(320, 180)).framed(picture) is picture
