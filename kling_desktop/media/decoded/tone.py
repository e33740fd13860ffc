"""Shows pictures of HDR as a usual screen can: taken for usual ones, those of PQ and HLG look grey and pale."""

from __future__ import annotations

from functools import cache
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, ColorTrc
from numpy.typing import NDArray

Light = NDArray[np.float32]

_WHITE_NITS: Final = 203.0
"""Of a white page in HDR (ITU-R BT.2408, 2.1): it becomes the white of a usual screen."""

_HLG_NITS: Final = 1000.0
"""Of the brightest that HLG can say, on the screen that it is made for (ITU-R BT.2100, table 5)."""

_HLG_SYSTEM_GAMMA: Final = 1.2

_KNEE: Final = 0.8
"""Part of a usual screen's light up to which all stays as it is; what is brighter comes ever closer to white."""

_SCREEN_GAMMA: Final = 2.4
"""Of a usual screen (ITU-R BT.1886)."""

_LEVELS: Final = 1024
"""Of the signal: ten bits, as HDR is coded."""

_LUMA_2020: Final = np.array([0.2627, 0.6780, 0.0593], np.float32)

_TO_709: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)
"""Linear light of BT.2020's primaries in those of BT.709 (ITU-R BT.2087, 2)."""


DEEP: Final = "rgb48le"
"""Pixel format that pictures of HDR are best reduced in: eight bits of them would show steps."""


def is_hdr(transfer: int) -> bool:
    """Of a transfer function as ITU-T H.273 counts them: PQ and HLG."""
    return transfer in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)


def on_usual_screen(frame: VideoFrame) -> VideoFrame:
    """A picture of HDR in RGB of eight bits. Takes 0.1 s for a million pixels: give it reduced ones.

    FFmpeg's scaler finds nearly the same (to half a level, in the mean), but works for 2.6 s before each first picture.
    """
    signal = frame.reformat(format=DEEP, src_colorspace=Colorspace.BT2020).to_ndarray().astype(np.uint16, copy=False)
    light = _light_of(int(frame.color_trc))[signal >> 6]
    if frame.color_trc == ColorTrc.ARIB_STD_B67:  # what it says is the scene's light
        scene = np.maximum(light @ _LUMA_2020, np.float32(1e-6))
        light *= (scene ** np.float32(_HLG_SYSTEM_GAMMA - 1) * np.float32(_HLG_NITS / _WHITE_NITS))[..., None]
    strongest = np.maximum(light.max(axis=2, keepdims=True), np.float32(1e-6))
    narrow = np.clip((light * (_pressed(strongest) / strongest)) @ _TO_709.T, 0, 1)
    levels = np.rint(255 * narrow ** np.float32(1 / _SCREEN_GAMMA)).astype(np.uint8)
    return VideoFrame.from_ndarray(levels, format="rgb24")


def _pressed(light: Light) -> Light:
    over = np.maximum(light - np.float32(_KNEE), np.float32(0)) / np.float32(1 - _KNEE)
    pressed: Light = np.minimum(light, np.float32(_KNEE)) + np.float32(1 - _KNEE) * -np.expm1(-over)
    return pressed


@cache
def _light_of(transfer: int) -> Light:
    """Of each level of the signal (ITU-R BT.2100): for PQ in multiples of white, for HLG the scene's, 0 to 1."""
    signal = np.linspace(0, 1, _LEVELS)
    light = _by_pq(signal) / _WHITE_NITS if transfer == ColorTrc.SMPTE2084 else _by_hlg(signal)
    return light.astype(np.float32)


def _by_pq(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """In nits (table 4)."""
    root = signal ** (32 / 2523)
    part: NDArray[np.float64] = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return 10_000 * part ** (8192 / 1305)


def _by_hlg(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the scene (table 5)."""
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12)
