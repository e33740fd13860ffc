"""A list of takes, counted: which takes of the library stand under which head, and in which order."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence

from kling_desktop.domain.tasks import Stretch


class Listed:
    """A list as the library stood when it was read, which never changes. With 100 000 takes it is 1.2 MB large."""

    __slots__ = ("_places", "_starts", "numbers", "stretches", "total")

    def __init__(self, stretches: Sequence[Stretch] = (), numbers: Sequence[int] = (), total: int = 0) -> None:
        """`numbers` are those under which the library keeps its takes, through all stretches; no stretch is empty."""
        self.stretches = tuple(stretches)
        self.numbers = numbers if isinstance(numbers, array) else array("q", numbers)
        self.total = total
        """All takes of the library, whether a filter lets them through or not."""
        self._starts: list[int] = []
        start = 0
        for stretch in self.stretches:
            self._starts.append(start)
            start += stretch.count
        self._places = _inverted(self.numbers)

    def place(self, number: int) -> tuple[int, int] | None:
        """Under which stretch, from 0, a take stands, and behind how many others; None when it is not in the list."""
        at = self._places[number] if 0 <= number < len(self._places) else -1
        if at < 0:
            return None
        stretch = bisect_right(self._starts, at) - 1
        return stretch, at - self._starts[stretch]

    def unfolded(self, folded: Collection[str]) -> array[int]:
        """The numbers of the takes of which no head with one of these keys hides the rows."""
        if not folded:
            return self.numbers
        shown = array("q")
        for start, stretch in zip(self._starts, self.stretches, strict=True):
            if stretch.key not in folded:
                shown += self.numbers[start : start + stretch.count]
        return shown


def _inverted(numbers: array[int]) -> array[int]:
    """Where each number stands. In steps, not by one call: that would keep the window's thread from its turn."""
    places = array("i", [-1]) * (max(numbers, default=-1) + 1)
    for place, number in enumerate(numbers):
        places[number] = place
    return places
