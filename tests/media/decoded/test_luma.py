"""Two frames of the same levels have the same luma, whatever they say of their colours."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from kling_desktop.media.decoded.luma import luma_of

LEVELS = np.linspace(20, 230, 96 * 64).reshape(96, 64).astype(np.uint8)


def _vivid(matrix: Colorspace | int, full: bool = False) -> av.VideoFrame:
    """As vivid as YUV can be, and more than RGB can."""
    chroma = np.where(np.indices((48, 32)).sum(0) % 2, 16, 240).astype(np.uint8)
    planes = np.concatenate([LEVELS.ravel(), chroma.ravel(), chroma[::-1].ravel()]).reshape(144, 64)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.colorspace = matrix
    frame.color_range = ColorRange.JPEG if full else ColorRange.MPEG
    return frame


@pytest.mark.parametrize("matrix", [Colorspace.ITU709, Colorspace.ITU601, 2, 9], ids=["709", "601", "unsaid", "2020"])
@pytest.mark.parametrize("full", [False, True])
def test_it_is_the_luma_that_is_coded(matrix: int, full: bool) -> None:
    wanted = LEVELS if full else (LEVELS.astype(float) - 16) * 255 / 219
    found = luma_of(_vivid(matrix, full), VideoReformatter())
    assert np.abs(found - np.clip(wanted, 0, 255)).max() <= 1
    half = luma_of(_vivid(matrix, full), VideoReformatter(), (32, 48))
    assert np.abs(half - np.clip(wanted, 0, 255).reshape(48, 2, 32, 2).mean((1, 3))).max() <= 2


@pytest.mark.parametrize(("colour", "luma"), [((255, 0, 0), 54), ((0, 255, 0), 182), ((0, 0, 255), 18)])
def test_of_rgb_it_is_what_it_will_be_when_it_is_written(colour: tuple[int, int, int], luma: int) -> None:
    picture = av.VideoFrame.from_ndarray(np.full((16, 16, 3), colour, np.uint8), format="rgb24")
    assert np.abs(luma_of(picture, VideoReformatter()).astype(int) - luma).max() <= 1
