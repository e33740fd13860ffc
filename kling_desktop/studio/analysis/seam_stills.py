"""Has the pictures of a join made, beside the window's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.clips import Clip
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import Feed, SeamStillsMade
from kling_desktop.studio.naming import seen_name

if TYPE_CHECKING:
    from kling_desktop.domain.analysis import SeamStills

Run = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


class SeamStillMaker:
    """One join at a time: who looks at the next one no longer waits for the last."""

    def __init__(self, feed: Feed, run: Run, folder: Path) -> None:
        self._feed = feed
        self._run = run
        self._folder = folder
        self._latest = Event()

    def want(self, clip: Clip, frame: int) -> None:
        """Have the pictures on either side of a clip's frame made; SeamStillsMade tells when they are there."""
        self._latest.set()
        self._latest = Event()
        self._run(self._make(clip, frame, self._latest))

    async def _make(self, clip: Clip, frame: int, superseded: Event) -> None:
        name = f"{seen_name(clip)}-{frame}"
        try:
            made = await asyncio.to_thread(_stills, clip.file or clip.url, frame, self._folder, name, superseded)
        except KlingDesktopError as error:
            self._feed.publish(SeamStillsMade(clip.id, frame, None, error.trouble))
        else:
            if made is not None:
                self._feed.publish(SeamStillsMade(clip.id, frame, made))

    def close(self) -> None:
        """Tell the thread to stop after its next frame."""
        self._latest.set()


def _stills(source: Path | str, frame: int, folder: Path, name: str, superseded: Event) -> SeamStills | None:
    """Runs in a worker thread, and loads the library there: it would slow the start."""
    from kling_desktop.media import frames, seam_stills

    try:
        return seam_stills.stills(source, frame, folder, name, superseded.is_set)
    except frames.Abandoned:
        return None
