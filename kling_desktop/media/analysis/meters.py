"""Measures the pictures on either side of a seam: five numbers, and what each means for the eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_desktop.domain.analysis import Event, Measure, Meter
from kling_desktop.domain.seam_limits import USUAL, metered, quiet
from kling_desktop.media.analysis.colour import difference, lab
from kling_desktop.media.analysis.events import are_unlike, cuts, dissolves, event_at
from kling_desktop.media.analysis.gradual import softened, turned
from kling_desktop.media.analysis.motion import Motion
from kling_desktop.media.analysis.steps import beyond, departures, is_manner, running_medians, spread, usual_beside
from kling_desktop.media.fine_detail import detail, detail_by_tiles
from kling_desktop.media.frames import Floats, FrameRange

AROUND = 16
"""How many frames on either side are looked at."""

_SHARP_AROUND = 4
"""How many frames on either side say how sharp it is there."""

_LASTING = 3
"""Frames on either side whose median colours are compared: in grain, one frame by itself says little."""

_BESIDE_IT = 2.0
"""What lasts counts for so many times the step over the seam itself at most: the rest the film made just beside it."""

_TREND = 5
"""Steps before, and after, that say how colour changes there anyway."""

_LEAP = 3.0
"""Times the usual step beside it from which on a step stands alone."""

_LASTING_LIGHT = (3, 4)
"""The same for light: the smaller change counts, since a flash or a strobe may lie in the one and not in the other."""

_LASTING_CHANCE = 4.4
"""So many times the median change elsewhere (three usual deviations) is put down to flickering light."""

_FLASHES = 3
"""Other steps as large make a step the film's own: it flickers, or shows a strobe."""

_FEWEST = 4
"""Changes elsewhere that have to be there to say what is usual."""

_BLOCK = 8
"""Side in pixels of the blocks of a reduced picture whose mean colours are compared."""

_STEADY = 0.4
"""Part of the blocks, those in which least moves, whose light tells of a step in brightness."""

DARK = 12.0
"""Mean level below which a picture shows too little for motion to be seen."""

_MOVING = {Measure.MOTION, Measure.FREEZE}

_CODED_AWAY = 0.06
"""A logarithm: so much of the detail in a reduced picture goes by thriftier coding."""

_WRITTEN, _WRITTEN_PART = 0.05, 0.15
"""A logarithm: so much detail comes or goes at once with a line of writing; and less than this part of that in most
parts of the picture.
"""

_FRESH = 0.03
"""A logarithm: so much sharper is what is new by itself, since the parent in the same file has been coded once more."""

_GRAINY = 8
"""How many frames on either side say how much grain there is."""

_MASKED = 0.7
"""Levels of grain, or of what looks like it, above which more or less of it is not told from texture."""

_GRAIN_PERCENT, _GRAIN_MOST = 10.6, 11.0
"""What one level of grain counts for, in percent of sharpness, and at most: thrifty coding takes grain away, too."""

_SPREADS = {Measure.COLOUR: 1.0, Measure.BRIGHTNESS: 2.0, Measure.SHARPNESS: 1.0}
"""So many usual deviations of the neighbouring steps are put down to chance."""

_OF_THE_PICTURE = {Measure.COLOUR, Measure.BRIGHTNESS, Measure.SHARPNESS}
"""Not to be told from a fade or a fast pan that is under way."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is seen at a seam."""

    event: Event | None
    values: dict[Measure, float]
    """Empty at a cut, where nothing goes on, and when there are no frames on one side; without motion in the dark."""
    near_dark: bool = False
    """Whether a picture around the seam is all dark: what comes out of that, or goes there, changes in everything."""


@dataclass(frozen=True, slots=True)
class _Shot:
    """The pictures around a seam as far as no cut parts them from it."""

    pictures: Floats
    means: Floats
    """Their blocks' colours, which several meters read."""
    sharpness: Floats
    grain: Floats


def grain_around(first: int, last: int) -> range:
    """Of which frames grain counts, for a seam before one of `first` to `last`."""
    return range(first - _GRAINY, last + _GRAINY)


def meters(frames: FrameRange, seam: int) -> tuple[Meter, ...]:
    """All five, for the seam before frame `seam` of the clip; empty at a cut, and with no frames on one side of it."""
    return judged(measured(frames, seam))


def judged(found: Measured) -> tuple[Meter, ...]:
    """What the numbers mean."""
    silent = _OF_THE_PICTURE if found.event is not None else set()
    if found.event is Event.PAN:
        silent = silent | {Measure.MOTION}  # things go further from picture to picture than can be followed
    if found.event is Event.FADE:
        silent = {measure for measure in silent if not _is_plain(measure, found)}
    if found.values.get(Measure.FREEZE, 0) >= USUAL[Measure.FREEZE][0]:
        silent = silent | {Measure.MOTION}  # what stands still does not go on as before: that is no second fault
    return tuple(
        _meter(measure, found.values[measure], measure in silent) for measure in Measure if measure in found.values
    )


