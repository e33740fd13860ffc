"""Small grey pictures of a film's first and last frame, by which what was written is compared with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from kling_desktop.media.decoded.luma import luma_of

Thumb = NDArray[np.float32]
"""(rows, columns): luma 0 to 255 of full range."""

_WIDTH: Final = 96


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last frame of a film, small."""

    first: Thumb
    last: Thumb
    damaged: int = 0
    """Pictures of the originals that could not be decoded in full."""


def thumb(frame: VideoFrame) -> Thumb:
    """A frame as a small grey picture, whatever its format: comparable when the shape is the same."""
    height = max(2, round(_WIDTH * frame.height / frame.width))
    return luma_of(frame, VideoReformatter(), (_WIDTH, height)).astype(np.float32)


def distance(one: Thumb, other: Thumb) -> float:
    """How far two are apart: mean absolute difference in levels of 255; 255 when their shapes differ."""
    if one.shape != other.shape:
        return 255.0
    return float(np.abs(one - other).mean())
