"""Finds, to the frame, where a clip stops being its parent: by the parent's last frames, or by the step at the join."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kling_desktop.domain.analysis import HopLook, Seam
from kling_desktop.errors import DownloadFailed, FileTrouble
from kling_desktop.media.analysis.alignment import aligned, parents_tail
from kling_desktop.media.analysis.drift import Looks
from kling_desktop.media.analysis.meters import AROUND, grain_around, judged, luma_of, measured
from kling_desktop.media.analysis.stated import by_step, hinted
from kling_desktop.media.frames import FrameRange, FrameReader, Stopped, open_frames

_REACH = 20
"""How many frames off its expected place the parent's end is looked for."""

_ROOM = 0.5
"""Seconds beside the stated length within which other steps tell whether one stands out."""


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
    frames: FrameRange
    """Those around it."""
    after_parent: bool = False
    """True when all before it is the parent's, from the beginning on."""


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
        return _all(reader, hops, inherited, stopped)


def seams_and_drift(
    file: Path, hops: tuple[Hop, ...], inherited: tuple[Seam, ...] = (), stopped: Stopped = lambda: False
) -> tuple[tuple[Seam, ...], tuple[HopLook, ...]]:
    """What `seams` and then `drift` find, in one pass through the clip. Raises as they do."""
    with open_frames(file, stopped) as reader:
        looks = Looks(reader, [round(hinted(reader.clock, hop.hint_seconds)) for hop in hops])
        reader.passing = looks.offer
        found = _all(reader, hops, inherited, stopped) if hops else ()
        return found, looks.against_base([seam.frame for seam in found])


def _all(reader: FrameReader, hops: tuple[Hop, ...], inherited: tuple[Seam, ...], stopped: Stopped) -> tuple[Seam, ...]:
    newest = _placed(reader, hops[-1], stopped)
    known = {seam.hop: seam for seam in inherited if newest is not None and newest.after_parent}
    early = [known.get(hop.number) or _found(reader, hop, _placed(reader, hop, stopped)) for hop in hops[:-1]]
    return tuple(seam for seam in (*early, _found(reader, hops[-1], newest)) if seam is not None)


def _found(reader: FrameReader, hop: Hop, place: _Place | None) -> Seam | None:
    if place is None:
        return None
    seen = measured(place.frames, place.frame)
    return Seam(
        hop=hop.number,
        frame=place.frame,
        seconds=reader.clock.seconds_of(place.frame),
        confidence=round(place.confidence, 3),
        prompt=hop.prompt,
        meters=judged(seen),
        event=seen.event,
    )


def _placed(child: FrameReader, hop: Hop, stopped: Stopped) -> _Place | None:
    return _by_parent(child, hop, stopped) or _by_stated_length(child, hop)


def _by_parent(child: FrameReader, hop: Hop, stopped: Stopped) -> _Place | None:
    """By the parent's last frames; None when there is no parent, or it is no part of the child."""
    if hop.parent is None:
        return None
    try:
        with open_frames(hop.parent, stopped) as parent:
            end = parent.clock.seconds_of(parent.clock.frames - 1) + 1 / parent.clock.fps
            expected = child.clock.index_at(end)
            if expected >= child.clock.frames or parent.clock.frames < 2:
                return None
            tail = parents_tail(parent, child.clock.fps)
    except (DownloadFailed, FileTrouble):  # gone or broken: the hint must do
        return None
    around = child.read(
        expected - len(tail) - _REACH,
        expected + _REACH,
        range(expected - AROUND, expected + AROUND),
        grain_around(expected, expected),
    )
    found = aligned(tail, luma_of(around.pictures), around.first, expected, _REACH)
    if found is None or not around.first < found.frame:
        return None
    if found.frame != expected:
        around = child.read(
            found.frame - AROUND, found.frame + AROUND - 1, grainy=grain_around(found.frame, found.frame)
        )
    return _Place(found.frame, found.confidence, around, found.at_its_place)


def _by_stated_length(child: FrameReader, hop: Hop) -> _Place | None:
    clock = child.clock
    hint, slack = hinted(clock, hop.hint_seconds), hop.slack_seconds * clock.fps
    if round(hint - slack) >= clock.frames or clock.frames < 3:
        return None
    wide = int(np.ceil(slack + _ROOM * clock.fps)) + 1
    grainy = grain_around(math.floor(hint - slack) - 1, math.ceil(hint + slack) + 1)
    frames = child.read(round(hint) - max(wide, AROUND), round(hint) + max(wide, AROUND), grainy=grainy)
    if len(frames) < 3:
        return None
    return _Place(*by_step(frames, hint, slack), frames)
