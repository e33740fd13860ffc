"""Finds, to the frame, where a clip stops being its parent: by the parent's last frames, or by the step at the join."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kling_desktop.domain.analysis import Seam
from kling_desktop.errors import DownloadFailed, FileTrouble
from kling_desktop.media.frames import Floats, FrameRange, FrameReader, Stopped, open_frames
from kling_desktop.media.meters import AROUND, SHARP_AROUND, light_steps, meters

_TAIL = 24
"""How many of the parent's last frames are looked for in the child."""

_REACH = 20
"""How many frames off its expected place the parent's end is looked for."""

_ALIKE = 14.0
"""Mean difference, in levels, above which a frame cannot be the parent's, however it was coded again."""

_SURE = 0.9
"""Confidence from which on the discontinuity needs not be asked as well."""

_UNUSUAL = 6.0
"""Of how many usual deviations a lone step has to be to be believed half."""


@dataclass(frozen=True, slots=True)
class Hop:
    """Where one hop of a chain may be looked for."""

    number: int
    """1 is the first extension."""
    hint_seconds: float
    """Length of the parent as somebody states it."""
    slack_seconds: float
    """How far off that may be."""
    parent: Path | None = None
    """The parent's file, when it is at hand."""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    frame: int
    confidence: float
    run: FrameRange
    """The frames around it."""
    is_parents_end: bool = False
    """True when all of the parent is before it, frame for frame."""


def seams(
    file: Path, hops: tuple[Hop, ...], inherited: tuple[Seam, ...] = (), stopped: Stopped = lambda: False
) -> tuple[Seam, ...]:
    """The seams of a clip, measured; a hop beyond the clip's end has none. Decodes a few seconds around each hop.

    `inherited` are the parent's own seams: once its last frames are found where they should be, all before them is
    the parent's too, and its seams are taken over unseen. Raises NotAVideo, Truncated, FileTrouble for the clip
    itself (a parent that cannot be read is done without); Abandoned soon after `stopped` became true.
    """
    if not hops:
        return ()
    with open_frames(file, stopped) as reader:
        newest = _placed(reader, hops[-1], stopped)
        known = {seam.hop: seam for seam in inherited if newest is not None and newest.is_parents_end}
        early = [known.get(hop.number) or _found(reader, hop, _placed(reader, hop, stopped)) for hop in hops[:-1]]
        return tuple(seam for seam in (*early, _found(reader, hops[-1], newest)) if seam is not None)


def _found(reader: FrameReader, hop: Hop, place: _Place | None) -> Seam | None:
    if place is None:
        return None
    return Seam(
        hop=hop.number,
        frame=place.frame,
        seconds=reader.clock.seconds_of(place.frame),
        confidence=round(place.confidence, 3),
        prompt=hop.prompt,
        meters=meters(place.run, place.frame),
    )


def _placed(child: FrameReader, hop: Hop, stopped: Stopped) -> _Place | None:
    compared = _compared(child, hop, stopped)
    if compared is not None and compared.confidence >= _SURE:
        return compared
    by_step = _by_step(child, hop)
    found = [place for place in (compared, by_step) if place is not None]
    return max(found, key=lambda place: place.confidence, default=None)


# --- with the parent at hand ---


def _compared(child: FrameReader, hop: Hop, stopped: Stopped) -> _Place | None:
    """By the parent's last frames; None when there is no parent, or it is no part of the child."""
    if hop.parent is None:
        return None
    try:
        with open_frames(hop.parent, stopped) as parent:
            frames = parent.clock.frames
            tail = parent.read(frames - _TAIL, frames - 1, sharp=range(0))
            expected = child.clock.index_at(parent.clock.seconds_of(frames - 1) + 1 / parent.clock.fps)
    except (DownloadFailed, FileTrouble):  # gone or broken: the hint must do
        return None
    if expected >= child.clock.frames or len(tail) < 2:
        return None
    return _by_tail(child, tail, expected)