def _is_plain(measure: Measure, found: Measured) -> bool:
    """Whether everybody would see it: even light that grows or fades hides no such step, unless it goes out."""
    return not found.near_dark and abs(found.values.get(measure, 0.0)) >= USUAL[measure][1]


def measured(frames: FrameRange, seam: int) -> Measured:
    """The bare numbers, from as many frames on either side as belong to the same shot."""
    at = seam - frames.first
    if not 0 < at < len(frames):
        return Measured(None, {})
    first, last = max(0, at - AROUND), min(len(frames), at + AROUND)
    means = blocks(frames.pictures[first:last])
    light, gains = block_light(means), light_steps(means)
    event = event_at(light, gains, at - first)
    if event is Event.CUT:
        return Measured(event, {})
    if dissolves(frames.pictures[first:last], light, at - first):
        event = Event.DISSOLVE
    unseen = _MOVING if light[at - first - 1 : at - first + 1].mean(axis=1).min() < DARK else set()
    begins = [first + cut for cut in cuts(light)]
    begin = max((cut for cut in begins if cut <= at), default=first)
    end = min((cut for cut in begins if cut > at), default=last)
    shot = _Shot(
        frames.pictures[begin:end],
        means[begin - first : end - first],
        frames.sharpness[begin:end],
        frames.grain[begin:end],
    )
    values = _values(shot, at - begin, goes_evenly=event is None)
    seen = {measure: value for measure, value in values.items() if measure not in unseen}
    return Measured(event, seen, near_dark=bool(light.mean(axis=1).min() < DARK))


def _values(shot: _Shot, at: int, *, goes_evenly: bool) -> dict[Measure, float]:
    gains, luma = light_steps(shot.means), luma_of(shot.pictures)
    motion = Motion(_evened(luma, gains), at)
    coarser, local = _detail_change(luma, at), _is_local(luma, at)
    sharper = (
        _sharpness_change(shot.sharpness, coarser, local, at, goes_evenly=goes_evenly),
        _grain_change(shot.grain, at) if goes_evenly else 0.0,  # light alone makes grain seen, or hides it
        0.0 if local else _detail_lost(coarser),
    )
    breaks = [motion.broken()]
    if goes_evenly and abs(sharper[1]) < USUAL[Measure.SHARPNESS][0]:  # grain moves, too
        breaks += [motion.turned(), motion.paced()]
    return {
        Measure.COLOUR: _colour_shift(shot.means, gains, at, goes_evenly=goes_evenly),
        Measure.BRIGHTNESS: 100 * float(np.expm1(_light_change(_steady_light_steps(shot.means), at))),
        Measure.SHARPNESS: max(sharper, key=abs),
        Measure.MOTION: max(breaks),
        Measure.FREEZE: float(motion.frozen()),
    }


def _excess(steps: NDArray[np.floating], at: int, measure: Measure) -> float:
    """A step without what may be chance, by the others."""
    return beyond(float(steps[at]), _SPREADS[measure] * spread(np.delete(steps, at)))


def _light_change(steps: Floats, at: int) -> float:
    """A logarithm: the step to picture `at` beyond what may be chance; or what of it lasts, if that is more: where
    light flickers, the film's own step may hide that of the seam.
    """
    sudden = departures(steps)
    lasting = min((_lasting_light(steps, at, few) for few in _LASTING_LIGHT), key=abs)
    lasting = float(np.copysign(min(abs(lasting), _BESIDE_IT * abs(sudden[at - 1])), lasting))
    found = 0.0 if is_manner(sudden, at - 1, _FLASHES) else _excess(sudden, at - 1, Measure.BRIGHTNESS)
    return max(found, lasting, key=abs) if lasting * sudden[at - 1] > 0 else found


def _lasting_light(steps: Floats, at: int, few: int) -> float:
    """From the `few` pictures before to as many from there on, beyond what they differ by elsewhere."""
    changes = _lasting_steps(steps[:, None].astype(np.float64), few).ravel()
    places = few + np.arange(len(changes))
    elsewhere = changes[np.abs(places - at) >= few]
    if at not in places or len(elsewhere) < _FEWEST:
        return 0.0
    return beyond(float(changes[at - few]), _LASTING_CHANCE * float(np.median(np.abs(elsewhere))))


