"""Shares one speed limit among all transfers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_BURST_SECONDS = 0.25  # what an idle limiter lets through at once, in seconds' worth of bytes
_NAP_SECONDS = 0.1


class Limiter:
    """A token bucket for any number of threads."""

    def __init__(self, bytes_per_second: int = 0) -> None:
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        self._free_at = 0.0
        self._changes = 0

    @property
    def bytes_per_second(self) -> int:
        """0 means no limit. May be changed at any time, from any thread; nobody goes on waiting by the old one."""
        return self._rate

    @bytes_per_second.setter
    def bytes_per_second(self, rate: int) -> None:
        with self._lock:
            if rate != self._rate:
                self._rate, self._free_at = rate, 0.0
                self._changes += 1

    def take(self, amount: int, stopped: Callable[[], bool]) -> None:
        """Waits until `amount` bytes may pass, the limit is changed, or `stopped` says so."""
        changes, due = self._reserve(amount)
        while (left := due - time.monotonic()) > 0 and changes == self._changes and not stopped():
            time.sleep(min(left, _NAP_SECONDS))

    def _reserve(self, amount: int) -> tuple[int, float]:
        """How often the limit was changed so far, and the instant (monotonic seconds) at which the bytes are due."""
        with self._lock:
            if self._rate <= 0:
                return self._changes, 0.0
            begin = max(self._free_at, time.monotonic() - _BURST_SECONDS)
            self._free_at = begin + amount / self._rate
            return self._changes, self._free_at
