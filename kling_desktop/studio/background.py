"""What runs beside the tasks and belongs to none: looked after until it ends, called off when the studio closes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import Feed, Noticed

log = logging.getLogger(__name__)


class Background:
    """Lives on the loop's thread. The outcome of what runs here is a fact; an error of ours is told as one too."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._running: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start it, and return at once. What is returned may be cancelled."""
        job = asyncio.create_task(work)
        self._running.add(job)
        job.add_done_callback(self._over)
        return job

    def call_off(self) -> None:
        """Cancel everything; `close` waits until it has ended."""
        for job in self._running:
            job.cancel()

    async def close(self) -> None:
        """Call everything off, and return when nothing of it runs any more."""
        self.call_off()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _over(self, job: asyncio.Task[None]) -> None:
        self._running.discard(job)
        if not job.cancelled() and (error := job.exception()):
            log.error("something in the background broke off", exc_info=error)
            known = error if isinstance(error, KlingDesktopError) else KlingDesktopError()
            self._feed.publish(Noticed(known.trouble))
