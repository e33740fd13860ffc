"""Rows are counted over heads and folds as if they were written down one by one."""

from __future__ import annotations

from array import array

import pytest

from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Order, Stretch
from kling_desktop.ui.takes.task_layout import Run, TaskLayout, changed_heads, one_run

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


def difference(was: list[list[int]], are: list[list[int]], folded: set[str] | None = None) -> Run | None:
    """From stretches of these takes to those: the keys are "0", "1" and so on."""
    layouts: list[TaskLayout] = []
    numbers: list[array[int]] = []
    for stretches in (was, are):
        listed = Listed(
            [Stretch(str(key), len(takes)) for key, takes in enumerate(stretches)],
            [number for takes in stretches for number in takes],
        )
        layouts.append(TaskLayout(Order.FILM, listed.stretches, folded or set()))
        numbers.append(listed.unfolded(folded or ()))
    return one_run(layouts[0], layouts[1], numbers[0], numbers[1])


@pytest.mark.parametrize(
    ("was", "are", "run"),
    [
        ([[1, 2], [3]], [[1, 2], [3]], Run(0, 0)),
        ([[1, 2], [3]], [[9, 1, 2], [3]], Run(1, 1)),
        ([[1, 2], [3]], [[1, 8, 9, 2], [3]], Run(2, 2)),
        ([[1, 2], [3]], [[1, 2, 9], [3]], Run(3, 1)),
        ([[1, 2], [3]], [[1, 2], [9, 3]], Run(4, 1)),
        ([[1, 2], [3, 4, 5]], [[1, 2], [5]], Run(4, -2)),
        ([[1, 2], [3]], [[2], [3]], Run(1, -1)),
    ],
)
def test_rows_side_by_side_come_or_go(was: list[list[int]], are: list[list[int]], run: Run) -> None:
    assert difference(was, are) == run


@pytest.mark.parametrize(
    ("was", "are"),
    [
        ([[1, 2], [3]], [[2, 1], [3]]),
        ([[1, 2], [3]], [[1], [2, 3]]),
        ([[1, 2], [3]], [[9, 1, 8, 2], [3]]),
        ([[1, 2], [3]], [[1, 2, 9], [8, 3]]),
        ([[1, 2], [3, 4]], [[1], [4]]),
        ([[1, 2], [3]], [[1, 9], [3]]),
        ([[1], [2], [3, 4]], [[1, 2, 8], [9], [3, 4]]),
        ([[1], [2]], [[1, 2], [9]]),
        ([[1, 2], [3]], [[1, 2]]),
        ([[1, 2], [3]], [[1, 2], [3], [4]]),
    ],
)
def test_more_than_that_is_no_run(was: list[list[int]], are: list[list[int]]) -> None:
    assert difference(was, are) is None


def test_what_comes_into_a_fold_moves_no_row() -> None:
    assert difference([[1, 2], [3]], [[1, 2], [9, 3]], {"1"}) == Run(0, 0)
    assert difference([[1, 2], [3], [4]], [[1, 2], [9, 3], [8, 4]], {"1"}) == Run(5, 1)


def test_heads_that_count_otherwise_are_told() -> None:
    now = TaskLayout(Order.FILM, (Stretch("a", 2), Stretch("b", 4), Stretch("c", 1, "Sea")), {"b"})
    assert changed_heads(TaskLayout(Order.FILM, THREE, {"b"}), now) == [3, 4]
