"""Colours as the eye counts them: sRGB to CIE Lab, and the CIEDE2000 difference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""sRGB's primaries under D65 (IEC 61966-2-1)."""
_WHITE = _TO_XYZ.sum(axis=1)
_BEND = 6 / 29
_TO_THE_SEVENTH = 25.0**7


def lab(rgb: NDArray[np.float32] | Floats) -> Floats:
    """CIE L*a*b* (D65) of sRGB in 0..255; the last axis holds the channels."""
    level = np.clip(rgb.astype(np.float64) / 255, 0, None)
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    root = np.where(ratio > _BEND**3, np.cbrt(ratio), ratio / (3 * _BEND**2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def difference(one: Floats, other: Floats) -> Floats:
    """CIEDE2000 of Lab colours (Sharma, Wu, Dalal: Color Research and Application 30, 2005), all weights 1."""
    chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + _TO_THE_SEVENTH))
    c1, h1 = _polar(one, stretch)
    c2, h2 = _polar(other, stretch)
    turn = np.where(c1 * c2 == 0, 0.0, (h2 - h1 + 180) % 360 - 180)
    light, c, h = (one[..., 0] + other[..., 0]) / 2, (c1 + c2) / 2, _mean_hue(c1, h1, c2, h2, turn)
    lightness = (other[..., 0] - one[..., 0]) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    chromas = (c2 - c1) / (1 + 0.045 * c)
    hues = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2) / (1 + 0.015 * c * _hue_weight(h))
    rotation = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * 2
    rotation = rotation * np.sqrt(c**7 / (c**7 + _TO_THE_SEVENTH))
    squared: Floats = lightness**2 + chromas**2 + hues**2 + rotation * chromas * hues
    return np.sqrt(np.maximum(squared, 0))


def _polar(colour: Floats, stretch: Floats) -> tuple[Floats, Floats]:
    a, b = stretch * colour[..., 1], colour[..., 2]
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _mean_hue(c1: Floats, h1: Floats, c2: Floats, h2: Floats, turn: Floats) -> Floats:
    """The hue half way along the shorter arc; the sum of both where one colour has none."""
    found: Floats = np.where(c1 * c2 == 0, h1 + h2, (h1 + turn / 2) % 360)
    return found


def _hue_weight(h: Floats) -> Floats:
    angle = np.radians
    weight: Floats = (
        1
        - 0.17 * np.cos(angle(h - 30))
        + 0.24 * np.cos(angle(2 * h))
        + 0.32 * np.cos(angle(3 * h + 6))
        - 0.20 * np.cos(angle(4 * h - 63))
    )
    return weight
