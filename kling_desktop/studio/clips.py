"""The clips of the library: what is known of each, its still, and the account's own brought home."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.analysis.picture_times import tell_frame_times
from kling_desktop.studio.background import Background
from kling_desktop.studio.feed import ClipChanged, Feed, PosterMade
from kling_desktop.studio.files.downloads import Downloader

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

log = logging.getLogger(__name__)


class Clips:
    """Lives on the loop's thread. What is wanted is told by the feed when it is there."""

    def __init__(
        self, library: Library, feed: Feed, downloader: Downloader, background: Background, now: Callable[[], datetime]
    ) -> None:
        self._library = library
        self._feed = feed
        self._downloader = downloader
        self._background = background
        self._now = now
        self._coming: set[str] = set()
        self._pictured: set[tuple[str, Path | None]] = set()
        """Clips of which a still is being made, and from which file."""

    def find(self, clip_id: str) -> Clip | None:
        """A clip that the library knows."""
        return self._library.clip(clip_id)

    def note(self, clip: Clip) -> None:
        """Remember a clip of the account; ClipChanged tells it as the library has it now."""
        self._library.put_clip(clip)
        self._feed.publish(ClipChanged(self._library.clip(clip.id) or clip))

    async def keep(self, clip: Clip) -> Clip:
        """Bring a clip of the account home, which no task of the library made. Raises DownloadFailed, FileTrouble."""
        kept = await self._downloader.keep(self._as_task(clip))
        self.note(kept)
        return kept

    def _as_task(self, clip: Clip) -> Task:
        return Task(f"clip {clip.id}", Extension(""), Profile(""), Status.SUCCEEDED, self._now(), clip=clip)

    def bring_home(self, clip_id: str) -> None:
        """Keep a clip of the account that a film goes on from, if nobody has: Kling deletes it after a month, and only
        with its file the seam after it is found for certain. What keeps it from coming is no trouble of any task.
        """
        clip = self.find(clip_id)
        if clip is not None and clip.url and clip.file is None and clip_id not in self._coming:
            self._coming.add(clip_id)
            self._background.run(self._bring(clip))

    async def _bring(self, clip: Clip) -> None:
        try:
            self.note(await self._downloader.keep_beside(self._as_task(clip)))
        except KlingDesktopError as error:
            log.info("%s was not brought home: %s", clip.id, error)
        finally:
            self._coming.discard(clip.id)

    def poster(self, clip_id: str) -> Path | None:
        """A still of this clip, if one has been made."""
        return self._downloader.poster_at_hand(clip_id)

    def want_poster(self, clip: Clip) -> None:
        """Have a still made of this clip; PosterMade tells when it is there. Asking again until then costs nothing."""
        if (clip.id, clip.file) not in self._pictured:
            self._pictured.add((clip.id, clip.file))
            self._background.run(self._make_poster(clip))

    def want_frame_times(self, clip: Clip) -> None:
        """Have the table read of when each picture of this clip's file is due; FrameTimesRead tells."""
        self._background.run(tell_frame_times(clip, self._feed))

    async def _make_poster(self, clip: Clip) -> None:
        try:
            file = await self._downloader.poster(clip)
        except KlingDesktopError as error:  # also Unreachable: the address of a sandbox that has ended
            log.info("no poster for %s: %s", clip.id, error)
        else:
            self._feed.publish(PosterMade(clip.id, file))
        finally:
            self._pictured.discard((clip.id, clip.file))
