"""Rows are counted over heads and folds as if they were written down one by one."""

from __future__ import annotations

import pytest

from kling_desktop.domain.tasks import Order, Piece, Stretch
from kling_desktop.ui.takes.task_layout import TaskLayout

THREE = (Stretch("a", 2), Stretch("b", 3), Stretch("c", 1))


@pytest.mark.parametrize("folded", [set(), {"a"}, {"b"}, {"c"}, {"a", "b"}, {"a", "b", "c"}])
def test_rows_are_heads_and_the_takes_that_are_not_folded(folded: set[str]) -> None:
    layout = TaskLayout(Order.FILM, THREE, folded)
    written: list[str | int] = []
    take = 0
    for stretch in THREE:
        written.append(stretch.key)
        if stretch.key not in folded:
            written += range(take, take + stretch.count)
            take += stretch.count
    assert layout.rows == len(written)
    assert layout.takes == take
    assert layout.total == 6
    for row, what in enumerate(written):
        head = layout.head(row)
        assert (head.stretch.key if head else layout.take(row)) == what
        if isinstance(what, int):
            assert layout.row(what) == row
    assert [written[row] for row in layout.head_rows] == ["a", "b", "c"]


def test_a_newest_first_list_has_no_heads() -> None:
    layout = TaskLayout(Order.NEWEST, (Stretch("", 4),), {""})
    assert (layout.rows, layout.head(0), layout.take(3), layout.row(3)) == (4, None, 3, 3)
    assert layout.pieces(1, 10) == [Piece("", 1, 3)]


def test_pieces_go_over_folds() -> None:
    layout = TaskLayout(Order.FILM, THREE, {"b"})
    assert layout.pieces(0, 100) == [Piece("a", 0, 2), Piece("c", 0, 1)]
    assert layout.pieces(1, 1) == [Piece("a", 1, 1)]
    assert layout.pieces(2, 1) == [Piece("c", 0, 1)]
    assert TaskLayout(Order.FILM, THREE).pieces(1, 3) == [Piece("a", 1, 1), Piece("b", 0, 2)]


def test_who_is_folded_has_no_row() -> None:
    layout = TaskLayout(Order.FILM, THREE, {"b"})
    assert layout.row_in("b", 0) is None
    assert layout.row_in("c", 0) == 5
    assert layout.row_in("c", 1) is None
    assert layout.row_in("nobody", 0) is None
    assert [layout.head_row(row) for row in range(6)] == [0, 0, 0, 3, 4, 4]


def test_beyond_the_rows_there_is_nothing() -> None:
    layout = TaskLayout(Order.FILM, ())
    assert (layout.rows, layout.head(0), layout.take(0), layout.head_row(0), layout.pieces(0, 5)) == (
        0,
        None,
        None,
        None,
        [],
    )
