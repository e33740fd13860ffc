"""A list tells where each take of the library stands in it, under which heads, folded or not."""

from __future__ import annotations

from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Stretch

LISTED = Listed([Stretch("a", 2), Stretch("b", 3), Stretch("c", 1)], [7, 2, 9, 1, 4, 5], total=8)


def test_each_take_has_its_place_under_a_head() -> None:
    assert [LISTED.place(number) for number in LISTED.numbers] == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0)]


def test_who_is_not_in_the_list_has_no_place() -> None:
    assert [LISTED.place(number) for number in (-1, 0, 3, 8, 10, 1_000)] == [None] * 6
    assert Listed().place(0) is None


def test_folded_heads_hide_their_takes() -> None:
    assert list(LISTED.unfolded(())) == [7, 2, 9, 1, 4, 5]
    assert list(LISTED.unfolded(["b"])) == [7, 2, 5]
    assert list(LISTED.unfolded(["a", "c", "nobody"])) == [9, 1, 4]
