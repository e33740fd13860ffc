"""Applies a Light to a picture: the true colour map of a continuation, in one place for films and for their judges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.sandbox.records import Light

Canvas = NDArray[np.float32]
"""(3, height, width) in 0..255: red, green, blue."""

_GREY = np.array([0.2126, 0.7152, 0.0722], np.float32)


def lit(canvas: Canvas, light: Light) -> Canvas:
    """The picture in another light, still in 0..255."""
    value = (np.clip(canvas, 0, 255) / 255) ** np.float32(light.gamma)
    value = 0.5 + np.float32(light.contrast) * (value - 0.5)
    grey = np.tensordot(_GREY, value, 1)[None]
    value = grey + np.float32(light.saturation) * (value - grey)
    value *= np.array([light.red, light.green, light.blue], np.float32)[:, None, None]
    return np.clip(value * 255, 0, 255).astype(np.float32)
