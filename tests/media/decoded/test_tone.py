"""HDR on a usual screen: white is white, grey is grey, and what is brighter than white is still told apart a little."""

from __future__ import annotations

from itertools import pairwise

import av
import numpy as np
import pytest
from av.video.reformatter import ColorTrc
from numpy.typing import NDArray

from kling_desktop.media.decoded.tone import is_hdr, on_usual_screen

PQ, HLG = ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67


def seen(signal: NDArray[np.float64], transfer: ColorTrc) -> NDArray[np.int16]:
    """Levels of red, green and blue for rows of signals of 0 to 1."""
    levels = np.rint(65535 * signal).astype(np.uint16)
    frame = av.VideoFrame.from_ndarray(np.repeat(np.repeat(levels[None], 2, axis=0), 2, axis=1), format="rgb48le")
    frame.color_trc = transfer
    return on_usual_screen(frame).to_ndarray()[0, ::2].astype(np.int16)


def test_which_transfers_are_hdr() -> None:
    assert [transfer for transfer in range(20) if is_hdr(transfer)] == [PQ, HLG]


@pytest.mark.parametrize(
    ("transfer", "white", "grey"),
    [(PQ, 0.5807, 0.4164), (HLG, 0.75, 0.4472)],  # 203 nits, and as many as level 128 of 255 has on a usual screen
    ids=["PQ", "HLG"],
)
def test_white_and_grey_are_those_of_a_usual_screen(transfer: ColorTrc, white: float, grey: float) -> None:
    shown = seen(np.array([[0.0] * 3, [grey] * 3, [white] * 3, [1.0] * 3]), transfer)
    assert np.ptp(shown, axis=1).max() <= 1, "what has no colour gets none"
    black, middle, page, brightest = shown[:, 1]
    assert (black, brightest) == (0, 255)
    assert abs(middle - 128) <= 2
    assert 240 <= page <= 252


@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["PQ", "HLG"])
def test_what_is_brighter_is_never_shown_darker(transfer: ColorTrc) -> None:
    shown = seen(np.linspace(0, 1, 64)[:, None].repeat(3, axis=1), transfer)[:, 1]
    assert all(one <= other for one, other in pairwise(shown))


def test_colours_keep_their_order_and_wide_ones_fit() -> None:
    shown = seen(np.array([[0.58, 0.3, 0.3], [0.3, 0.58, 0.3], [0.3, 0.3, 0.58]]), PQ)
    assert list(shown.argmax(axis=1)) == [0, 1, 2]
    assert (shown.max(axis=1) > 150).all()