def _evened(luma: Floats, gains: Floats) -> Floats:
    """With the light of the first frame throughout."""
    evened: Floats = luma / _light(gains)[:, None, None]
    return evened


def _light(gains: Floats) -> Floats:
    """Of each picture, as multiples of the first one's."""
    light: Floats = np.exp(np.concatenate([np.zeros(1, np.float32), np.cumsum(gains)])).astype(np.float32)
    return light


def _colour_shift(means: Floats, gains: Floats, at: int, *, goes_evenly: bool) -> float:
    """CIEDE2000 of the step that most blocks make together over the seam and that lasts, less what they make elsewhere;
    or, in a film that goes evenly, of what they change after it little by little, if that is more.

    Steps with their signs: coding changes each block's colour in its own way, a shift that of all in one.
    """
    colours = lab(means / _light(gains)[:, None, None, None])
    common = np.median(np.diff(colours[..., 1:], axis=0), axis=(1, 2))
    elsewhere = [
        np.linalg.norm(step)
        for place, step in enumerate(_lasting_steps(common), _LASTING)
        if abs(place - at) >= _LASTING
    ]
    usual = float(np.median(elsewhere)) if elsewhere else 0.0
    lasting = _lasting_step(common, at)
    own = _BESIDE_IT * float(np.linalg.norm(common[at - 1]))
    lasting *= min(1.0, own / (float(np.linalg.norm(lasting)) + 1e-9))
    step = _moved(colours[at - 1], lasting) - _SPREADS[Measure.COLOUR] * usual
    if not goes_evenly or are_unlike(*np.median(block_light(means)[[[at - 1, max(0, at - 2)], [-1, -2]]], axis=1)):
        return max(0.0, step)  # something else comes into sight little by little, as in a dissolve
    return max(0.0, step, _moved(colours[at - 1], turned(colours[..., 1:], at)))


def _moved(colours: NDArray[np.float64], change: NDArray[np.float64]) -> float:
    """CIEDE2000 between Lab colours and the same with a* and b* changed; the median of all."""
    after = colours.copy()
    after[..., 1:] += change
    return float(np.median(difference(colours, after)))


def _lasting_step(steps: NDArray[np.floating], at: int) -> NDArray[np.float64]:
    """From the few pictures before picture `at` to the few from there on, less what goes on evenly beside it."""
    level = _levels(steps)
    few = min(_LASTING, at, len(level) - at)
    beside = np.concatenate([steps[max(0, at - 1 - _TREND) : at - 1], steps[at : at + _TREND]])
    trend = np.median(beside, axis=0) if len(beside) else 0.0
    lasting: NDArray[np.float64] = (
        np.median(level[at : at + few], axis=0) - np.median(level[at - few : at], axis=0) - few * trend
    )
    return lasting


def _lasting_steps(steps: NDArray[np.floating], few: int = _LASTING) -> NDArray[np.float64]:
    """The same for all pictures that have as many on both sides, from the first of them on: many times as quick."""
    usual = running_medians(_levels(steps), few)
    trend = usual_beside(steps, _TREND)[few - 1 : len(steps) - few + 1]
    lasting: NDArray[np.float64] = usual[few:] - usual[:-few] - few * trend
    return lasting


def _levels(steps: NDArray[np.floating]) -> NDArray[np.float64]:
    levels: NDArray[np.float64] = np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(steps, axis=0)])
    return levels


def _sharpness_change(sharpness: Floats, coarser: float, local: bool, at: int, *, goes_evenly: bool) -> float:
    """Percent, of the median of the few frames on either side, less what it changes anyway, and unless it is `local`;
    or, in a film that goes evenly, what the pictures soften after it little by little, if that is more.

    `coarser` is what coarse detail changes: where thin lines are all the edges there are, these grow steeper when they
    are blurred, and only coarse detail tells which it was.
    """
    step = 0.0 if local else _lasting_change(np.log(sharpness + 1e-6), at)
    step = -step if step * coarser < 0 else step
    step = beyond(step, _FRESH) if step > 0 else step
    gradual = softened(sharpness, at) if goes_evenly else 0.0
    return 100 * float(np.expm1(max(step, gradual, key=abs)))


def _detail_change(luma: Floats, at: int) -> float:
    """A logarithm: change of the detail that is as coarse as the reduced picture, less what goes by coding."""
    return beyond(_lasting_change(detail(luma), at), _CODED_AWAY)


def _is_local(luma: Floats, at: int) -> bool:
    """Whether detail comes or goes in a small part of the picture only: a line of writing, not blur."""
    whole = _lasting_change(detail(luma), at)
    if abs(whole) < _WRITTEN:
        return False
    tiles = [_lasting_change(tile, at) for tile in detail_by_tiles(luma)]
    return abs(float(np.median(tiles))) < _WRITTEN_PART * abs(whole)


