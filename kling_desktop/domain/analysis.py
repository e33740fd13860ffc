"""The nouns of judging a clip: seams and their meters, drift along a chain, the tail, the filmstrip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path


class Measure(StrEnum):
    """What is measured at a seam. The order is the one in which meters are shown."""

    COLOUR = "colour"
    """CIEDE2000 of the step that the whole picture's colours make, brightness made equal first."""
    BRIGHTNESS = "brightness"
    """Step of the luma in percent; above 0 the new part is brighter."""
    SHARPNESS = "sharpness"
    """Change of the steepness of edges (their squared slope) in percent; below 0 the new part is softer. Grain lost or
    gained counts by its levels, where that is more.
    """
    MOTION = "motion"
    """How far the motion is from going on as before, in usual deviations of this film; 0 when it just goes on. Going
    back and another speed count by fixed numbers.
    """
    FREEZE = "freeze"
    """Frames at the seam that repeat the one before."""


class Verdict(StrEnum):
    """What a number means for the eye."""

    CLEAN = "clean"
    SLIGHT = "slight"
    """Seen by who looks for it."""
    BAD = "bad"
    """Seen by everybody."""


class Event(StrEnum):
    """What happens in a film by itself just where a seam is."""

    CUT = "cut"
    """Another shot begins with the new part: nothing goes on that could be measured."""
    FADE = "fade"
    """It grows light or dark: brightness, colour and sharpness are held against the seam only where everybody sees."""
    DISSOLVE = "dissolve"
    """One shot goes over into another: brightness, colour and sharpness are not held against the seam."""
    PAN = "pan"
    """The camera is swung: nothing but a freeze is held against the seam."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One measurement at a seam."""

    measure: Measure
    value: float
    """In the unit of its measure, with its sign."""
    bar: float
    """How bad, for drawing: 0 nothing, 0.5 where BAD begins, 1 at twice that and beyond."""
    verdict: Verdict


DOUBT = 0.3
"""Confidence below which nothing but the stated length speaks for a seam's place."""


@dataclass(frozen=True, slots=True)
class Seam:
    """The instant in a clip where a parent ends and the new part begins."""

    hop: int
    """Which extension begins here: 1 is the first one after the base clip."""
    frame: int
    """Index of the first new frame; the clip's first frame is 0."""
    seconds: float
    """When that frame is shown, from the clip's first frame."""
    confidence: float
    """0 a guess, 1 certain."""
    prompt: str = ""
    """What was asked for from here on; empty when not known."""
    meters: tuple[Meter, ...] = ()
    """One of each Measure, in their order; empty when the pictures on either side could not be measured."""
    event: Event | None = None
    """What happens in the film itself just there."""

    @property
    def doubtful(self) -> bool:
        """Whether it is only about there: then its meters may have measured another place."""
        return self.confidence < DOUBT

    @property
    def verdict(self) -> Verdict:
        """The worst of its meters; a cut is BAD. Of a doubtful place never more than SLIGHT."""
        worst = Verdict.BAD if self.event is Event.CUT else self._worst_meter
        return Verdict.SLIGHT if self.doubtful and worst is Verdict.BAD else worst

    @property
    def told(self) -> Verdict | None:
        """The verdict that every view tells; None where nothing about the seam is known."""
        return self.verdict if self.meters or self.event is not None else None

    @property
    def _worst_meter(self) -> Verdict:
        found = {meter.verdict for meter in self.meters}
        return next((verdict for verdict in (Verdict.BAD, Verdict.SLIGHT) if verdict in found), Verdict.CLEAN)


@dataclass(frozen=True, slots=True)
class HopLook:
    """How one hop of a chain looks, against hop 0 (the base clip, which is 0 in everything)."""

    hop: int
    seconds: float
    """When it begins."""
    colour: float
    """CIEDE2000 between the robust mean colours."""
    contrast: float
    """Change in percent of the spread of luma."""
    sharpness: float
    """Change in percent of the steepness of edges (their squared slope)."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a hop may be from hop 0 before the creator wants to know. Same units as HopLook, without sign.

    As far as long takes of real footage go by themselves, and a little further (tests/benchmarks/seams.py --films).
    """

    colour: float = 5.0
    contrast: float = 10.0
    softer: float = 9.0
    """Loss of sharpness, which is what decays along a chain."""
    sharper: float = 60.0
    """Gain of sharpness, which comes with whatever finely drawn thing enters the picture."""

    def times(self, factor: float) -> Tolerance:
        """A tolerance so many times as wide."""
        return Tolerance(self.colour * factor, self.contrast * factor, self.softer * factor, self.sharper * factor)

    def off(self, look: HopLook) -> tuple[float, float, float]:
        """Colour, contrast and sharpness of a hop in tolerances: within from -1 to 1."""
        sharpness = look.sharpness / (self.softer if look.sharpness < 0 else self.sharper)
        return look.colour / self.colour, look.contrast / self.contrast, sharpness

    def allows(self, look: HopLook) -> bool:
        """Whether all three lie within."""
        return all(abs(times) <= 1 for times in self.off(look))

    def left_at(self, hops: tuple[HopLook, ...]) -> HopLook | None:
        """The first hop outside; None when all are within."""
        return next((look for look in hops if not self.allows(look)), None)


class TailWarning(StrEnum):
    """What the next extension would inherit."""

    BLURRED = "blurred"
    """The last frame is much softer than the clip was before."""
    BLACK = "black"
    FADED = "faded"
    """Next to no contrast."""
    FROZEN = "frozen"
    """The last frames are all the same, though the clip moves."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The last frame of a clip, large, and what is wrong with it."""

    still: Path
    """JPEG."""
    warnings: tuple[TailWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """Thumbnails along a clip, side by side from left to right in one JPEG."""

    file: Path
    count: int
    """Thumbnails in it, each file.width / count pixels wide. Number n stands for the n-th part of the clip's time."""


DIFFERENCE_GAIN = 8
"""So many times as strong is the difference of two frames shown."""


@dataclass(frozen=True, slots=True)
class SeamStills:
    """The pictures on either side of a seam, as JPEG files."""

    before: Path
    """The last old frame."""
    after: Path
    """The first new frame."""
    difference: Path
    """How they differ, `DIFFERENCE_GAIN` times as strong."""


@dataclass(frozen=True, slots=True)
class LastFrame:
    """A frame near the end of a film that it may go on from."""

    still: Path | None
    end: Fraction | None
    """Where its clip ends if the film goes on from here, in the clip's seconds; None for the very last frame."""
    cut_frames: int
    sharpness: float
    """0 to 1, against the sharpest of those offered."""
    exposure: float
    """0 to 1: the part of the picture that is neither black nor white."""
    best: bool
