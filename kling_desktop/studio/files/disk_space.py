"""Whether the disk has room for takes; while it has none, all transfers wait here and go on by themselves."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from kling_desktop.errors import DiskFull
from kling_desktop.studio.pace import Pace

log = logging.getLogger(__name__)

_MARGIN_BYTES = 50_000_000
"""Beyond what downloads leave free: so that one does not begin only to stop at once."""


class DiskSpaceGate:
    """A gate. It closes when a transfer meets a full disk, which is told once, and opens when there is room again."""

    def __init__(self, folder: Callable[[], Path], pace: Pace, on_full: Callable[[DiskFull], None]) -> None:
        self._folder = folder
        self._pace = pace
        self._on_full = on_full
        self._open = asyncio.Event()
        self._open.set()
        self._told = False
        self._watching: asyncio.Task[None] | None = None

    async def wait(self) -> None:
        """Return when there is room, as far as is known."""
        await self._open.wait()

    def lost(self, error: DiskFull) -> None:
        """A transfer met a full disk."""
        if self._open.is_set():
            self._open.clear()
            self._watching = asyncio.create_task(self._watch(), name="looks for room on the disk")
        if not self._told:
            self._told = True
            self._on_full(error)

    def found(self) -> None:
        """A transfer went through: the next full disk is news again."""
        self._told = False

    def look_again(self) -> None:
        """Let the transfers try: the folder is another, or the creator says so."""
        if self._watching:
            self._watching.cancel()
        self._open.set()

    def close(self) -> None:
        """Stop looking."""
        if self._watching:
            self._watching.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._pace.between_looks_at_the_disk())
            if await asyncio.to_thread(_has_room, self._folder()):
                self._open.set()
                return


def _has_room(folder: Path) -> bool:
    from kling_desktop.kling.download import RESERVE_BYTES  # loads the HTTP library: not at the start

    there = next((place for place in (folder, *folder.parents) if place.is_dir()), folder)
    try:
        return shutil.disk_usage(there).free > RESERVE_BYTES + _MARGIN_BYTES
    except OSError as error:
        log.info("free space of the library's disk is not known: %s", error)
        return True  # the transfers will say what is wrong
