"""How motion goes on over a seam: broken, in whatever direction, turned back, at another speed, or standing still."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kling_desktop.media.analysis.steps import departures, is_manner, longest_row, spread
from kling_desktop.media.frames import Floats

_BLOCK = 12
"""Side in pixels of the blocks that are taken to move as one."""

_FLAT = 0.05
"""Texture, as part of the usual, below which a block's motion is taken for smaller than it seems."""

_FINEST = 0.04
"""Pixels of a reduced picture by which flow is off without anything moving: coding, and noise."""

_BESIDE = 2
"""Steps before, and after, that say how a block moves just there: motion changes sooner than light or colour."""

_FEWEST = 4
"""Steps that have to be there beside the one over the seam, to say what is usual."""

_JUMPS = 2
"""Other steps as uneven make one the manner of a film that stands still in between: on fours, or a slide show."""

_STILL = 0.06
"""Levels of luma by which a repeated frame may differ: coding noise."""

_MUCH = 15
"""Times the coding noise that changes in a lively film."""

_STILL_PART = 0.25
"""A frame repeats the one before when it differs by less than this part of the usual."""

_STILL_BLOCK, _SMALL_BLOCK = 3.0, 8
"""Levels by which the block that changes most may do so in a repeated frame: where little moves in a large picture, or
much elsewhere in the film, the mean says nothing. And the side of such blocks, in pixels.
"""

_ANEW_PART, _ANEW_EVENLY = 0.36, 3.0
"""Part of the usual by which that block changes in a repeated frame that is coded anew, and times the mean: such a
picture changes a little everywhere, and moves nowhere.
"""

_LIKE_THE_ROW = 4.0
"""Frames elsewhere stand still as those of a row at the seam do when they differ by less than so many times as much."""

_REFRESH_PART = 0.7
"""A frame that differs by less than this part may be a repeated one that is coded anew, such as a key frame."""

_FREEZE_LONG, _OFTEN = 5, 0.15
"""Steps around the seam left out, and part of the others that stands still where that is the film's manner: on twos,
half; brought from 24 to 30 frames a second, a fifth.
"""

_SEVERAL = 3
"""Steps before, and after, whose common direction or speed is compared."""

_BACK, _TO_AND_FRO = 0.7, 0.3
"""From which correlation on things go back the way they came; and from which on the film does so by itself."""

_TURNED = 2.0
"""What a motion that goes straight back counts for, in usual deviations."""

_LONG = 8
"""Steps before, and after, over which another speed has to last: a film by itself may be slower for a moment."""

_AT_REST = -0.8
"""Logarithm of the speed: what falls further has come to rest."""

_PACE_CODING, _PACE_CHANGE = 0.1, 1.1
"""Part of what moves that coding makes by itself; and so many times the film's own greatest change of speed counts."""

_PACED, _PACED_MOST = 0.8, 3.0
"""What such a change of speed counts for, in usual deviations, and at most: a film may do that by itself."""