def _by_tail(child: FrameReader, tail: FrameRange, expected: int) -> _Place | None:
    sharp = range(expected - SHARP_AROUND, expected + SHARP_AROUND)
    around = child.read(expected - len(tail) - _REACH, expected + max(_REACH, AROUND), sharp)
    if around.pictures.shape[1:] != tail.pictures.shape[1:]:
        return None  # another format: not cut from the same film
    away = _distances(tail.pictures, around.pictures)
    ends = np.arange(
        max(len(tail), expected - _REACH - around.first), min(len(around), expected + _REACH - around.first)
    )
    if not len(ends):
        return None
    rows = np.arange(len(tail))
    along = np.stack([away[rows, end - len(tail) + rows] for end in ends])  # (end, tail frame)
    costs = np.median(along, axis=1)
    best = _first_of_the_best(costs, ends + around.first - expected)
    if costs[best] > _ALIKE:
        return None
    first = around.first
    frame = int(ends[best]) + first - _missing_at_the_end(along[best])
    if frame != expected:
        around = child.read(frame - AROUND, frame + AROUND)
    confidence = _margin(costs, best, ends + first == expected)
    return _Place(frame, confidence, around, is_parents_end=frame == expected and confidence >= _SURE)


def _distances(one: Floats, other: Floats) -> Floats:
    """Mean absolute difference of each picture of one run to each of the other."""
    a, b = (pictures[:, ::4, ::4].reshape(len(pictures), -1) for pictures in (one, other))
    return np.stack([np.abs(b - picture).mean(axis=1) for picture in a])


def _first_of_the_best(costs: Floats, off: np.ndarray[tuple[int], np.dtype[np.intp]]) -> int:
    """The cheapest; of several that are as good as equal (nothing moves) the one nearest to the expected place."""
    good = np.flatnonzero(costs <= costs.min() * 1.02 + 0.01)
    return int(good[np.argmin(np.abs(off[good]))])


def _missing_at_the_end(along: Floats) -> int:
    """How many of the parent's last frames the child has not taken over."""
    foreign = along > 3 * np.median(along) + 3
    return int(np.argmin(np.append(foreign[::-1], False)))


def _margin(costs: Floats, best: int, as_expected: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """How much worse the second best is; at the place that the parent's length tells, at least 0.6."""
    others = np.delete(costs, best)
    second = float(others.min()) if len(others) else 0.0
    sure = 1 - float(costs[best]) / second if second > 0 else 0.0
    return min(1.0, max(2 * sure, 0.6 if as_expected[best] else 0.0))


# --- by the discontinuity alone ---


def _by_step(child: FrameReader, hop: Hop) -> _Place | None:
    """The frame near the hint that differs from the one before as no other does there."""
    clock = child.clock
    hint, slack = hop.hint_seconds * clock.fps, max(1.0, hop.slack_seconds * clock.fps)
    width = int(np.ceil(2 * slack)) + 1
    if round(hint) - width >= clock.frames or clock.frames < 3:
        return None
    run = child.read(round(hint) - width - AROUND, round(hint) + width + AROUND)
    if len(run) < 3:
        return None
    candidates = np.arange(run.first + 1, run.end)
    nearness = np.exp(-0.5 * (np.maximum(np.abs(candidates - hint) - 0.5, 0) / slack) ** 2)
    scores = unusual(run) * np.where(np.abs(candidates - hint) <= width, nearness, 0)
    best = int(np.argmax(scores))
    if scores[best] <= 0:
        return None
    rest = np.delete(scores, slice(max(0, best - 1), best + 2))
    lead = 1 - (float(rest.max()) / float(scores[best]) if len(rest) else 0)
    strength = float(scores[best]) / (float(scores[best]) + _UNUSUAL)
    return _Place(int(candidates[best]), 0.85 * max(strength * lead, 0.2), run)


def unusual(run: FrameRange) -> Floats:
    """For each frame but the first: how unusual its step from the one before is, in usual deviations."""
    red_green_blue = [light_steps(run.pictures, channel) for channel in range(3)]
    softness = np.diff(np.log(np.median(run.sharpness, axis=1) + 1e-6))
    light = np.array([_outlying(step, 0.0015) for step in red_green_blue]).max(axis=0)
    scores: Floats = np.hypot(light, _outlying(softness, 0.05))
    return scores


def _outlying(steps: Floats, floor: float) -> Floats:
    """Distance of each value from those around it, in their usual deviations (at least `floor`, the coding's noise)."""
    padded = np.pad(steps, 6, "reflect" if len(steps) > 6 else "edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 13)
    usual = np.median(around, axis=1)
    spread = 1.48 * np.median(np.abs(around - usual[:, None]), axis=1)
    found: Floats = np.abs(steps - usual) / np.maximum(spread, floor)
    return np.minimum(found, 60)
