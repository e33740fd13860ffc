"""What changes from frame to frame anyway, and how far one step stands out from it."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Values = NDArray[np.floating]

_AS_FAR = 0.8
"""Part of a step from which on another one goes about as far."""

_NEAR = 3
"""Steps before, and after, whose median says what a step should be like."""


def departures(steps: Values, ends: int = _NEAR) -> NDArray[np.float64]:
    """Each step less the median of the few before and after it, so that whatever goes on evenly counts for nothing."""
    return np.array(steps, np.float64) - usual_beside(steps, ends)


def usual_beside(steps: Values, ends: int) -> NDArray[np.float64]:
    """For each step the median of up to `ends` before and after it, itself left out; 0 where there are none."""
    usual = [
        np.median(_beside(steps, at, ends), axis=0) for at in range(len(steps)) if not ends <= at < len(steps) - ends
    ]
    if len(usual) < len(steps):  # all that have as many on both sides at once, which is a good deal quicker
        beside = [steps[at : len(steps) - 2 * ends + at] for at in range(2 * ends + 1) if at != ends]
        usual[ends:ends] = np.median(beside, axis=0)
    return np.array(usual, np.float64).reshape(np.shape(steps))


def running_medians(values: Values, few: int) -> Values:
    """Medians of each `few` values in a row, along the first axis: at place n of values n to n + few - 1."""
    if len(values) < few:
        return values[:0]
    medians: Values = np.median(sliding_window_view(values, few, axis=0), axis=-1)
    return medians


def spread(values: Values) -> float:
    """Usual distance from the median (1.48 times the median one: a standard deviation, where values are normal)."""
    return 1.48 * float(np.median(np.abs(values - np.median(values)))) if len(values) else 0.0


def beyond(value: float, spare: float) -> float:
    """What is left of a value, with its sign, when so much of it is put down to chance."""
    return float(np.sign(value)) * max(0.0, abs(value) - spare)


def is_manner(steps: Values, at: int, often: int) -> bool:
    """Whether so many other steps go about as far: then the film does so by itself, as in a strobe or a slide show."""
    others = np.abs(np.delete(steps, at))
    return int((others >= _AS_FAR * abs(steps[at])).sum()) >= often


def longest_row(claims: NDArray[np.bool_]) -> int:
    """The longest row of true ones."""
    longest = length = 0
    for claim in claims:
        length = length + 1 if claim else 0
        longest = max(longest, length)
    return longest


def _beside(steps: Values, at: int, ends: int) -> Values:
    others = np.concatenate([steps[max(0, at - ends) : at], steps[at + 1 : at + 1 + ends]])
    return others if len(others) else np.zeros_like(steps[at : at + 1])
