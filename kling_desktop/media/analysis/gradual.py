"""What changes little by little after a seam: colour that turns and pictures that soften within the first half second.

No step shows it, yet the film looks another soon after the join. What the film did as gradually before the seam, and
what differs from place to place in the picture, is put down to the film itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.media.analysis.steps import beyond

Values = NDArray[np.floating]

_END = 4
"""Pictures whose median stands for the end of a stretch."""

_BEFORE, _AFTER = 8, 10
"""With fewer pictures on either side nothing is said."""

_LONE = 0.4
"""A part so large of the whole change in one step is a step, not a gradual change."""

_OWN_COLOUR, _UNEVEN = 2.0, 1.2
"""So many times what changed before the seam, and what differs from block to block, belong to the film."""

_OWN_SHARPNESS, _CODING = 1.5, 0.08
"""So many times what changed before the seam, and so much of the logarithm, belong to the film and its coding."""


def turned(chroma: Values, at: int) -> NDArray[np.float64]:
    """Change of a* and b* that all blocks make together within the pictures after `at`; none where it was one step.

    `chroma` is (n, rows, columns, 2), brightness made equal.
    """
    none = np.zeros(2)
    if at < _BEFORE or len(chroma) - at < _AFTER:
        return none
    begin, end, far = (np.median(part, axis=0) for part in (chroma[:_END], chroma[at - _END : at], chroma[-_END:]))
    change = _common(far - end)
    steps = np.median(np.diff(chroma[at - 1 :], axis=0), axis=(1, 2))
    whole = float(np.linalg.norm(steps.sum(axis=0)))
    size = float(np.linalg.norm(change))
    if not size or np.linalg.norm(steps, axis=1).max() > _LONE * whole:
        return none
    uneven = float(np.median(np.linalg.norm(far - end - change, axis=-1)))
    own = _OWN_COLOUR * float(np.linalg.norm(_common(end - begin))) + _UNEVEN * uneven
    return change * (beyond(size, own) / size)


def softened(steepness: Values, at: int) -> float:
    """By how much (a logarithm, 0 or less) the pictures after `at` soften; `steepness` holds one number a picture."""
    if at < _BEFORE or len(steepness) - at < _AFTER:
        return 0.0
    level = np.log(steepness + 1e-6)
    begin, end, far = (float(np.median(part)) for part in (level[:_END], level[at - _END : at], level[-_END:]))
    return min(0.0, beyond(far - end, _OWN_SHARPNESS * abs(end - begin) + _CODING))


def _common(change: Values) -> NDArray[np.float64]:
    common: NDArray[np.float64] = np.median(change, axis=(0, 1))
    return common
