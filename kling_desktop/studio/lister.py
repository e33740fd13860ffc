"""Reads whole lists of takes beside the window's thread: one at a time, and of several wishes only the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Filter, Order, Task
from kling_desktop.errors import KlingDesktopError

if TYPE_CHECKING:
    from kling_desktop.store.films.listing import Listing


@dataclass(frozen=True, slots=True)
class _Wish:
    filter: Filter
    order: Order
    then: Callable[[Listed], None]

    def is_like(self, other: _Wish) -> bool:
        """Whether it is for the same list, which has changed meanwhile."""
        return (self.filter, self.order) == (other.filter, other.order)


class Lister:
    """Lives on the loop's thread."""

    def __init__(self, listing: Listing, run_in_background: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._listing = listing
        self._run_in_background = run_in_background
        self._wish: _Wish | None = None
        """The one that is read next."""
        self._current: _Wish | None = None
        """The one that is read now, as long as somebody wants it."""
        self._is_reading = False

    def listed(self, wanted: Filter, order: Order) -> Listed:
        """A list at once, whatever time it takes: for a window that is being built. Other wishes are dropped."""
        self._wish = self._current = None
        self._listing.stop(self)
        return self._listing.listed(wanted, order)

    def ask(self, wanted: Filter, order: Order, then: Callable[[Listed], None]) -> None:
        """Hand a list to `then`: at once where that takes no time, else later, on the loop's thread.

        A wish for another list breaks off the one before it, whose `then` hears nothing. One for the same list follows
        it: were it broken off as well, a list that changes all the time would never be there.
        """
        if not self._is_reading and self._listing.is_short():
            then(self._listing.listed(wanted, order))
            return
        self._wish = _Wish(wanted, order, then)
        if not self._is_reading:
            self._is_reading = True
            self._run_in_background(self._read_on())
        elif self._current is not None and not self._wish.is_like(self._current):
            self._listing.stop(self)

    def ask_first(self, wanted: Filter, most: int, then: Callable[[list[Task]], None]) -> None:
        """Hand the newest takes that a filter lets through to `then`, so many at most; like `ask`."""

        def read(listed: Listed) -> None:
            then([task for task in self._listing.page(listed.numbers[:most]) if task is not None])

        self.ask(wanted, Order.NEWEST, read)

    async def _read_on(self) -> None:
        try:
            while self._wish is not None:
                self._current, self._wish = self._wish, None
                await self._answer(self._current)
        finally:
            self._is_reading = False

    async def _answer(self, wish: _Wish) -> None:
        try:
            listed = await asyncio.to_thread(self._listing.listed, wish.filter, wish.order, self)
        except KlingDesktopError:
            if self._wish is None and self._current is wish:
                raise
            return  # broken off, or the next one meets the same trouble
        if self._current is wish and (self._wish is None or self._wish.is_like(wish)):
            wish.then(listed)
