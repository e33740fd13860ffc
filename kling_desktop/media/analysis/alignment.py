"""Lays the parent's last frames upon the child's, and says which of them the child has taken over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_desktop.media.analysis.meters import luma_of
from kling_desktop.media.analysis.steps import spread
from kling_desktop.media.frames import Floats, FrameReader

_TAIL = 24
"""How many of the parent's last frames are looked for in the child."""

_ALIKE = 0.45
"""Mean difference, in standard deviations of the picture, above which a frame cannot be the parent's."""

_FLAT = 4.0
"""Levels of contrast below which a picture counts as flat."""

_AHEAD = 0.25
"""Frames by which a picture may seem to be ahead of the parent's when it is the same one, coded again."""

_CODING = 0.45
"""Levels by which a picture that is coded again may differ, even if those before it came out the same."""

_NOISE = 1.2
"""Times the usual difference that a picture must have, besides, to be another one."""

_FOREIGN = 1.6
"""Times the usual difference that say so by themselves."""

_STEP = 0.75
"""Part of the parent's own step from frame to frame that another picture is away from it at least."""

_RESTLESS = 0.25
"""Levels that the parent's end must change from frame to frame, for its last frame to be told from the one before."""

_LOST = 2
"""Frames that an encoder loses at a join."""

_LIKELY = 0.85
"""Confidence at most where a place is not certain: the picture stands still, or coding may be what differs."""

_AS_GOOD, _AS_GOOD_AT_REST = 1.02, 1.4
"""So many times the cost of the best place is as good: where nothing moves, the others differ by their coding alone."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where the parent's end lies in the child."""

    frame: int
    """The first frame of the child that is not the parent's."""
    confidence: float
    """0 to 1."""
    at_its_place: bool
    """True when the parent begins with the child's beginning, so that all before `frame` is the parent's."""


def parents_tail(parent: FrameReader, fps: float) -> Floats:
    """Luma of the parent's last frames (n, rows, columns), as many a second as the child has."""
    clock = parent.clock
    if abs(fps / clock.fps - 1) < 0.02:
        wanted = np.arange(max(0, clock.frames - _TAIL), clock.frames)
    else:
        end = clock.seconds_of(clock.frames - 1) + 1 / clock.fps
        times = end - (np.arange(min(_TAIL, int(end * fps)), 0, -1) - 0.25) / fps
        wanted = np.array([clock.index_before(time) for time in times])
    read = parent.read(int(wanted[0]), int(wanted[-1]), sharp=range(0))
    there = wanted[(wanted >= read.first) & (wanted < read.end)]
    return luma_of(read.pictures[there - read.first])


def aligned(tail: Floats, child: Floats, first: int, expected: int, reach: int) -> Aligned | None:
    """The best place for the parent's `tail` within `reach` frames of `expected`, in `child` frames from `first` on.

    None where no place is good: the parent is no part of the child.
    """
    if tail.shape[1:] != child.shape[1:]:
        child = _resized(child, tail.shape[1], tail.shape[2])
    away = _distances(tail, child)
    ends = np.arange(max(len(tail), expected - reach - first), min(len(child), expected + reach - first) + 1)
    if not len(ends):
        return None
    rows = np.arange(len(tail))
    costs = np.median([away[rows, end - len(tail) + rows] for end in ends], axis=1)
    restless = float(np.abs(np.diff(tail[-4:], axis=0)).mean(axis=(1, 2)).min(initial=np.inf)) > _RESTLESS
    best = _first_of_the_best(costs, ends + first - expected, _AS_GOOD if restless else _AS_GOOD_AT_REST)
    if costs[best] > _ALIKE:
        return None
    end = int(ends[best])
    missing, is_plain = _missing_at_the_end(tail, child[end - len(tail) : end])
    at_its_place = end + first == expected
    sure = _margin(costs, best, at_its_place)
    return Aligned(end + first - missing, sure if restless and is_plain else min(sure, _LIKELY), at_its_place)


