"""Numbers for the finest detail of a picture: how steep its edges are, and how much grain lies where it is even."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Floats = NDArray[np.float32]
Sums = NDArray[np.int16]

_FINE = 1280
"""Longer side above which sharpness is measured on a reduced picture."""

_TILES = 3
"""Rows, and columns, of parts of a picture."""

_LINES = 180
"""About how many rows and columns of a picture sharpness is measured on, at most."""

_PIXELS = 115_200
"""About how many pixels these rows hold at most, and these columns: as many tell enough, and are quick at any size."""

_EDGES = 0.03
"""Part of the pixels that count as edges: the steepest."""

_FLATTEST = 1e-3
"""So that a picture without edges has a sharpness too, next to none."""

_INDISTINCT = 0.3
"""Levels that stand out in a picture of nothing."""

_BAND = 16
"""Rows of a band, and side of the blocks that grain is measured in, in pixels."""

_BANDS = 12
"""About how many bands: grain lies everywhere, so that a part of the picture tells of all."""

_EVEN = 0.1
"""Part of the blocks, the most even ones, that tell how much grain there is: elsewhere what is shown hides it."""

_DARKEST, _BRIGHTEST = 24, 232
"""Mean levels of blocks between which grain is not cut off by black or white."""

_GAIN = 6 * float(np.sqrt(2 / np.pi))
"""What one level of noise makes of the second differences' mean size (Immerkaer, CVIU 64, 1996)."""


