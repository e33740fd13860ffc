"""Which row of the list is a head and which a take: heads over stretches of takes, some of them folded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kling_desktop.domain.tasks import Order, Piece, Stretch


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
        at = self._stretch_of(take)
        return self._first_rows[at] + self._heads + take - self._first_takes[at]

    def row_in(self, key: str, place: int) -> int | None:
        """The row of the take behind `place` others of a stretch; None where that is folded or not there."""
        if self.is_folded(key) or key not in self.keys:
            return None
        at = self.keys.index(key)
        row = self._first_rows[at] + self._heads + place
        return row if place < self.stretches[at].count else None

    def pieces(self, offset: int, limit: int) -> list[Piece]:
        """Where `limit` takes from number `offset` on are found."""
        pieces: list[Piece] = []
        at = self._stretch_of(offset)
        while limit > 0 and at < len(self.stretches):
            stretch, skipped = self.stretches[at], offset - self._first_takes[at]
            wanted = min(limit, 0 if self.is_folded(stretch.key) else stretch.count - skipped)
            if wanted > 0:
                pieces.append(Piece(stretch.key, skipped, wanted))
                limit -= wanted
                offset += wanted
            at += 1
        return pieces

    def _stretch_of(self, take: int) -> int:
        """The last stretch that begins at or before a take: those before it with the same beginning are folded."""
        return max(0, bisect_right(self._first_takes, take) - 1)
