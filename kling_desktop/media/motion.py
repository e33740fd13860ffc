"""How motion goes on over a join: frames that were skipped, and frames that stand still."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.media.frames import Floats

_BLOCK = 12
"""Side in pixels of the blocks that are taken to move as one."""

_NEAR = 10
"""Frames on either side that say how fast each block usually moves."""

_FLAT = 0.05
"""Texture, as part of the usual, below which a block's motion is taken for smaller than it seems."""

_COARSE = 4
"""Side in pixels of the cells on which large changes are compared: softness and noise do not show there."""

_LAGS = 8
"""Differences of frames up to this far apart say how quickly the picture changes."""

_FAR = 6.0
"""Skipped frames from which on the flow is no longer to be trusted, and differences are."""

_STILL = 0.06
"""Levels of luma by which a repeated frame may differ: coding noise."""

_SETTLING = 3
"""Frames after a join in which the coding of a picture that stands still may go on changing it."""

_STILL_PART = 0.25
"""A frame repeats the one before when it differs by less than this part of the usual."""


class Motion:
    """What moves in a run of luma pictures of even light, with a join before picture `at`."""

    def __init__(self, luma: Floats, at: int) -> None:
        self._luma, self._at = luma, at
        steps = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))
        lively = float(np.percentile(steps, 75)) if len(steps) else 0.0
        self._moves = lively > 2 * _STILL
        self._stands: NDArray[np.bool_] = steps < max(_STILL, _STILL_PART * lively)

    def frozen(self) -> int:
        """Frames that repeat the one before, in the unbroken row at the join; 0 where nothing moves anyway."""
        return self._still_before + self._still_after if self._moves else 0

    def skipped(self) -> float:
        """Frames that the motion has left out at the join; below 0 when it has gone less far than it should."""
        if not self._moves or self._at < 3 or len(self._luma) - self._at < 3:
            return 0.0
        by_flow, by_difference = self._by_flow(), self._by_difference()
        return max(by_flow, by_difference) if by_difference > _FAR else float(np.clip(by_flow, -1, _FAR))

    @property
    def _still_before(self) -> int:
        return _length(self._stands[: self._at - 1][::-1])

    @property
    def _still_after(self) -> int:
        """The step over the join itself, or the first few, need not be still: there the coding begins anew."""
        here = self._at - 1
        for late in range(_SETTLING + 1):
            length = _length(self._stands[here + late :])
            if length > (late > 1):
                return length + max(0, late - 1)
        return 0

    def _by_flow(self) -> float:
        """How far blocks move over the join, as multiples of how far each usually moves, less that usual one."""
        first = max(0, self._at - 1 - _NEAR)
        flow = flows(self._luma[first : self._at + 1 + _NEAR])
        at = self._at - 1 - first
        old, new = np.median(flow[:at], axis=0), np.median(flow[at + 1 :], axis=0)
        usual = (old + new) / 2
        speed = np.maximum((usual**2).sum(axis=-1), 1e-9)
        steady = np.clip((old * new).sum(axis=-1) / speed, 0, 1)  # what turns at the join says nothing about it
        return _weighted_median((flow[at] * usual).sum(axis=-1) / speed, speed * steady) - 1

    def _by_difference(self) -> float:
        """How far apart frames are elsewhere that differ as much as those at the join, less the usual one."""
        coarse = _cells(self._luma)
        apart = [self._apart(coarse, lag) for lag in range(1, _LAGS + 1)]
        curve = np.maximum.accumulate(np.array([0.0, *(value for value in apart if value is not None)]))
        step, last = float(np.abs(coarse[self._at] - coarse[self._at - 1]).mean()), len(curve) - 1
        if not last or curve[-1] <= 0:
            return 0.0
        if step > curve[-1]:
            return last * step / float(curve[-1]) - 1
        return float(np.interp(step, curve, np.arange(len(curve)))) - 1

    def _apart(self, coarse: Floats, lag: int) -> float | None:
        """Usual difference of frames so far apart that lie on one side of the join and move."""
        away = np.abs(coarse[lag:] - coarse[:-lag]).mean(axis=(1, 2))
        begin = np.arange(len(away))
        one_side = (begin + lag < self._at - self._still_before) | (begin >= self._at + self._still_after)
        return float(np.median(away[one_side])) if one_side.any() else None


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
    cut = values[:, : rows * down, : columns * across].reshape(n, rows, down, columns, across)
    summed: NDArray[np.float64] = cut.sum(axis=(2, 4), dtype=np.float64)
    return summed


def _cells(luma: Floats) -> Floats:
    n, height, width = luma.shape
    down, across = min(_COARSE, height), min(_COARSE, width)
    cut = luma[:, : height // down * down, : width // across * across]
    mean: Floats = cut.reshape(n, height // down, down, width // across, across).mean(axis=(2, 4))
    return mean


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values, axis=None)
    heaped = np.cumsum(weights.ravel()[order])
    return float(values.ravel()[order][np.searchsorted(heaped, heaped[-1] / 2)]) if heaped[-1] > 0 else 1.0


def _length(claims: NDArray[np.bool_]) -> int:
    """How many true ones stand at the beginning."""
    return int(np.argmin(np.append(claims, False)))
