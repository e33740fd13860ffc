"""The few places among the transfers that run at once; who leaves calls the next, and nobody else."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class TransferSlots:
    """First come, first served. Entered with `async with`; the number of places may change at any time.

    A semaphore cannot be resized, and a condition wakes all who wait whenever one leaves: with thousands of waiting
    takes that would hold up the window.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        """`most` says how many there are now; fewer than one counts as one."""
        self._most = most
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._until_few: list[tuple[int, asyncio.Future[None]]] = []

    async def __aenter__(self) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(called)
        self.call()
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():  # it had the place already
                self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def call(self) -> None:
        """Let in as many as there are places for."""
        while self._waiting and self._taken < max(self._most(), 1):
            called = self._waiting.popleft()
            if not called.done():  # else it went away while it waited
                self._taken += 1
                called.set_result(None)
        for number, told in self._until_few:
            if len(self._waiting) < number and not told.done():
                told.set_result(None)

    async def few_wait(self, number: int) -> None:
        """Return as soon as fewer than so many wait for a place; at once when that is so."""
        if len(self._waiting) < number:
            return
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._until_few.append((number, told))
        try:
            await told
        finally:
            self._until_few.remove((number, told))

    def _leave(self) -> None:
        self._taken -= 1
        self.call()
