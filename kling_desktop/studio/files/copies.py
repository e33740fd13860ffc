"""Hands out copies of kept takes: tells how far each one is, and lets the creator stop it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event

from kling_desktop.domain.clips import Progress
from kling_desktop.errors import KlingDesktopError, LibrarysOwn
from kling_desktop.export import original
from kling_desktop.studio.feed import CopyMoved, Feed, FileSaved

_QUIET_SECONDS = 0.5
"""A copy that takes no longer is not worth a word on the way."""
_TELL_SECONDS = 0.25
"""Between two words about the same copy."""


class Copies:
    """Copies in worker threads. Belongs to the loop's thread."""

    def __init__(
        self, feed: Feed, quiet_seconds: float = _QUIET_SECONDS, is_ours: Callable[[Path], bool] = lambda file: False
    ) -> None:
        """`is_ours` says whether a file is a take of the library, which no copy may be written over."""
        self._is_ours = is_ours
        self._feed = feed
        self._quiet_seconds = quiet_seconds
        self._stops: dict[Path, Event] = {}

    async def make(self, file: Path, target: Path) -> None:
        """Copy a file. CopyMoved tells how far it is, and FileSaved how it went unless it was stopped.

        Cancelled, as when the window is closed, it falls silent, yet what the creator asked for is still written.
        """
        if self._is_ours(target):
            self._feed.publish(FileSaved(target, LibrarysOwn(target.name).trouble))
            return
        stop, deaf, loop = Event(), Event(), asyncio.get_running_loop()
        self._stops[target] = stop

        def tell(progress: Progress) -> None:
            if not deaf.is_set():
                loop.call_soon_threadsafe(self._feed.publish, CopyMoved(target, progress))

        try:
            trouble = await asyncio.to_thread(_copy, file, target, stop, tell, self._quiet_seconds)
        finally:
            deaf.set()
            if self._stops[target] is stop:
                del self._stops[target]
        self._feed.publish(CopyMoved(target, None))
        if trouble or not stop.is_set():
            self._feed.publish(FileSaved(target, trouble.trouble if trouble else None))

    def stop(self, target: Path) -> None:
        """Give a copy up: what has been written of it goes. One that has ended stays."""
        if target in self._stops:
            self._stops[target].set()


def _copy(
    file: Path, target: Path, stop: Event, tell: Callable[[Progress], None], quiet_seconds: float
) -> KlingDesktopError | None:
    """Runs in a worker thread. Returns what went wrong, if anything."""
    due = time.monotonic() + quiet_seconds
    try:
        with closing(original.copy(file, target)) as moving:
            for progress in moving:
                if stop.is_set():
                    break
                if time.monotonic() >= due:
                    due = time.monotonic() + _TELL_SECONDS
                    tell(progress)
    except KlingDesktopError as error:
        return error
    return None
