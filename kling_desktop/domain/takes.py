"""Films: takes, the parts that they are made of, the plan that goes on from them, and the money that it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Way(StrEnum):
    """How a take came to be."""

    ROOT = "root"
    """It begins a film: made from words or a picture, or brought in from a file."""
    EXTEND = "extend"
    """Kling extended the parent; one file holds parent and new stretch."""
    CONTINUE = "continue"
    """A new clip made from the parent's last frame, joined here."""


class Gate(StrEnum):
    """What must be true before the next hop of a plan is sent."""

    ASK = "ask"
    """The creator says go after each hop."""
    CLEAN = "clean"
    """Stops on a bad seam, on drift, on a broken take."""
    RUN = "run"


@dataclass(frozen=True, slots=True)
class ColourMap:
    """One constant map for all frames of a clip, on Y'CbCr of its own range: luma 0 to 1, chroma -0.5 to 0.5."""

    luma: tuple[float, float, float] = (1.0, 0.0, 0.0)
    """a, b, c of Y = a·Y + b·Y² + c."""
    chroma: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    """Cb from Cb, Cb from Cr, offset of Cb; Cr from Cb, Cr from Cr, offset of Cr."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clip, by the presentation times of that clip's own file, in seconds from its first frame."""

    clip_id: str
    start: Fraction = Fraction(0)
    """When the first frame that is shown is due."""
    end: Fraction | None = None
    """When the first frame that is no longer shown is due; None shows the clip to its end."""
    colour: ColourMap | None = None
    """None leaves the clip's colours as they are."""
