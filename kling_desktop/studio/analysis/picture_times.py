"""Has the table of a clip's pictures read beside the loop: the one clock by which every view counts frames."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import Feed, FrameTimesRead

log = logging.getLogger(__name__)


async def tell_frame_times(clip: Clip, feed: Feed) -> None:
    """Publish FrameTimesRead; nothing for a clip without a file, or whose file cannot be read: the player says so."""
    if clip.file is None:
        return
    try:
        fact = await asyncio.to_thread(_read, clip.id, clip.file)
    except KlingDesktopError as error:
        log.info("no table of pictures for %s: %s", clip.id, error)
        return
    feed.publish(fact)


def _read(clip_id: str, file: Path) -> FrameTimesRead:
    """In a worker thread. The library is loaded here: it would slow the start."""
    from kling_desktop.media.frame_times import frame_times, picture_lead

    table = frame_times(file)
    starts = tuple(float(second) for second in table.seconds)
    return FrameTimesRead(clip_id, file, starts, float(table.end), float(picture_lead(file, table)))