def _detail_lost(coarser: float) -> float:
    """In percent; never above 0, since better coding adds some."""
    return 100 * float(np.expm1(min(0.0, coarser)))


def _lasting_change(values: NDArray[np.floating], at: int) -> float:
    around = min(_SHARP_AROUND, at, len(values) - at)
    usual = running_medians(values, around)
    steps = (usual[around:] - usual[:-around]).astype(np.float64)  # the first one is that to picture `around`
    others = steps[np.abs(np.arange(len(steps)) + around - at) >= around]
    chance = _SPREADS[Measure.SHARPNESS] * spread(others)
    step = float(steps[at - around]) - (float(np.median(others)) if len(others) else 0.0)
    goes_on = around * _pace_beside(values, at)
    return beyond(step, chance + max(0.0, float(np.sign(step)) * goes_on))


def _pace_beside(values: NDArray[np.floating], at: int) -> float:
    """How much it changes from picture to picture just before and just after the step to picture `at`, where it does so
    on both sides and that step is no leap: focus that is pulled over the seam.
    """
    steps = np.diff(values)
    before, after = steps[max(0, at - 1 - _TREND) : at - 1], steps[at : at + _TREND]
    if len(before) < _TREND or len(after) < _TREND:
        return 0.0
    one, other = float(np.mean(before)), float(np.mean(after))
    pace = min(one, other, key=abs) if one * other > 0 else 0.0
    return pace if abs(float(steps[at - 1])) <= _LEAP * abs(pace) else 0.0


def _grain_change(grain: Floats, at: int) -> float:
    """Grain lost (below 0) or gained, in percent of sharpness; 0 where texture hides it, or it was not measured.

    The lowest there is on one side against the highest on the other, since coding spares every other frame. Grain is
    noise, so that what is left of more when less is taken away are the squares' differences.
    """
    few = min(_GRAINY, at, len(grain) - at)
    if few < 3:
        return 0.0
    before, after = grain[at - few : at], grain[at : at + few]
    gained = float(np.median(after)) > float(np.median(before))
    more, less = (after, before) if gained else (before, after)
    low, high = float(np.quantile(more, 0.25)), float(np.quantile(less, 0.75))
    if not high < min(low, _MASKED):  # nor where it was not measured
        return 0.0
    change = min(_GRAIN_MOST, _GRAIN_PERCENT * float(np.sqrt(low * low - high * high)))
    return change if gained else -change


def _meter(measure: Measure, value: float, silent: bool) -> Meter:
    meter = metered(measure, value)
    return quiet(meter) if silent else meter


def blocks(pictures: Floats) -> Floats:
    """Mean colours of blocks: (n, rows, columns, 3)."""
    n, height, width = pictures.shape[:3]
    rows, columns = max(1, height // _BLOCK), max(1, width // _BLOCK)
    down, across = height // rows, width // columns
    cut = pictures[:, : rows * down, : columns * across]
    lines = cut.reshape(n, rows, down, -1).sum(axis=2)  # whole lines first: many times as quick as both at once
    mean: Floats = lines.reshape(n, rows, columns, across, 3).sum(axis=3) / np.float32(down * across)
    return mean


def light_steps(means: Floats) -> Floats:
    """Change of brightness from each frame to the next: logarithm of the ratio, median of the blocks whose colours
    these are.

    The median, so that what moves through the picture does not count.
    """
    return _common_steps(block_light(means))


def channel_steps(means: Floats) -> Floats:
    """The same of red, green and blue each: (n - 1, 3)."""
    return _common_steps(means.reshape(len(means), -1, means.shape[-1]))


def _common_steps(light: Floats) -> Floats:
    steps: Floats = np.median(np.diff(np.log(light + 2), axis=0), axis=1)  # of a black block there is no ratio
    return steps


def _steady_light_steps(means: Floats) -> Floats:
    """The same, of the blocks in which least moves."""
    steps = np.diff(np.log(block_light(means) + 2), axis=0)
    moves = np.median(np.abs(steps - np.median(steps, axis=1, keepdims=True)), axis=0)
    steady: Floats = np.median(steps[:, moves <= np.quantile(moves, _STEADY)], axis=1)
    return steady


def luma_of(pictures: Floats) -> Floats:
    """BT.709 luma of RGB pictures."""
    weighted: Floats = pictures @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return weighted


def block_light(means: Floats) -> Floats:
    """Luma of blocks whose mean colours these are: (n, blocks)."""
    light: Floats = luma_of(means).reshape(len(means), -1)
    return light
