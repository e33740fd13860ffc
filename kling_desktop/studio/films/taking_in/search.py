"""A look for the files of a film among many: says how far it is when it takes long, and can be stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from threading import Event

from kling_desktop.domain.clips import Progress

QUIET_SECONDS = 1.0
"""A look that is over sooner is not worth a word on the way."""
_TELL_SECONDS = 0.25
"""Between two words."""


class SearchStopped(Exception):
    """The creator, or the end of the program, has stopped the look."""


class Search:
    """Made and ended in the loop's thread; `moved` is for the worker thread that reads."""

    def __init__(self, tell: Callable[[Progress], None], quiet_seconds: float = QUIET_SECONDS) -> None:
        """`tell` is called in the loop's thread, until the look has ended."""
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._stopped = Event()
        self._due = time.monotonic() + quiet_seconds

    def stop(self) -> None:
        """Nothing more is read, and nothing more is told."""
        self._stopped.set()

    def moved(self, done: int, total: int) -> None:
        """So many bytes of so many are read. Raises SearchStopped."""
        if self._stopped.is_set():
            raise SearchStopped
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + _TELL_SECONDS
            self._loop.call_soon_threadsafe(self._say, Progress(done, total))

    def _say(self, progress: Progress) -> None:
        if not self._stopped.is_set():
            self._tell(progress)
