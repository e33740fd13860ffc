"""Finds how many pictures at a new clip's beginning show the seed frame again, and whether its motion stalls there.

A clip made from a picture begins with that picture, rendered again: shown after the parent it would stand still for
a frame. How often it is repeated is looked for and not assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from kling_desktop.media.decoded.luma import luma_of
from kling_desktop.media.decoded.turning import turn_of
from kling_desktop.media.film.pictures import read_picture
from kling_desktop.media.film.seed_frame import frames_between, last_before
from kling_desktop.media.frame_times import FrameTimes, frame_times
from kling_desktop.media.source import opened, picture_track

Lumas = NDArray[np.float32]
"""(pictures, rows, columns), in levels."""

MOST_REPEATED: Final = 5
"""Pictures that are left out at most: more is no repetition but a clip that stands still."""

MOST_TRIMMED: Final = 12
"""Pictures that may be left out on top of that, to get over a stall."""

_SEARCHED: Final = 6
"""Pictures among which the seed's copy is looked for; nearly always it is the first."""

_BEHIND: Final = 9
"""Pictures at the parent's end that say how fast it moves."""

_LONGER_SIDE: Final = 160
"""Of the reduced pictures that are compared, in pixels: grain and softness do not show there."""

_CELL: Final = 16
"""Side in reduced pixels of the regions that move or do not."""

_SLIGHT: Final = 0.5
"""Squared slope, in levels a pixel, up to which a cell is too flat to show motion."""

_STANDS: Final = 0.25
"""A picture repeats the one before when it has moved by less than this part of the parent's usual step."""

_CREPT: Final = 0.75
"""And no longer repeats the seed when small steps, or a coding that goes on refining, have added up to this."""

_STILL: Final = 0.12
"""Levels: a parent that changes by less from picture to picture says nothing about motion."""

_RUNS: Final = 0.6
"""Part of the parent's speed from which on a clip does not stall."""

_SETTLED: Final = 6
"""Steps at the end of what is looked at: they say how fast the clip itself is."""


@dataclass(frozen=True, slots=True)
class ClipStart:
    """Where a new clip is to begin after its parent."""

    repeated: int
    """Pictures at its beginning that show the seed frame again; they are left out. 1 where nothing tells."""
    start: Fraction
    """When the first new picture is due, in seconds of the clip."""
    sure: bool
    """False when the parent stands still, so that nothing can be told, and 1 is the default."""
    speeds: tuple[float, ...] = ()
    """Motion from each new picture to the next, as part of the parent's before; 1 goes on as fast. At most 12."""
    trim: int = 0
    """How many more pictures to leave out so that the motion goes on, 0 to 12: a suggestion, not applied in `start`."""


def find_start(seed: Path, parent: Path, clip: Path, parent_end: Fraction | None = None) -> ClipStart:
    """How `clip`, made from the picture `seed`, goes on after `parent` (to `parent_end`, in seconds of that file).

    Decodes 9 pictures of the parent and 24 of the clip. Raises NotAVideo, Truncated, FileTrouble, PictureUnfit.
    """
    old, new = frame_times(parent), frame_times(clip)
    last = last_before(old, parent_end)
    before = _lumas(parent, old, max(0, last - _BEHIND + 1), last)
    after = _lumas(clip, new, 0, min(new.count - 1, MOST_REPEATED + 1 + MOST_TRIMMED + 6), like=before)
    given = _reduced(read_picture(seed), VideoReformatter(), (before.shape[2], before.shape[1]))
    found = compared(given, before, after, float(new.step / old.step) if old.step else 1.0)
    repeated = min(found.repeated, new.count - 1)  # one picture at least is left
    return ClipStart(repeated, new.time_of(repeated), found.sure, found.speeds, found.trim)


def compared(seed: NDArray[np.float32], before: Lumas, after: Lumas, pace: float = 1.0) -> ClipStart:
    """The same for reduced pictures of one size; `start` is left at 0.

    `pace` is how long a picture of the clip lasts, against one of the parent: at half the rate each moves twice as far.
    """
    weights, step, levels = _liveliness(before)
    if levels < _STILL:
        return ClipStart(1, Fraction(0), sure=False)
    step *= pace
    copy = _copy_of(seed, after, weights)
    standing = 1
    for one, other in pairwise(after[copy:]):
        if _motion(one, other, weights) >= _STANDS * step or _motion(after[copy], other, weights) >= _CREPT * step:
            break
        standing += 1
    repeated = min(copy + standing, MOST_REPEATED)
    speeds = tuple(
        round(_motion(one, other, weights) / step, 3)
        for one, other in zip(after[repeated - 1 : -1], after[repeated:], strict=True)
    )
    return ClipStart(repeated, Fraction(0), True, speeds[:MOST_TRIMMED], _stall(speeds))


