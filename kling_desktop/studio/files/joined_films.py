"""The films that continued takes were joined to: files that can be made again, kept within a bound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from kling_desktop.studio.feed import Fact, FilmRendered

log = logging.getLogger(__name__)

MOST_BYTES = 10_000_000_000
"""What they may take on the disk: each hop has a film of its own, which holds all before it."""


class JoinedFilms:
    """Nothing but a cache: the takes and how they are joined are kept elsewhere, and what is wanted is made again."""

    def __init__(
        self, folder: Path, run_in_background: Callable[[Coroutine[Any, Any, None]], object], most: int = MOST_BYTES
    ) -> None:
        """`most` bytes may lie in `folder`, which need not be there yet."""
        self._folder = folder
        self._run_in_background = run_in_background
        self._most = most
        self.on_stage: Callable[[], Path | None] = lambda: None
        """The file that is being seen, which is no film to delete: its seams could not be looked at any more."""

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Another one was made: what has not been seen for longest makes room."""
        if any(isinstance(fact, FilmRendered) and fact.file is not None for fact in facts):
            self._run_in_background(self.keep_within())

    async def keep_within(self) -> None:
        """Delete what was not seen for longest, until the rest is within the bound; the newest always stays, and what
        is on the stage.
        """
        await asyncio.to_thread(_shrink, self._folder, self._most, 1, self.on_stage())

    async def measure(self) -> int:
        """Bytes that they take."""
        return await asyncio.to_thread(lambda: sum(size for _, size, _ in _films(self._folder)))

    async def clear(self) -> None:
        """Delete all that no other program holds and is not on the stage; they are made again when they are seen."""
        await asyncio.to_thread(_shrink, self._folder, 0, 0, self.on_stage())


def _films(folder: Path) -> list[tuple[float, int, Path]]:
    """When each was last read or written, its bytes and its place; those in the making are none."""
    found = []
    for file in folder.glob("*.mp4"):
        try:
            about = file.stat()
        except OSError:
            continue  # it has gone meanwhile
        found.append((max(about.st_atime, about.st_mtime), about.st_size, file))
    return found


def _shrink(folder: Path, most: int, spared: int, seen: Path | None) -> None:
    films = sorted(_films(folder), reverse=True)
    kept = 0
    for number, (_, size, file) in enumerate(films):
        kept += size
        if number >= spared and kept > most and file != seen:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:  # on Windows the one that is being played stays
                log.info("a joined film stays: %s", type(error).__name__)
