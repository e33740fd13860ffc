"""Makes whole pictures of interlaced ones: two fields, each of every other line, that were filmed one after the other.

Where something moves they make a comb. A clip that is continued from a comb shows combs for ever.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from kling_desktop.media.decoded.luma import luma_of

_TEETH: Final = 10
"""Levels of 8 bits by which a line differs from those around it, more than they differ from each other."""

_COMBED: Final = 0.005
"""Part of the pixels that does: less is fine detail. Many cameras call whole pictures interlaced."""

_STEP: Final = 4
"""One column of so many is looked at."""


def uncombed(frame: VideoFrame) -> VideoFrame:
    """The picture without a comb: the same object unless it is called interlaced and shows one. Then the upper field
    stays, and each line between is the mean of its neighbours. Keeps `pts`.
    """
    if not frame.interlaced_frame or not combed(_luma(frame)):
        return frame
    made = VideoFrame(frame.width, frame.height, frame.format.name)
    made.pts, made.time_base = frame.pts, frame.time_base or Fraction(1, 1000)
    made.colorspace, made.color_range = frame.colorspace, frame.color_range
    made.color_trc, made.color_primaries = frame.color_trc, frame.color_primaries
    deep = max(component.bits for component in frame.format.components) > 8
    for source, target in zip(frame.planes, made.planes, strict=True):
        lines, drawn = (_lines(plane, np.uint16 if deep else np.uint8) for plane in (source, target))
        length = min(lines.shape[1], drawn.shape[1])
        drawn[:, :length] = lines[:, :length]
        above, below = lines[:-2:2, :length], lines[2::2, :length]
        drawn[1 : len(below) * 2 : 2, :length] = (above // 2 + below // 2) + (above & below & 1)
        if len(lines) % 2 == 0:
            drawn[-1, :length] = lines[-2, :length]
    return made


def _lines(plane: VideoPlane, values: type[np.uint8 | np.uint16]) -> NDArray[Any]:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height].view(values)


def combed(luma: NDArray[Any]) -> bool:
    """Whether lines differ from both of their neighbours where these are alike. Levels of 8 bits."""
    lines = luma[: len(luma) // 2 * 2 - 1, ::_STEP].astype(np.int16)
    above, between, below = lines[:-2:2], lines[1:-1:2], lines[2::2]
    teeth = np.abs(2 * between - above - below) // 2 > _TEETH + np.abs(above - below)
    return bool(teeth.mean() > _COMBED) if teeth.size else False


def _luma(frame: VideoFrame) -> NDArray[np.uint8]:
    return luma_of(frame, VideoReformatter())
