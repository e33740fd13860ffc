"""Makes the filmstrip of a clip: thumbnails along it in one small JPEG, from key frames, so that it is quick."""

from __future__ import annotations

from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from kling_desktop.domain.analysis import Strip
from kling_desktop.errors import NotAVideo
from kling_desktop.media.decoded.turning import turn_of
from kling_desktop.media.frames import Stopped, open_frames
from kling_desktop.media.stills import colours_of, even, jpeg_of, turned, write_whole

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
        middles = ((np.arange(count) + 0.5) * reader.clock.frames / count).astype(int)
        pictures: list[Picture] = []
        for middle in middles:
            frame = reader.key_frame_near(int(middle))
            if frame is not None:
                pictures.append(_thumbnail(frame))
            elif pictures:
                pictures.append(pictures[-1])
    if not pictures:
        raise NotAVideo("no picture in it")
    side_by_side = VideoFrame.from_ndarray(np.ascontiguousarray(np.concatenate(pictures, axis=1)), format="rgb24")
    write_whole(target, jpeg_of(side_by_side.reformat(format="yuvj420p")))
    return Strip(target, len(pictures))


def _thumbnail(frame: VideoFrame) -> Picture:
    """Upright, in the shape it is shown in, both sides even so that neighbours do not bleed into each other."""
    turn = turn_of(frame)
    wide, high = (frame.height, frame.width) if turn.is_lying else (frame.width, frame.height)
    factor = min(_WIDTH / wide, _HEIGHT / high)
    width, height = even(wide * factor), even(high * factor)
    small = frame.reformat(
        *((height, width) if turn.is_lying else (width, height)),
        "rgb24",
        src_colorspace=colours_of(frame),
        interpolation=Interpolation.AREA,
    )
    return turned(small, turn).to_ndarray(format="rgb24").astype(np.uint8, copy=False)