def sharpness(luma: Luma) -> float:
    """How steep the strongest edges are: squared slope over one pixel by that over four, on evenly chosen lines.

    Blurring flattens just these; coding drops faint texture and leaves them alone, and so does what else comes into
    the picture. Variance of the Laplacian counts the texture and takes a thriftier coding for blur.
    """
    luma = np.pad(luma, [(0, max(0, 6 - side)) for side in luma.shape], "edge") if min(luma.shape) < 6 else luma
    times = -(-max(luma.shape) // _FINE)
    near, far = np.array([_slopes(_lines(turned, times)) for turned in (luma, luma.T)]).sum(axis=0)
    return float(near / far)


def grain(luma: Luma) -> float:
    """Standard deviation, in levels, of the grain where the picture is even, of pixels taken by fours.

    By fours, because coding keeps coarse grain longest. 0 where no part of the picture is even enough to tell.
    """
    rows, columns = luma.shape[0] // _BAND, luma.shape[1] // _BAND
    if not rows or not columns:
        return 0.0
    step = max(1, rows // _BANDS)
    bands = luma[: rows * _BAND, : columns * _BAND].reshape(rows, _BAND, -1)[step // 2 :: step]
    halved = _halved(bands)
    rough = _quarters(np.abs(_bent(_bent(halved, 1), 2)).sum(axis=1, dtype=np.int32), 1)
    noise = _by_blocks(np.pad(rough, [(0, 0), (1, 1)], "edge"), columns) / (_GAIN * (_BAND // 2 - 2))
    coarse = _quarters(_halved(halved), 2)
    light = _by_blocks(coarse.mean(axis=1), columns)
    lit = (light > _DARKEST) & (light < _BRIGHTEST)
    if not lit.any():
        return 0.0
    uneven = _unevenness(coarse, columns)[lit]
    return float(np.median(noise[lit][uneven <= _quantile(uneven, _EVEN)]))


def detail(pictures: Floats) -> NDArray[np.float64]:
    """Logarithm of how far the pixels of reduced pictures (n, rows, columns) stand out from those beside them.

    Falls when a picture is blurred whose edges were soft already, and coding that is thrifty leaves it alone.
    """
    beside = pictures[:, :-2, 1:-1] + pictures[:, 2:, 1:-1] + pictures[:, 1:-1, :-2] + pictures[:, 1:-1, 2:]
    outstanding = np.abs(beside - 4 * pictures[:, 1:-1, 1:-1]).mean(axis=(1, 2), dtype=np.float64)
    logarithm: NDArray[np.float64] = np.log(outstanding + _INDISTINCT)
    return logarithm


def detail_by_tiles(pictures: Floats) -> list[NDArray[np.float64]]:
    """The same of each of nine parts of the pictures: what is done to all of them shows in most, what enters or leaves
    them in some.
    """
    rows = np.array_split(pictures, _TILES, axis=1)
    return [detail(tile) for row in rows for tile in np.array_split(row, _TILES, axis=2)]


def _lines(luma: Luma, times: int) -> Luma:
    """Evenly chosen rows of a picture that is so many times as large as wanted, reduced by means."""
    step = max(1, luma.shape[0] // times // min(_LINES, _PIXELS * times // luma.shape[1]))
    if times == 1:
        return np.ascontiguousarray(luma[::step])
    rows = luma[: luma.shape[0] // times * times, : luma.shape[1] // times * times]
    summed = rows[:: step * times].astype(np.uint16)
    for row in range(1, times):
        summed += rows[row :: step * times]
    across = summed[:, ::times].copy()
    for column in range(1, times):
        across += summed[:, column::times]
    reduced: Luma = (across // times**2).astype(np.uint8)
    return reduced


def _slopes(lines: Luma) -> tuple[float, float]:
    """Mean squared slopes, over one pixel and over four, where the latter is steepest; along the second axis."""
    # All lines as one long row: twice as quick as by row and column. Bytes: four times as quick as with signs.
    row = lines.ravel()
    steep = np.zeros_like(row)
    np.subtract(np.maximum(row[:-4], row[4:]), np.minimum(row[:-4], row[4:]), out=steep[:-4])
    steep.reshape(lines.shape)[:, -4:] = 0  # over the end of a line
    over = 4 * len(lines)
    at = np.flatnonzero(steep >= max(1, _ranked(steep, over + round((1 - _EDGES) * (len(row) - over - 1)))))
    if not len(at):
        return _FLATTEST, 1.0
    far = steep.take(at).astype(np.float32)
    left, middle, right = (row[beside:].take(at).astype(np.float32) for beside in (1, 2, 3))
    rising, falling = middle - left, right - middle
    near = float(rising @ rising) + float(falling @ falling)
    return near / (2 * len(at)) + _FLATTEST, float(far @ far) / len(at)


def _ranked(values: NDArray[np.uint8], rank: int) -> int:
    """What would stand at that place if they were in order. Halving the range eight times is quicker than sorting."""
    low, high = 0, 255
    while low < high:
        middle = (low + high + 1) // 2
        if len(values) - int(np.count_nonzero(values >= middle)) <= rank:
            low = middle
        else:
            high = middle - 1
    return low


def _quantile(values: Floats, part: float) -> float:
    """As np.quantile has it, which takes longer for so few values than all else here."""
    place = part * (len(values) - 1)
    rank = int(place)
    ranked = np.partition(values, (rank, min(rank + 1, len(values) - 1)))
    low, high = float(ranked[rank]), float(ranked[min(rank + 1, len(values) - 1)])
    return low + (high - low) * (place - rank)


def _halved(bands: NDArray[np.uint8] | Sums) -> Sums:
    """Four times the means of squares of four."""
    rows = np.add(bands[:, ::2], bands[:, 1::2], dtype=np.int16)
    half: Sums = rows[:, :, ::2] + rows[:, :, 1::2]
    return half


def _bent(sums: Sums, axis: int) -> Sums:
    """Second differences. Of sums, which are exact in 16 bits: half of the bytes of other numbers."""
    bent: Sums = np.diff(sums, 2, axis=axis)
    return bent


def _quarters(sums: Sums | NDArray[np.int32], times: int) -> Floats:
    means: Floats = sums.astype(np.float32) * np.float32(0.25**times)
    return means


def _by_blocks(lines: Floats, columns: int) -> Floats:
    means: Floats = lines.reshape(len(lines), columns, -1).mean(axis=2)
    return means


def _unevenness(coarse: Floats, columns: int) -> Floats:
    """Mean size of slopes in each block of bands that were halved twice."""
    across = np.abs(np.diff(coarse, axis=2, append=coarse[:, :, -1:])).mean(axis=1)
    down = np.abs(np.diff(coarse, axis=1)).mean(axis=1)
    return _by_blocks(across + down, columns)
