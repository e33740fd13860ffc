"""Reckons between seconds and frame numbers of one film."""

from __future__ import annotations

import math
from dataclasses import dataclass

_FALLBACK_FPS = 30.0
"""How a film without a stated frame rate is stepped through."""


@dataclass(frozen=True, slots=True)
class FrameClock:
    """Length and frame rate of a film; both 0 while unknown."""

    seconds: float = 0.0
    fps: float = 0.0
    padding: int = 0
    """Frames by which the sound outlasts the picture."""

    @property
    def frames(self) -> int | None:
        """How many frames the film has; None while its frame rate is unknown."""
        if not self.fps:
            return None
        # Lengths come in whole milliseconds, so the last frame may seem to lack a little.
        return max(1, math.floor(self.seconds * self.fps + 0.1) - self.padding)

    def index(self, seconds: float) -> int:
        """Number of the frame that is seen at a time, from 0."""
        # Half a millisecond of leave: beginnings of frames are told in whole microseconds, rounded down.
        return max(0, math.floor((seconds + 0.0005) * self._rate))

    def middle_ms(self, index: int) -> int:
        """Milliseconds at the middle of a frame, of the nearest one if there is no such frame.

        A player that is sent to a frame's very beginning shows the frame before it.
        """
        last = self.frames - 1 if self.frames else max(0, self.index(self.seconds))
        return round((max(0, min(index, last)) + 0.5) * 1000 / self._rate)

    @property
    def _rate(self) -> float:
        return self.fps or _FALLBACK_FPS
