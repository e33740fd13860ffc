"""Turns pictures into the planes of a video frame without the small errors of a scaler's default."""

from __future__ import annotations

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
"""(3, height, width) in 0..255: red, green, blue."""
Plane = NDArray[np.float32]

_WEIGHTS = {True: (0.2126, 0.0722), False: (0.299, 0.114)}
"""Share of red and of blue in luma: BT.709 if wide, else BT.601."""


def frame_of(canvas: Canvas, *, wide: bool) -> VideoFrame:
    """A yuv420p frame of limited range; chroma sits in the middle, as the usual scalers have it unless told."""
    red_share, blue_share = (np.float32(share) for share in _WEIGHTS[wide])
    red, green, blue = canvas / np.float32(255)
    luma = red_share * red + (1 - red_share - blue_share) * green + blue_share * blue
    cb, cr = (blue - luma) / (2 * (1 - blue_share)), (red - luma) / (2 * (1 - red_share))
    frame = VideoFrame(canvas.shape[2], canvas.shape[1], "yuv420p")
    for number, plane in enumerate((16 + 219 * luma, 128 + 224 * _halved(cb), 128 + 224 * _halved(cr))):
        _fill(frame, number, plane)
    return frame


def _halved(plane: Plane) -> Plane:
    """The mean of four pixels each."""
    rows = plane[0::2] + plane[1::2]
    return ((rows[:, 0::2] + rows[:, 1::2]) / 4).astype(np.float32)


def _fill(frame: VideoFrame, number: int, values: Plane) -> None:
    plane = frame.planes[number]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    rows[: plane.height, : plane.width] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