def _resized(pictures: Floats, height: int, width: int) -> Floats:
    """By the nearest pixel: for a copy in another size, where all that counts is which frame is which."""
    rows = ((np.arange(height) + 0.5) * pictures.shape[1] / height).astype(int)
    columns = ((np.arange(width) + 0.5) * pictures.shape[2] / width).astype(int)
    return pictures[:, rows][:, :, columns]


def _distances(one: Floats, other: Floats) -> Floats:
    """Mean difference of each picture of one run to each of the other, in standard deviations."""
    a, b = _standardised(one), _standardised(other)
    return np.stack([np.abs(b - picture).mean(axis=1) for picture in a])


def _standardised(luma: Floats) -> Floats:
    coarse = luma[:, ::4, ::4].reshape(len(luma), -1)
    contrast = np.maximum(coarse.std(axis=1, keepdims=True), _FLAT)
    standard: Floats = (coarse - coarse.mean(axis=1, keepdims=True)) / contrast
    return standard


def _first_of_the_best(costs: NDArray[np.floating], off: NDArray[np.intp], as_good: float) -> int:
    """The cheapest; of several that are as good as equal (nothing moves) the one nearest to the expected place."""
    good = np.flatnonzero(costs <= costs.min() * as_good + 0.0005)
    return int(good[np.argmin(np.abs(off[good]))])


def _missing_at_the_end(parent: Floats, child: Floats) -> tuple[int, bool]:
    """How many of the parent's last frames the child has not taken over: it shows others in their place. And whether
    that is plain: as few as encoders lose, and those of another time, since coarse coding makes them differ as well.

    In slow motion those differ no more than one coding from another, but all in the direction in which the picture
    changes: the difference, laid upon the parent's own change from frame to frame, tells by how many frames.
    """
    if len(parent) < 5:
        return 0, True
    old, new = _smoothed(parent), _smoothed(child)
    off = new - old
    off -= np.median(off, axis=(1, 2), keepdims=True)
    change = np.zeros_like(old)
    change[2:] = (old[2:] - old[:-2]) / 2
    ahead = (off * change).sum(axis=(1, 2)) / ((change * change).sum(axis=(1, 2)) + 1e-3 * change[0].size)
    ahead -= np.median(ahead[2:])  # grain that was coded away lies in both, and seems a change of its own
    away = np.abs(off).mean(axis=(1, 2))
    steps = _moves(np.abs(np.diff(old, axis=0)).mean(axis=(1, 2)))
    usual = max(float(np.median(away)), _CODING)
    other_time = (np.abs(ahead) > _AHEAD + 3 * spread(ahead[2:])) & (away > _NOISE * usual)
    foreign = (away > _STEP * np.append(steps[:1], steps)) & (other_time | (away > _FOREIGN * usual))
    missing = int(np.argmin(np.append(foreign[::-1], False)))
    return missing, missing <= _LOST and bool(other_time[len(old) - missing :].all())


def _moves(steps: NDArray[np.floating]) -> NDArray[np.floating]:
    """How far the picture goes from frame to frame; where one repeats the one before, as far as it goes elsewhere."""
    moving = steps[steps > _RESTLESS]
    return np.where(steps > _RESTLESS, steps, np.median(moving)) if len(moving) else steps


def _smoothed(luma: Floats) -> Floats:
    down: Floats = (np.roll(luma, 1, 1) + np.float32(2) * luma + np.roll(luma, -1, 1)) / np.float32(4)
    both: Floats = (np.roll(down, 1, 2) + np.float32(2) * down + np.roll(down, -1, 2)) / np.float32(4)
    return both


def _margin(costs: NDArray[np.floating], best: int, as_expected: bool) -> float:
    """How much worse the second best is; at the place that the parent's length tells, at least 0.6."""
    others = np.delete(costs, best)
    second = float(others.min()) if len(others) else 0.0
    sure = 1 - float(costs[best]) / second if second > 0 else 0.0
    return min(1.0, max(2 * sure, 0.6 if as_expected else 0.0))
