"""Makes the sound of a clip: a quiet chord and a breath of wind, a pure function of its seed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.audio.frame import AudioFrame

from kling_desktop.sandbox.records import Film

RATE = 44_100
"""Samples a second."""
_PIECE = 1024
_ROOTS = (110.0, 123.47, 130.81, 146.83, 164.81)


def sounds(film: Film) -> Iterator[AudioFrame]:
    """Frames of one channel that last as long as the picture."""
    draw = np.random.default_rng(film.segments[0].seed)
    root, sway = _ROOTS[draw.integers(len(_ROOTS))], draw.uniform(0.1, 0.3)
    total = round(film.seconds * RATE)
    for start in range(0, total, _PIECE):
        time = np.arange(start, min(total, start + _PIECE)) / RATE
        chord = sum(np.sin(2 * np.pi * root * step * time) / step for step in (1, 1.5, 2))
        wind = draw.normal(0, 0.02, len(time))
        loud = 0.08 * (1 + 0.5 * np.sin(2 * np.pi * sway * time)) * chord + wind
        frame = AudioFrame.from_ndarray(loud.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield frame
