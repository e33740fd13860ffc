"""Makes the filmstrip of a clip: thumbnails along it in one small JPEG, from key frames, so that it is quick."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from kling_desktop.domain.analysis import Strip
from kling_desktop.errors import NotAVideo
from kling_desktop.media.frames import Stopped, open_frames
from kling_desktop.media.stills import jpeg_of, shown, write_whole

MOST, FEWEST = 48, 12
_SECONDS_EACH = 1.0
"""A thumbnail a second: key frames are seldom closer."""

_WIDTH = 96
"""Pixels, for a clip that is wider than high; a tall one gets as many rows as a wide one has."""

_HEIGHT = 54

Picture = NDArray[np.uint8]


def strip(source: Path | str, target: Path, stopped: Stopped = lambda: False) -> Strip:
    """Write `target` whole or not at all. Raises NotAVideo, Truncated, FileTrouble; Abandoned when stopped."""
    with open_frames(source, stopped) as reader:
        seconds = reader.clock.seconds_of(reader.clock.frames - 1) + 1 / reader.clock.fps
        count = min(MOST, max(FEWEST, round(seconds / _SECONDS_EACH)), reader.clock.frames)
        middles = (np.arange(count) + 0.5) * seconds / count
        pictures: list[Picture] = []
        for middle in middles:
            frame = reader.key_frame_near(reader.clock.index_before(float(middle)))
            if frame is not None:
                pictures.append(_thumbnail(frame, reader.pixel_aspect))
            elif pictures:
                pictures.append(pictures[-1])
    if not pictures:
        raise NotAVideo("no picture in it")
    side_by_side = VideoFrame.from_ndarray(np.ascontiguousarray(np.concatenate(pictures, axis=1)), format="rgb24")
    write_whole(target, jpeg_of(side_by_side.reformat(format="yuvj420p")))
    return Strip(target, len(pictures))


def _thumbnail(frame: VideoFrame, pixel_aspect: Fraction | None) -> Picture:
    """Both sides are even, so that neighbours do not bleed into each other."""
    return shown(frame, pixel_aspect, (_WIDTH, _HEIGHT), "rgb24").to_ndarray().astype(np.uint8, copy=False)
