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
        self.bytes_per_second = bytes_per_second
        """0 means no limit. May be changed at any time, from any thread."""
        self._lock = threading.Lock()
        self._free_at = 0.0

    def take(self, amount: int, stopped: Callable[[], bool]) -> None:
        """Waits until `amount` bytes may pass, or `stopped` says so."""
        due = self._reserve(amount)
        while (left := due - time.monotonic()) > 0 and not stopped():
            time.sleep(min(left, _NAP_SECONDS))

    def _reserve(self, amount: int) -> float:
        """The instant (monotonic seconds) at which the bytes are due."""
        rate = self.bytes_per_second
        if rate <= 0:
            return 0.0
        with self._lock:
            begin = max(self._free_at, time.monotonic() - _BURST_SECONDS)
            self._free_at = begin + amount / rate
            return self._free_at
