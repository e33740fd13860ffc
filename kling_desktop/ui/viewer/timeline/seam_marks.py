"""Where a film's hops join, and which of those places comes next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple


class SeamMark(NamedTuple):
    """The first frame of a new hop."""

    frame: int
    """From 0."""
    seconds: float
    """When it begins."""
    prompt: str
    """What was asked for in the hop that begins here."""


def beyond(seams: tuple[SeamMark, ...], frame: int, steps: int) -> SeamMark | None:
    """The seam so many steps after a frame (before it, if negative); None past the last and before the first."""
    frames = [seam.frame for seam in seams]
    at = bisect_right(frames, frame) - 1 + steps if steps > 0 else bisect_left(frames, frame) + steps
    return seams[at] if 0 <= at < len(seams) else None


def segment(seams: tuple[SeamMark, ...], frame: int, frames: int) -> tuple[int, int]:
    """First and last frame of the hop in which a frame lies, of a film of so many frames."""
    at = bisect_right([seam.frame for seam in seams], frame)
    first = seams[at - 1].frame if at else 0
    return first, (seams[at].frame if at < len(seams) else frames) - 1
