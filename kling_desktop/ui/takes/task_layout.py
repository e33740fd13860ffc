"""Which row of the list is a head and which a take, over stretches of which some are folded, and what moves them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kling_desktop.domain.tasks import Order, Stretch


@dataclass(frozen=True, slots=True)
class Head:
    """A row that says what stands below it."""

    stretch: Stretch
    order: Order
    folded: bool


class TaskLayout:
    """Counts rows (heads and takes), and takes alone: those of folded stretches have neither row nor number."""

    def __init__(self, order: Order, stretches: Sequence[Stretch], folded: Collection[str] = ()) -> None:
        self.order = order
        self.stretches = tuple(stretches)
        self._folded = folded
        self._heads = 0 if order is Order.NEWEST else 1
        self._first_rows: list[int] = []
        self._first_takes: list[int] = []
        self.rows = self.takes = 0
        for stretch in self.stretches:
            self._first_rows.append(self.rows)
            self._first_takes.append(self.takes)
            shown = 0 if self.is_folded(stretch.key) else stretch.count
            self.rows += self._heads + shown
            self.takes += shown

    @property
    def keys(self) -> list[str]:
        return [stretch.key for stretch in self.stretches]

    @property
    def shown(self) -> list[Stretch]:
        """Those whose takes have rows."""
        return [stretch for stretch in self.stretches if not self.is_folded(stretch.key)]

    @property
    def total(self) -> int:
        """Takes, folded ones among them."""
        return sum(stretch.count for stretch in self.stretches)

    @property
    def head_rows(self) -> Sequence[int]:
        """Numbers of the rows that are heads."""
        return self._first_rows if self._heads else ()

    def is_folded(self, key: str) -> bool:
        return bool(self._heads) and key in self._folded

    def head(self, row: int) -> Head | None:
        """The head that a row is; None for a take, and beyond the rows."""
        if not self._heads or not 0 <= row < self.rows:
            return None
        at = bisect_right(self._first_rows, row) - 1
        if self._first_rows[at] != row:
            return None
        stretch = self.stretches[at]
        return Head(stretch, self.order, self.is_folded(stretch.key))

    def head_row(self, row: int) -> int | None:
        """The row of the head over a row; itself, if it is one."""
        if not self._heads or not 0 <= row < self.rows:
            return None
        return self._first_rows[bisect_right(self._first_rows, row) - 1]

    def take(self, row: int) -> int | None:
        """Which take a row is, from 0; None for a head, and beyond the rows."""
        if not 0 <= row < self.rows:
            return None
        at = bisect_right(self._first_rows, row) - 1
        place = row - self._first_rows[at] - self._heads
        return self._first_takes[at] + place if place >= 0 else None

    def row(self, take: int) -> int:
        """The row of a take."""
        at = self.stretch_of(take)
        return self._first_rows[at] + self._heads + take - self._first_takes[at]

    def row_in(self, at: int, place: int) -> int | None:
        """The row of the take behind `place` others of stretch number `at`; None where that is folded or not there."""
        if not 0 <= at < len(self.stretches) or self.is_folded(self.stretches[at].key):
            return None
        return self._first_rows[at] + self._heads + place if place < self.stretches[at].count else None

    def stretch_of(self, take: int) -> int:
        """The last stretch that begins at or before a take: those before it with the same beginning are folded."""
        return max(0, bisect_right(self._first_takes, take) - 1)


@dataclass(frozen=True, slots=True)
class Run:
    """Rows side by side."""

    first: int
    count: int
    """How many came; if negative, how many went; 0 when all rows are what they were."""

    @property
    def last(self) -> int:
        return self.first + abs(self.count) - 1


def one_run(before: TaskLayout, now: TaskLayout, was: array[int], shown: array[int]) -> Run | None:
    """The rows that came or went, given the numbers of the takes that had rows and have some now.

    None where more than that happened: between two runs a model would stand as the library never did.
    """
    if before.keys != now.keys:
        return None
    more = len(shown) - len(was)
    pairs = enumerate(zip(before.stretches, now.stretches, strict=True))
    moved = [at for at, (old, new) in pairs if old.count != new.count and not now.is_folded(new.key)]
    if len(moved) != (1 if more else 0):
        return None
    first = _same(was, shown)
    if more == 0:
        return Run(0, 0) if first == len(was) else None
    longer, shorter, layout = (shown, was, now) if more > 0 else (was, shown, before)
    last = first + abs(more) - 1
    if longer[last + 1 :] != shorter[first:] or {layout.stretch_of(first), layout.stretch_of(last)} != set(moved):
        return None
    return Run(layout.row(first), more)


def changed_heads(before: TaskLayout, now: TaskLayout) -> list[int]:
    """The rows of heads that count otherwise now, or whose name is another; the heads are the same."""
    pairs: list[tuple[Stretch, Stretch]] = list(zip(before.stretches, now.stretches, strict=True))
    return [row for row, (old, new) in zip(now.head_rows, pairs, strict=False) if old != new]


def _same(one: array[int], other: array[int]) -> int:
    """How many numbers both begin with. By halves: arrays are compared at once, not number by number."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
