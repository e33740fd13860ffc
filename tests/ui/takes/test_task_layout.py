"""Rows are counted over heads and folds as if they were written down one by one."""

from __future__ import annotations

import pytest

from kling_desktop.domain.tasks import Order, Stretch
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


def test_who_is_folded_has_no_row() -> None:
    layout = TaskLayout(Order.FILM, THREE, {"b"})
    assert layout.row_in(1, 0) is None
    assert layout.row_in(2, 0) == 5
    assert layout.row_in(2, 1) is None
    assert layout.row_in(3, 0) is None
    assert [layout.head_row(row) for row in range(6)] == [0, 0, 0, 3, 4, 4]


def test_beyond_the_rows_there_is_nothing() -> None:
    layout = TaskLayout(Order.FILM, ())
    assert (layout.rows, layout.head(0), layout.take(0), layout.head_row(0)) == (0, None, None, None)
