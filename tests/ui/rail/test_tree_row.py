"""A row is said in full, and in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow, spoken, state_words

_ROW = TreeRow("a", RowKind.OTHER, 2, "Birds cross the lake", Shape.CLEAN, "clean", stars=4, take=3, takes=4)


def test_a_take_is_said_with_its_place_its_verdict_and_its_stars() -> None:
    assert spoken(_ROW) == "take 3 of 4, hop 2, clean, 4 stars, Birds cross the lake"


def test_a_take_in_the_making_tells_the_time_of_the_moment_it_is_asked() -> None:
    row = replace(_ROW, shape=Shape.RENDERING, state="Rendering", since=datetime.now(UTC) - timedelta(seconds=130))
    assert state_words(row).startswith("Rendering · 2:1")
    assert "Rendering · 2:1" in spoken(row)
    assert state_words(_ROW) == "clean"


def test_what_the_graph_shows_is_said_too() -> None:
    assert "picked" in spoken(replace(_ROW, kind=RowKind.FILM, picked=True))
    assert "in the film" in spoken(replace(_ROW, kind=RowKind.FILM))
    assert "rejected" in spoken(replace(_ROW, rejected=True))
    assert "made for take 2" in spoken(replace(_ROW, made_for=2))
    assert "1 star," in spoken(replace(_ROW, stars=1))


def test_a_take_without_words_says_so() -> None:
    assert spoken(replace(_ROW, words="")).endswith("(no prompt)")


def test_folded_takes_are_counted() -> None:
    assert spoken(replace(_ROW, kind=RowKind.FOLDED, takes=3)) == "3 rejected takes"
    assert spoken(replace(_ROW, kind=RowKind.FOLDED, takes=1)) == "1 rejected take"
