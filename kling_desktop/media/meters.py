"""Measures the pictures on either side of a seam: five numbers, and what each means for the eye."""

from __future__ import annotations

import numpy as np

from kling_desktop.domain.analysis import Measure, Meter, Verdict
from kling_desktop.media.colour import difference, lab
from kling_desktop.media.frames import Floats, FrameRange
from kling_desktop.media.motion import Motion

AROUND = 16
"""How many frames on either side are looked at."""

SHARP_AROUND = 4
"""How many frames on either side say how sharp it is there."""

_BLOCK = 8
"""Side in pixels of the blocks of a reduced picture whose mean colours are compared."""

_LIMITS: dict[Measure, tuple[float, float]] = {
    Measure.COLOUR: (1.6, 2.4),
    Measure.BRIGHTNESS: (2.5, 5.0),
    Measure.SHARPNESS: (25.0, 40.0),
    Measure.MOTION: (0.5, 3.0),
    Measure.FREEZE: (1.0, 3.0),
}
"""Where SLIGHT and BAD begin. From clean and faulty joins of the sandbox: tests/benchmarks/seams.py prints both."""


def meters(run: FrameRange, seam: int) -> tuple[Meter, ...]:
    """All five, for the join before frame `seam` of the clip; empty when the run has no frames on one side of it."""
    values = measured(run, seam)
    return tuple(_meter(measure, values[measure]) for measure in Measure) if values else ()


def measured(run: FrameRange, seam: int) -> dict[Measure, float]:
    """The bare numbers."""
    at = seam - run.first
    if not 0 < at < len(run):
        return {}
    here = slice(max(0, at - AROUND), at + AROUND)
    at -= here.start
    pictures, sharpness = run.pictures[here], run.sharpness[here]
    gains = light_steps(pictures)
    moved = Motion(_evened(pictures, gains), at)
    return {
        Measure.COLOUR: _colour_shift(pictures, gains, at),
        Measure.BRIGHTNESS: 100 * float(np.expm1(gains[at - 1] - _usual(gains, at - 1))),
        Measure.SHARPNESS: _sharpness_change(sharpness, at),
        Measure.MOTION: max(0.0, moved.skipped()),
        Measure.FREEZE: float(moved.frozen()),
    }


def blocks(pictures: Floats) -> Floats:
    """Mean colours of blocks: (n, rows, columns, 3)."""
    n, height, width = pictures.shape[:3]
    rows, columns = max(1, height // _BLOCK), max(1, width // _BLOCK)
    down, across = height // rows, width // columns
    cut = pictures[:, : rows * down, : columns * across]
    mean: Floats = cut.reshape(n, rows, down, columns, across, 3).mean(axis=(2, 4))
    return mean


def light_steps(pictures: Floats, channel: int | None = None) -> Floats:
    """Change of brightness, or of one channel, from each frame to the next: logarithm of the ratio, blocks' median.

    The median, so that what moves through the picture does not count.
    """
    means = blocks(pictures)
    light = luma_of(means) if channel is None else means[..., channel]
    light = light.reshape(len(pictures), -1) + 2  # of a black block there is no ratio
    steps: Floats = np.median(np.diff(np.log(light), axis=0), axis=1)
    return steps


def luma_of(pictures: Floats) -> Floats:
    """BT.709 luma of RGB pictures."""
    weighted: Floats = pictures @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return weighted


def _usual(steps: Floats, at: int) -> float:
    """The median of the other steps: what changes all the time is no fault of the join."""
    others = np.delete(steps, at)
    return float(np.median(others)) if len(others) else 0.0


def _evened(pictures: Floats, gains: Floats) -> Floats:
    """Luma with the light of the first frame throughout."""
    light = np.exp(-np.concatenate([np.zeros(1, np.float32), np.cumsum(gains)]))
    evened: Floats = luma_of(pictures) * light[:, None, None].astype(np.float32)
    return evened


def _colour_shift(pictures: Floats, gains: Floats, at: int) -> float:
    """CIEDE2000 over the join, less what it is from frame to frame anyway."""
    near = slice(max(0, at - 4), at + 4)
    mean = blocks(pictures[near])
    light = np.exp(np.concatenate([np.zeros(1), np.cumsum(gains[near.start : near.stop - 1])]))
    colours = lab(mean / light[: len(mean), None, None, None])
    steps = np.median(difference(colours[:-1], colours[1:]), axis=(1, 2)).astype(np.float32)
    here = at - near.start - 1
    return max(0.0, float(steps[here]) - _usual(steps, here))


def _sharpness_change(sharpness: Floats, at: int) -> float:
    """Median over the cells that have texture on one side at least: a caption or a flat sky does not count."""
    old = np.median(sharpness[max(0, at - SHARP_AROUND) : at], axis=0) + 1e-6
    new = np.median(sharpness[at : at + SHARP_AROUND], axis=0) + 1e-6
    texture = np.maximum(old, new)
    return 100 * float(np.expm1(np.median(np.log(new / old)[texture >= np.quantile(texture, 0.8)])))


def _meter(measure: Measure, value: float) -> Meter:
    slight, bad = _LIMITS[measure]
    size = abs(value)
    verdict = Verdict.BAD if size >= bad else Verdict.SLIGHT if size >= slight else Verdict.CLEAN
    return Meter(measure, value, min(1.0, size / (2 * bad)), verdict)
