"""A film's lengths are those of its cards."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kling_desktop.ui.film.film_view import Card, CardKind, FilmView, stretches
from kling_desktop.ui.painted.shapes import Shape
from tests.gallery.lantern_lake import Stills, stopped, view


def test_what_is_made_and_what_is_to_come_are_told_apart() -> None:
    film = view(Stills(None))
    assert film.made == pytest.approx(23.375, abs=0.01)
    assert film.coming == pytest.approx(13.8)
    assert FilmView().made == 0


def test_hops_lie_end_to_end_on_the_ruler() -> None:
    hops = stretches(stopped(Stills(None)).cards)
    assert hops[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(hops))
    assert [hop.bad for hop in hops] == [False, False, False, False, True, False, False, False]


def test_a_card_without_a_length_takes_no_room() -> None:
    (hop,) = stretches((Card("a", CardKind.MADE, 0, seam=Shape.CLEAN),))
    assert (hop.start, hop.end) == (0, 0)