class Motion:
    """What moves in a run of luma pictures of even light, with a seam before picture `at`."""

    def __init__(self, luma: Floats, at: int) -> None:
        self._luma, self._at = luma, at
        change = np.abs(np.diff(luma, axis=0))
        self._steps, most = change.mean(axis=(1, 2)), most_changed(change)
        self._lively = float(np.percentile(self._steps, 75)) if len(self._steps) else 0.0
        self._moves = self._lively > 2 * _STILL
        stands = self._steps < max(_STILL, _STILL_PART * self._lively)
        if len(most):
            anew = most < np.minimum(_ANEW_PART * np.percentile(most, 75), _ANEW_EVENLY * self._steps)
            stands = (stands | anew) & (most < _STILL_BLOCK)
        self._stands: NDArray[np.bool_] = stands

    def frozen(self) -> int:
        """Frames that repeat the one before, in the row at the seam; 0 where nothing moves anyway.

        Rows as long as those elsewhere are a manner of the film: animation on twos, or one that was slowed down.
        """
        if not self._moves:
            return 0
        row = self._row()
        as_still = self._stands & (self._steps < self._as_still_as(row))
        elsewhere = np.concatenate([as_still[: row.start], [False], as_still[row.stop :]])
        length = row.stop - row.start
        return length if length > longest_row(elsewhere) else 0

    def broken(self) -> float:
        """How far the motion over the seam is from going on as before, in usual deviations of this film; at least 0.

        Every block's step over the seam against its own of just before and just after; whether it goes too far, back,
        sideways or apart (zoom).
        """
        if len(self._luma) < _FEWEST + 2:
            return 0.0
        off = _leaps(departures(self._flows, _BESIDE), self._flows_and_variances[1])
        if self._jumps[self._at - 1] and is_manner(off * self._jumps, self._at - 1, _JUMPS):
            return 0.0
        others = np.delete(off, self._at - 1)
        return max(0.0, float(off[self._at - 1] - np.median(others))) / (_FINEST + spread(others))

    def turned(self) -> float:
        """The same, for a film that goes back over the seam the way it came, as no step by itself shows; else 0."""
        places = range(_SEVERAL + 1, len(self._luma) - _SEVERAL + 1)
        if self._at not in places:
            return 0.0
        elsewhere = [self._likeness(place) for place in places if abs(place - self._at) > _SEVERAL]
        back = -self._likeness(self._at)
        return _TURNED * back if back > _BACK and min(elsewhere, default=0.0) > -_TO_AND_FRO else 0.0

    def paced(self) -> float:
        """The same, for a film that goes on at another speed, or from rest: by the greatest change that it makes
        anywhere else.
        """
        speed = np.log(np.abs(np.diff(_halved(self._luma), axis=0)).mean(axis=(1, 2)) + _PACE_CODING)
        places = range(_SEVERAL + 1, len(self._luma) - _SEVERAL + 1)
        if self._at not in places:
            return 0.0
        elsewhere = [_change(speed, at, _SEVERAL) for at in places if abs(at - self._at) >= _SEVERAL]
        own = max(map(abs, elsewhere), default=0.0)
        here = _change(speed, self._at, _SEVERAL)
        if here > _AT_REST:  # what came to rest may go on soon; another speed stays
            lasting = _change(speed, self._at, _LONG)
            here = min(here, lasting, key=abs) if here * lasting > 0 else 0.0
        return min(_PACED_MOST, _PACED / _PACE_CHANGE * abs(here) / (_PACE_CODING + own))

    @property
    def _flows(self) -> NDArray[np.float64]:
        return self._flows_and_variances[0]

    @cached_property
    def _flows_and_variances(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return _flows_and_variances(self._luma)

    def _likeness(self, place: int) -> float:
        """Correlation of what moves just before a picture and from it on; the step over the place does not count."""
        before = self._flows[place - 1 - _SEVERAL : place - 1].mean(axis=0).ravel()
        after = self._flows[place : place + _SEVERAL].mean(axis=0).ravel()
        return float(before @ after) / (float(np.linalg.norm(before) * np.linalg.norm(after)) + 1e-6 * len(before))

    def _row(self) -> slice:
        """Steps without motion at the seam; the one over it, or one inside the row, may be a picture coded anew."""
        here, best = self._at - 1, slice(self._at - 1, self._at - 1)
        for first in range(max(0, here - 1), min(len(self._stands), here + 2)):
            if not self._stands[first]:
                continue
            begin, end = self._reach(first, -1), self._reach(first, 1)
            aside = (begin > here or end <= here) and not self._repeats(first)
            if end - begin > best.stop - best.start and self._stands[begin:end].sum() > aside:
                best = slice(begin, end)
        return best

    def _as_still_as(self, row: slice) -> float:
        """Below which a step is a repeated frame as those of the row are; above, it is slow motion."""
        still = self._steps[row][self._stands[row]]
        return max(_STILL, _LIKE_THE_ROW * float(np.median(still))) if len(still) else _STILL

    def _reach(self, start: int, way: int) -> int:
        """End of the row from a still step on, over one refresh that still steps follow."""
        at, refreshed, limit = start, False, len(self._stands)
        while 0 <= at + way < limit:
            ahead = at + way
            if self._stands[ahead]:
                at = ahead
            elif (
                not refreshed
                and not self._on_twos
                and 0 <= ahead + way < limit
                and self._stands[ahead + way]
                and self._weak(ahead)
            ):
                at, refreshed = ahead + way, True
            else:
                break
        return at if way < 0 else at + 1

    @property
    def _jumps(self) -> NDArray[np.bool_]:
        """Steps between two that stand still."""
        stands = np.concatenate([[False], self._stands, [False]])
        jumps: NDArray[np.bool_] = ~self._stands & stands[:-2] & stands[2:]
        return jumps

    @cached_property
    def _on_twos(self) -> bool:
        """Whether frames repeat throughout the film: then a step between two repeated ones is its own."""
        away = np.abs(np.arange(len(self._stands)) - (self._at - 1)) > _FREEZE_LONG
        return bool(away.any() and self._stands[away].mean() > _OFTEN)

    def _repeats(self, step: int) -> bool:
        """Whether nothing at all changes though much does otherwise: then a single one counts, too."""
        return bool(_MUCH * self._steps[step] < self._lively > _MUCH * _STILL)

    def _weak(self, step: int) -> bool:
        return bool(self._steps[step] < _REFRESH_PART * self._lively)


def most_changed(change: Floats) -> Floats:
    """How much the block changes that changes most, but for a few: (n), of the sizes (n, rows, columns) of changes."""
    rows, columns = max(1, change.shape[1] // _SMALL_BLOCK), max(1, change.shape[2] // _SMALL_BLOCK)
    down, across = change.shape[1] // rows, change.shape[2] // columns
    lines = change[:, : rows * down, : columns * across].reshape(len(change), rows, down, -1).sum(axis=2)
    means = lines.reshape(len(change), rows, columns, across).sum(axis=3) / np.float32(down * across)
    most: Floats = np.quantile(means.reshape(len(change), -1), 0.98, axis=1).astype(np.float32)
    return most


def unevenness(luma: Floats) -> NDArray[np.float64]:
    """Of each step: how far, in pixels, blocks go otherwise than just before and after it."""
    return _unevenness(flows(luma))


def _unevenness(flow: NDArray[np.float64]) -> NDArray[np.float64]:
    off: NDArray[np.float64] = np.linalg.norm(departures(flow, _BESIDE), axis=-1).mean(axis=(1, 2))
    return off


def _leaps(departed: NDArray[np.float64], variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same, without what is to be expected by chance: a length squared is too large by the variance of the flow."""
    squares = np.square(departed).sum(axis=-1) - variances
    leaps: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0)).mean(axis=(1, 2))
    return leaps


def flows(luma: Floats) -> NDArray[np.float64]:
    """Optical flow of each block from each picture to the next, in pixels: (n - 1, rows, columns, (x, y)).

    Least squares over the block (Lucas, Kanade 1981), good for motion below about two pixels.
    """
    return _flows_and_variances(luma)[0]


def _flows_and_variances(luma: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """And how far each is uncertain, in squared pixels: what changes in the block without being motion, such as its
    coding, over the texture by which motion shows.
    """
    middle, change = (luma[1:] + luma[:-1]) / 2, np.diff(luma, axis=0)
    down, across = np.gradient(middle, axis=1), np.gradient(middle, axis=2)
    xx, yy, xy = _sums(across * across), _sums(down * down), _sums(across * down)
    xt, yt = _sums(across * change), _sums(down * change)
    firm = _FLAT * float(np.median(xx + yy)) + 1e-3
    xx, yy = xx + firm, yy + firm
    area = xx * yy - xy * xy
    flow = np.stack([(xy * yt - yy * xt) / area, (xy * xt - xx * yt) / area], axis=-1)
    unmoved = np.maximum(0, _sums(change * change) + flow[..., 0] * xt + flow[..., 1] * yt)
    return flow, unmoved / _BLOCK**2 * (xx + yy) / area


def _sums(values: NDArray[np.floating]) -> NDArray[np.float64]:
    n, height, width = values.shape
    rows, columns = max(1, height // _BLOCK), max(1, width // _BLOCK)
    down, across = height // rows, width // columns
    lines = values[:, : rows * down, : columns * across].reshape(n, rows, down, -1).sum(axis=2, dtype=np.float64)
    summed: NDArray[np.float64] = lines.reshape(n, rows, columns, across).sum(axis=3)
    return summed


def _change(speed: NDArray[np.floating], at: int, several: int) -> float:
    """From the few steps before that over picture `at` to the few after it."""
    before = speed[max(0, at - 1 - several) : at - 1]
    return float(np.median(speed[at : at + several]) - np.median(before))


def _halved(luma: Floats) -> Floats:
    rows, columns = luma.shape[1] // 2 * 2, luma.shape[2] // 2 * 2
    cut = luma[:, :rows, :columns]
    half: Floats = (cut[:, ::2, ::2] + cut[:, 1::2, ::2] + cut[:, ::2, 1::2] + cut[:, 1::2, 1::2]) * np.float32(0.25)
    return half
