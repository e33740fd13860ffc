"""The luma of a frame as it is coded, whatever the frame says of its colours: what two frames are compared by."""

from __future__ import annotations

from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

_GREYS_OWN: Final = Colorspace.ITU601
"""What FFmpeg takes grey for. From any other matrix it goes by way of RGB, which cannot hold what is vivid: a frame
that says BT.709 would come out as another than the same one that says nothing.
"""


def luma_of(frame: VideoFrame, scaler: VideoReformatter, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """0 to 255 of full range, in width and height of `size`, or as large as the frame; of a picture in RGB that of
    BT.709, which all that is written has. Valid as long as it is kept.
    """
    width, height = size or (frame.width, frame.height)
    in_rgb = frame.format.is_rgb or frame.format.has_palette
    full = in_rgb or frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    reduced = scaler.reformat(
        frame,
        width,
        height,
        "yuv444p" if in_rgb else "gray",  # of RGB, grey is always that of BT.601
        src_colorspace=_GREYS_OWN,
        dst_colorspace=Colorspace.ITU709 if in_rgb else _GREYS_OWN,
        interpolation=Interpolation.AREA,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    plane = reduced.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
