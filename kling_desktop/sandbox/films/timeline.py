"""Says of each frame of a film which instant of its scene it shows, and in which light: drift and plants live here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_desktop.sandbox.records import Film, Segment

Gain = NDArray[np.float32]
"""Factor per red, green, blue."""

USUAL_AMOUNTS = {
    "colour": 0.08,  # relative shift of red against blue
    "brightness": 0.12,  # relative step
    "softness": 2.5,  # the picture is shrunk by this factor and enlarged again
    "freeze": 8.0,  # frames that stand still
    "jump": 0.8,  # seconds of the scene that are skipped
    "lost_frame": 1.0,  # frames that are skipped
}
"""What a plant does when its amount is 0."""

_SEEN = 0.25
"""Part of the extensions whose join can be seen though nothing was planted."""

LOOP_SECONDS = 16
"""A looped film goes half of this forward and half of it back."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What one frame shows."""

    at: float
    """Index of the scene's own frame (whole, but for jumps)."""
    gain: Gain
    """Factor per red, green, blue."""
    softness: float
    """Factor of shrinking, 1 = sharp."""

    def seconds(self, film: Film) -> float:
        """Scene time; a looped film's runs there and back."""
        if not film.looped:
            return self.at / film.fps
        turn = LOOP_SECONDS / 2
        phase = (self.at / film.fps) % LOOP_SECONDS
        return turn - abs(phase - turn)


def loop_frames(film: Film) -> int:
    return LOOP_SECONDS * film.fps


def shots(film: Film) -> list[Shot]:
    """One per frame. The light of a segment multiplies onto that of its parent: drift compounds along a chain."""
    found: list[Shot] = []
    gain, softness, at = np.ones(3, np.float32), 1.0, 0.0
    stall = film.opening.stall if film.opening else 0
    for number, segment in enumerate(film.segments):
        held = 0
        if number:
            gain = gain * _drift(segment) * _tint(segment)
            softness = max(softness, _amount(segment)) if segment.plant == "softness" else softness
            at += _skip(segment, film.fps)
            held = min(segment.frames, round(_amount(segment))) if segment.plant == "freeze" else 0
        found += [Shot(at - 1, gain, softness)] * held
        for _ in range(segment.frames - held):
            found.append(Shot(at, gain, softness))
            at += 1
    return [found[0]] * stall + found[: len(found) - stall]


def _amount(segment: Segment) -> float:
    return segment.amount or USUAL_AMOUNTS[segment.plant]


def _drift(segment: Segment) -> Gain:
    """The slight change of light that every extension brings, planted or not.

    Most move brightness by 0.1 to 0.3 % and a channel by up to 0.2 %, which nobody sees; every fourth by 0.8 to 1.5 %
    and up to 1 %, which shows to who looks for it.
    """
    draw = np.random.default_rng(segment.seed)
    least, most, tint = (0.008, 0.015, 0.010) if draw.random() < _SEEN else (0.001, 0.003, 0.002)
    light = draw.choice((-1, 1)) * draw.uniform(least, most)
    colour = draw.uniform(-tint, tint, 3)
    change: Gain = (1 + light + colour - colour.mean()).astype(np.float32)
    return change


def _tint(segment: Segment) -> Gain:
    tint = np.ones(3, np.float32)
    if segment.plant == "colour":
        tint += np.array([1, 0.1, -1], np.float32) * _amount(segment)
    elif segment.plant == "brightness":
        tint += _amount(segment)
    return tint


def _skip(segment: Segment, fps: int) -> float:
    """Scene frames that are left out at the join."""
    if segment.plant == "jump":
        return float(round(_amount(segment) * fps))
    return _amount(segment) if segment.plant == "lost_frame" else 0.0
