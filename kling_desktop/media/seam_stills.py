"""Makes the pictures by which a join is judged: the last old frame, the first new one, and how they differ."""

from __future__ import annotations

from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace

from kling_desktop.domain.analysis import DIFFERENCE_GAIN, SeamStills
from kling_desktop.errors import NotAVideo
from kling_desktop.media.frames import Stopped, open_frames
from kling_desktop.media.stills import jpeg_of, shown, write_whole

_LONGEST = 1280
"""Longer side of the pictures, in pixels."""


def stills(source: Path | str, frame: int, folder: Path, name: str, stopped: Stopped = lambda: False) -> SeamStills:
    """The three pictures for the join before `frame` (from 0), as `folder`/`name`-*.jpg; those made once are kept.

    Decodes from the key frame before the join on. Raises NotAVideo when the clip has no frame on one side of it,
    what `source.opened` says, FileTrouble, and Abandoned soon after `stopped` became true.
    """
    made = SeamStills(*(folder / f"{name}-{part}.jpg" for part in ("before", "after", "difference")))
    files = (made.before, made.after, made.difference)
    if all(file.exists() for file in files):
        return made
    with open_frames(source, stopped) as reader:
        pair = [picture for _, picture in reader.frames(max(0, frame - 1), frame)]
        if len(pair) != 2:
            raise NotAVideo("no two pictures at the join")
        aspect, within = reader.pixel_aspect, (_LONGEST, _LONGEST)
        before, after = (shown(picture, aspect, within, "rgb24") for picture in pair)
        pictures = [*(shown(picture, aspect, within) for picture in pair), _difference(before, after)]
        data = [jpeg_of(picture) for picture in pictures]
    for file, content in zip(files, data, strict=True):
        write_whole(file, content)
    return made


def _difference(before: VideoFrame, after: VideoFrame) -> VideoFrame:
    """What is different, so many times as strong; black where nothing is."""
    off = np.abs(after.to_ndarray().astype(np.int16) - before.to_ndarray())
    strong = np.minimum(off * DIFFERENCE_GAIN, 255).astype(np.uint8)
    return VideoFrame.from_ndarray(strong, format="rgb24").reformat(format="yuvj420p", dst_colorspace=Colorspace.ITU601)
