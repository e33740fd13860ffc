"""Looks for a seam where the parent's stated length says it is: by the step that stands out there, else by the hint."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kling_desktop.domain.analysis import DOUBT, Event
from kling_desktop.media.analysis.events import cuts, event_at
from kling_desktop.media.analysis.meters import DARK, block_light, blocks, channel_steps, light_steps, luma_of
from kling_desktop.media.analysis.motion import unevenness
from kling_desktop.media.analysis.steps import departures, running_medians, spread
from kling_desktop.media.frames import Clock, Floats, FrameRange

_UNUSUAL = 8.0
"""Of how many usual deviations a lone step has to be to be believed half."""

_MOST = 60.0
"""Usual deviations that are not told apart any more."""

_NEVER_SURE = 0.85
"""What a step by itself is worth at most: the film may have made it."""

_HINT_SECONDS = 0.5
"""A hint that may be so far off is worth nothing by itself."""

_DOUBTED = 0.95 * DOUBT
"""What a cut beside the stated place is worth: the film may have made it, so that it is not held against the join."""

_NARROW = 2
"""Frames that a place may be off at most, for what the film does beside it to count as the join."""

_FLASH, _FLASH_BESIDE = 0.15, 3
"""How far a picture's light (a logarithm) is from the usual of so many on either side, when it is one of a flash."""

_LASTING = 7
"""Frames on either side whose medians say whether a step lasts: a flash does not."""

_NOISES = np.array([0.003, 0.003, 0.003, 0.015])
"""Logarithms of red, green, blue and sharpness that coding changes by itself."""


def hinted(clock: Clock, seconds: float) -> float:
    """The place of an instant among the frames, by the file's own times, which need not be evenly spaced."""
    end = clock.seconds_of(clock.frames - 1) + 1 / clock.fps
    times = np.append(clock.ticks * clock.tick_seconds, end)
    return float(np.interp(seconds, times, np.arange(len(times)))) + max(0.0, seconds - end) * clock.fps


def by_step(frames: FrameRange, hint: float, slack: float) -> tuple[int, float]:
    """The first new frame within `slack` frames of `hint`, and the confidence; the hint where nothing stands out.

    Confidence is below DOUBT when only the hint speaks for the place.
    """
    places = np.arange(frames.first + 1, frames.end)
    near = np.abs(places - hint) <= slack + 0.01
    at_hint = int(np.clip(round(hint), frames.first + 1, frames.end - 1))
    only_hint = (at_hint, DOUBT * max(0.1, 0.95 - slack / 20))
    if not near.any():
        return only_hint
    means = blocks(frames.pictures)
    light, gains = block_light(means), light_steps(means)
    begins = cuts(light)
    scores = unusual(frames, means, () if slack <= _NARROW else (*begins, *_flashes(gains)))
    inside = np.where(near, scores, 0)
    best = int(np.argmax(inside))
    rest = np.delete(scores, slice(max(0, best - 2), best + 3))
    rival = float(rest.max(initial=0)) / float(scores[best]) if scores[best] > 0 else 1.0
    confidence = _NEVER_SURE * float(scores[best]) / (float(scores[best]) + _UNUSUAL) * max(0.0, 1 - rival)
    if confidence < DOUBT:
        return only_hint
    at = int(places[best]) - frames.first
    is_the_films = at in begins or (slack > _NARROW and event_at(light, gains, at) is Event.FADE)
    return int(places[best]), _DOUBTED if is_the_films and int(places[best]) != at_hint else confidence


def unusual(frames: FrameRange, means: Floats, ignored: Sequence[int]) -> NDArray[np.float64]:
    """For each frame but the first: how unusual its step from the one before is, in usual deviations.

    Light and sharpness count as far as their step lasts. `means` are the blocks' colours; what begins with frames
    that are `ignored` (counted from the range's first) counts for nothing.
    """
    if len(frames) < 4:
        return np.zeros(max(0, len(frames) - 1))
    sharp = np.diff(np.log(frames.sharpness + 1e-6))[:, None]
    lasting = _lasting(np.concatenate([channel_steps(means), sharp], axis=1), _NOISES)
    colour, sharper = lasting[:, :3].max(axis=1), lasting[:, 3]
    moved = _motion(luma_of(frames.pictures), light_steps(means))
    scores: NDArray[np.float64] = np.sqrt(colour**2 + sharper**2 + moved**2)
    scores[_in_the_dark(block_light(means))] = 0
    for cut in ignored:
        scores[max(0, cut - 2) : cut + 1] = 0
    return np.minimum(scores, _MOST)


def _flashes(gains: Floats) -> list[int]:
    """Pictures that are lit otherwise than those before and after them."""
    level = np.concatenate([np.zeros(1), np.cumsum(gains)])[:, None]
    apart = np.abs(departures(level, _FLASH_BESIDE)).ravel()
    return [int(at) for at in np.flatnonzero(apart > _FLASH)]


def _in_the_dark(light: Floats) -> NDArray[np.bool_]:
    """Steps from or to a picture that shows next to nothing: of a fade, the last ones would stand out most."""
    dark: NDArray[np.bool_] = light.mean(axis=1) < DARK
    return dark[1:] | dark[:-1]


def _motion(luma: Floats, gains: Floats) -> NDArray[np.float64]:
    light = np.exp(np.concatenate([np.zeros(1), np.cumsum(gains)]))
    off = unevenness(luma / light[:, None, None].astype(np.float32))
    return np.maximum(0, off - np.median(off)) / (0.04 + spread(off))


def _lasting(steps: Floats, noises: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each step in usual deviations, as far as what comes after differs from what was before; a column a kind."""
    level = np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(steps, axis=0)])
    before, after = _beside(level[::-1])[::-1], _beside(level)
    lasting = after[1:] - before[:-1]
    sudden = departures(steps)
    least = np.where(np.sign(lasting) == np.sign(sudden), np.minimum(np.abs(lasting), np.abs(sudden)), 0.0)
    scores: NDArray[np.float64] = least / (noises + np.array([spread(kind) for kind in sudden.T]))
    return scores


def _beside(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Medians of the few from each on, at the end of fewer."""
    whole = running_medians(level, _LASTING)
    return np.array([*whole, *(np.median(level[at:], axis=0) for at in range(len(whole), len(level)))])
