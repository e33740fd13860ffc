"""Tells what happens in a film by itself where a seam may be: a cut, a dissolve, a fade, a fast pan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.domain.analysis import Event

Values = NDArray[np.floating]

_UNLIKE = 0.5
"""One less the correlation of two pictures' blocks: from here on they show something else."""

_LONE = 2.5
"""How many times as far as the steps beside it a cut goes: a fast pan does so at every step."""

_LIVELY = 0.02
"""Distance of standardised pictures that is not told from none."""

_FADE = 0.2
"""Change of light (a logarithm) within a quarter of a second to either side that is a fade when it goes on steadily."""

_FADE_STEPS = 5

_PAN = 0.45
"""Usual distance of standardised pictures from one to the next when the camera is swung."""

_WHIP, _WHIP_STEPS = 0.26, 3
"""The same of the few steps before and after, when it is swung for a moment just there."""


_ENDS = 3
"""Pictures at either end of a stretch that show what it dissolves from, and into."""

_MIXED, _LEFT_OVER = 0.15, 0.4
"""Part of either that a mixture holds at least; and what of its variance is neither at most: both shots move."""

_FLATTER = 0.75
"""Part of the ends' variance that mixtures of what is unlike have at most; where something comes into sight, or hides
what was there, as much is seen as before.
"""

_EVERY = 3
"""Of so many pixels each way one is looked at: in blocks, a camera that moves slowly mixes what is side by side."""


def cuts(light: Values) -> list[int]:
    """Pictures with which another shot begins, of (n, blocks) mean lumas; the first one does not count."""
    apart = _apart(light)
    return [at + 1 for at in range(len(apart)) if _lone(apart, at) and are_unlike(light[at], light[at + 1])]


def event_at(light: Values, gains: Values, at: int) -> Event | None:
    """What is under way at picture `at`; `gains` are the steps of the logarithm of light."""
    if at in cuts(light):
        return Event.CUT
    for steps in (gains[max(0, at - 1 - _FADE_STEPS) : at - 1], gains[at : at + _FADE_STEPS]):
        if len(steps) >= _FADE_STEPS - 1 and abs(float(steps.sum())) > _FADE and steady(steps):
            return Event.FADE
    return Event.PAN if _swung(_apart(light), at) else None


def dissolves(pictures: Values, light: Values, at: int) -> bool:
    """Whether the pictures on both sides of the step to picture `at` are mixtures of what the shot begins with and what
    it ends with. Of (n, rows, columns, 3) pictures, and the (n, blocks) mean lumas of their blocks.
    """
    begins = cuts(light)
    first = max((cut for cut in begins if cut <= at), default=0)
    last = min((cut for cut in begins if cut > at), default=len(light))
    begin, end = slice(first, first + _ENDS), slice(last - _ENDS, last)
    if min(at - first, last - at) <= _ENDS or not are_unlike(
        *(np.median(light[part], axis=0) for part in (begin, end))
    ):
        return False
    seen = pictures[:, ::_EVERY, ::_EVERY, 1].reshape(len(pictures), -1)
    one, other = (np.median(seen[part], axis=0) for part in (begin, end))
    ends, mixed = np.stack([one, other, np.ones_like(one)], axis=1), seen[at - 1 : at + 1].T
    parts = np.linalg.lstsq(ends, mixed, rcond=None)[0]
    left = (mixed - ends @ parts).var(axis=0) / np.maximum(mixed.var(axis=0), 1)
    flat = mixed.var(axis=0) / max(1.0, (one.var() + other.var()) / 2)
    return bool(parts[:2].min() > _MIXED and left.max() < _LEFT_OVER and flat.max() < _FLATTER)


def _swung(apart: Values, at: int) -> bool:
    """On both sides: another speed of a fast film is none, nor is the step over the seam by itself."""
    sides = apart[max(0, at - 1 - _WHIP_STEPS) : at - 1], apart[at : at + _WHIP_STEPS]
    if all(len(side) == _WHIP_STEPS and float(np.median(side)) > _WHIP for side in sides):
        return True
    return float(np.median(apart)) > _PAN


def steady(steps: Values) -> bool:
    """Whether a change goes on and on, and not in one leap."""
    return bool(
        (np.sign(steps) == np.sign(steps.sum())).mean() > 0.75 and np.abs(steps).max() < 0.6 * np.abs(steps).sum()
    )


def _apart(light: Values) -> Values:
    """Mean distance of each picture's blocks from those of the next, light and contrast made equal."""
    usual, contrast = light.mean(axis=1, keepdims=True), np.maximum(light.std(axis=1, keepdims=True), 2)
    distances: Values = np.abs(np.diff((light - usual) / contrast, axis=0)).mean(axis=1)
    return distances


def _lone(apart: Values, at: int) -> bool:
    beside = np.concatenate([apart[max(0, at - 3) : at], apart[at + 1 : at + 4]])
    return bool(apart[at] > _LONE * max(_LIVELY, float(beside.max(initial=0))))


def are_unlike(one: Values, other: Values) -> bool:
    """Whether two pictures, by the light of their blocks, show something else."""
    return min(one.std(), other.std()) >= 1 and 1 - float(np.corrcoef(one, other)[0, 1]) > _UNLIKE