def _stall(speeds: tuple[float, ...]) -> int:
    """Steps until three in a row are nearly as fast as the parent's, or as the clip itself is later: then it is just
    slower. 0 when that never comes.
    """
    settled = float(np.median(speeds[-_SETTLED:])) if speeds else 0.0
    for place in range(min(MOST_TRIMMED, len(speeds) - 2) + 1):
        if min(speeds[place : place + 3], default=0) >= _RUNS * min(1.0, settled):
            return place
    return 0


def _copy_of(seed: NDArray[np.float32], after: Lumas, weights: Lumas) -> int:
    """Which picture is the seed's: the first, unless another is clearly nearer to it."""
    away = [_apart(_evened(seed), _evened(each), weights) for each in after[:_SEARCHED]]
    best = int(np.argmin(away))
    return best if away[best] < 0.5 * away[0] else 0


def _liveliness(before: Lumas) -> tuple[Lumas, float, float]:
    """Where the parent moves (weights of cells; 1 in sum), how far from picture to picture, by how many levels."""
    if len(before) < 2:
        return _cells(before[0]), 0.0, 0.0
    weights = _cells(np.asarray(np.median(np.abs(np.diff(before, axis=0)), axis=0))) ** 2
    weights /= max(float(weights.sum()), 1e-9)
    pairs = list(pairwise(before))
    levels = float(np.median([_apart(one, other, weights) for one, other in pairs]))
    return weights, float(np.median([_motion(one, other, weights) for one, other in pairs])), levels


def _cells(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The mean of each cell: of whole regions, because what moves does not stay on its pixels."""
    means = values.astype(np.float32)
    for axis in (0, 1):
        places = np.arange(0, values.shape[axis], _CELL)
        sizes = np.diff(np.append(places, values.shape[axis])).reshape((-1, 1) if axis == 0 else (1, -1))
        means = (np.add.reduceat(means, places, axis=axis) / sizes).astype(np.float32)
    return means


def _motion(one: NDArray[np.float32], other: NDArray[np.float32], weights: Lumas) -> float:
    """How far the picture moves, in pixels of the reduced picture: least squares in each cell (Lucas and Kanade, 1981).

    Differences by themselves would count noise as motion: there is always some, and it has no direction.
    """
    down, across = (np.asarray(slope, np.float32) for slope in np.gradient((one + other) / 2))
    change = other - one
    aa, dd, ad = _cells(across * across) + _SLIGHT, _cells(down * down) + _SLIGHT, _cells(across * down)
    at, dt = _cells(across * change), _cells(down * change)
    decisive = np.maximum(aa * dd - ad * ad, 1e-6)
    return float((np.hypot(dd * at - ad * dt, aa * dt - ad * at) / decisive * weights).sum())


def _apart(one: NDArray[np.float32], other: NDArray[np.float32], weights: Lumas) -> float:
    return float((_cells(np.abs(one - other)) * weights).sum())


def _evened(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of one mean and spread, so that a change of light or contrast does not count."""
    evened: NDArray[np.float32] = (luma - luma.mean()) * (40 / max(float(luma.std()), 1.0))
    return evened


def _lumas(file: Path, times: FrameTimes, first: int, last: int, like: Lumas | None = None) -> Lumas:
    scaler = VideoReformatter()
    size = None if like is None else (like.shape[2], like.shape[1])
    with opened(file) as container:
        stream = picture_track(container)
        found = [
            _reduced(picture, scaler, size) for _, picture in frames_between(container, stream, times, first, last)
        ]
    return np.stack(found)


def _reduced(frame: VideoFrame, scaler: VideoReformatter, size: tuple[int, int] | None) -> NDArray[np.float32]:
    """Upright, as the clip is: a phone's film may lie in its file, and what moves across it there moves up or down."""
    factor = min(1.0, _LONGER_SIDE / max(frame.width, frame.height))
    turn = turn_of(frame)
    wide, high = size[::-1] if size and turn.is_lying else size or (frame.width * factor, frame.height * factor)
    width, height = max(2, round(wide)), max(2, round(high))
    levels = luma_of(frame, scaler, (width, height))
    return _soft(np.rot90(levels[::-1] if turn.is_mirrored else levels, turn.degrees // 90).astype(np.float32))


def _soft(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blurred by about two pixels, the edges round the corner: small films are hardly reduced, and grainy."""
    for axis in (0, 1, 0, 1):
        levels = ((np.roll(levels, 1, axis) + 2 * levels + np.roll(levels, -1, axis)) / 4).astype(np.float32)
    return levels
