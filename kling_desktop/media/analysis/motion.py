"""How motion goes on over a seam: whether it is broken, in whatever direction, and frames that stand still."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.media.analysis.steps import departures, spread
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

_STILL = 0.06
"""Levels of luma by which a repeated frame may differ: coding noise."""

_STILL_PART = 0.25
"""A frame repeats the one before when it differs by less than this part of the usual."""

_REFRESH_PART = 0.7
"""A frame that differs by less than this part may be a repeated one that is coded anew, such as a key frame."""


class Motion:
    """What moves in a run of luma pictures of even light, with a seam before picture `at`."""

    def __init__(self, luma: Floats, at: int) -> None:
        self._luma, self._at = luma, at
        self._steps = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))
        self._lively = float(np.percentile(self._steps, 75)) if len(self._steps) else 0.0
        self._moves = self._lively > 2 * _STILL
        self._stands: NDArray[np.bool_] = self._steps < max(_STILL, _STILL_PART * self._lively)

    def frozen(self) -> int:
        """Frames that repeat the one before, in the row at the seam; 0 where nothing moves anyway.

        Rows as long as those elsewhere are a manner of the film: animation on twos, or one that was slowed down.
        """
        if not self._moves:
            return 0
        row = self._row()
        elsewhere = np.concatenate([self._stands[: row.start], [False], self._stands[row.stop :]])
        length = row.stop - row.start
        return length if length > _longest(elsewhere) else 0

    def broken(self) -> float:
        """How far the motion over the seam is from going on as before, in usual deviations of this film; at least 0.

        Every block's step over the seam against its own of just before and just after; whether it goes too far, back,
        sideways or apart (zoom).
        """
        if len(self._luma) < _FEWEST + 2:
            return 0.0
        off = unevenness(self._luma)
        others = np.delete(off, self._at - 1)
        return max(0.0, float(off[self._at - 1] - np.median(others))) / (_FINEST + spread(others))

    def _row(self) -> slice:
        """Steps without motion at the seam; the one over it, or one inside the row, may be a picture coded anew."""
        here, best = self._at - 1, slice(self._at - 1, self._at - 1)
        for first in range(max(0, here - 1), min(len(self._stands), here + 2)):
            if not self._stands[first]:
                continue
            begin, end = self._reach(first, -1), self._reach(first, 1)
            if end - begin > best.stop - best.start and self._stands[begin:end].sum() > (begin > here or end <= here):
                best = slice(begin, end)
        return best

    def _reach(self, start: int, way: int) -> int:
        """End of the row from a still step on, over one refresh that still steps follow."""
        at, refreshed, limit = start, False, len(self._stands)
        while 0 <= at + way < limit:
            ahead = at + way
            if self._stands[ahead]:
                at = ahead
            elif not refreshed and 0 <= ahead + way < limit and self._stands[ahead + way] and self._weak(ahead):
                at, refreshed = ahead + way, True
            else:
                break
        return at if way < 0 else at + 1

    def _weak(self, step: int) -> bool:
        return bool(self._steps[step] < _REFRESH_PART * self._lively)


def unevenness(luma: Floats) -> NDArray[np.float64]:
    """Of each step: how far, in pixels, blocks go otherwise than just before and after it."""
    off: NDArray[np.float64] = np.linalg.norm(departures(flows(luma), _BESIDE), axis=-1).mean(axis=(1, 2))
    return off


def flows(luma: Floats) -> NDArray[np.float64]:
    """Optical flow of each block from each picture to the next, in pixels: (n - 1, rows, columns, (x, y)).

    Least squares over the block (Lucas, Kanade 1981), good for motion below about two pixels.
    """
    middle, change = (luma[1:] + luma[:-1]) / 2, np.diff(luma, axis=0)
    down, across = np.gradient(middle, axis=1), np.gradient(middle, axis=2)
    xx, yy, xy = _sums(across * across), _sums(down * down), _sums(across * down)
    xt, yt = _sums(across * change), _sums(down * change)
    firm = _FLAT * float(np.median(xx + yy)) + 1e-3
    xx, yy = xx + firm, yy + firm
    area = xx * yy - xy * xy
    return np.stack([(xy * yt - yy * xt) / area, (xy * xt - xx * yt) / area], axis=-1)


def _sums(values: NDArray[np.floating]) -> NDArray[np.float64]:
    n, height, width = values.shape
    rows, columns = max(1, height // _BLOCK), max(1, width // _BLOCK)
    down, across = height // rows, width // columns
    lines = values[:, : rows * down, : columns * across].reshape(n, rows, down, -1).sum(axis=2, dtype=np.float64)
    summed: NDArray[np.float64] = lines.reshape(n, rows, columns, across).sum(axis=3)
    return summed


def _longest(claims: NDArray[np.bool_]) -> int:
    """The longest row of true ones."""
    longest = length = 0
    for claim in claims:
        length = length + 1 if claim else 0
        longest = max(longest, length)
    return longest
