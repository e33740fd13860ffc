"""Reckons between seconds and frame numbers of one film: by its own table of pictures, else by its frame rate."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

_FALLBACK_FPS = 30.0
"""How a film without a stated frame rate is stepped through."""

_LEAVE = 0.0005
"""Seconds by which a frame's beginning may be told too early: players tell it in whole microseconds, rounded down."""


@dataclass(frozen=True, slots=True)
class FrameClock:
    """Length and frame rate of a film; both 0 while unknown. Seconds count from the first picture."""

    seconds: float = 0.0
    fps: float = 0.0
    padding: int = 0
    """Frames by which the sound outlasts the picture, as far as they were met; not with a table."""
    starts: tuple[float, ...] = ()
    """When each picture is due, rising from 0; empty while the file's table was not read."""
    lead: float = 0.0
    """Seconds by which the player's clock runs before the first picture."""

    @property
    def frames(self) -> int | None:
        """How many frames the film has; None while its frame rate is unknown."""
        if self.starts:
            return len(self.starts)
        if not self.fps:
            return None
        # Lengths come in whole milliseconds, so the last frame may seem to lack a little.
        return max(1, math.floor(self.seconds * self.fps + 0.1) - self.padding)

    def index(self, seconds: float) -> int:
        """Number of the frame that is seen at a time, from 0."""
        if not math.isfinite(seconds):
            return 0
        if self.starts:
            return max(0, bisect_right(self.starts, seconds + _LEAVE) - 1)
        return max(0, math.floor((seconds + _LEAVE) * self._rate))

    def middle_ms(self, index: int) -> int:
        """Milliseconds at the middle of a frame, of the nearest one if there is no such frame.

        A player that is sent to a frame's very beginning shows the frame before it.
        """
        last = self.frames - 1 if self.frames else max(0, self.index(self.seconds))
        index = max(0, min(index, last))
        if self.starts:
            end = self.starts[index + 1] if index < last else max(self.seconds, self.starts[index])
            return round((self.starts[index] + end) * 500)
        return round((index + 0.5) * 1000 / self._rate)

    @property
    def _rate(self) -> float:
        return self.fps or _FALLBACK_FPS
