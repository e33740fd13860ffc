"""Reckons which frames of several films belong together, when the films are laid on each other at their seams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kling_desktop.ui.viewer.playing.frame_clock import FrameClock

_SAME_LENGTH_SECONDS = 0.05
"""Lengths that differ by less are the same: sound often outlasts the picture by a frame."""


@dataclass(frozen=True, slots=True)
class Film:
    """One film as the alignment sees it."""

    clock: FrameClock
    seam: float
    """When the part begins that is laid on the others' new parts, in seconds from the film's start."""

    @property
    def tail(self) -> float:
        """Seconds from the seam to the end."""
        return self.clock.seconds - self.seam


def leader(films: Sequence[Film | None]) -> int | None:
    """Which film's frames are counted: the first one, unless another goes on for longer. None: no film is open."""
    known = [at for at, film in enumerate(films) if film is not None and film.clock.seconds]
    if not known:
        return None
    longest = max(_tail(films[at]) for at in known)
    return next(at for at in known if _tail(films[at]) > longest - _SAME_LENGTH_SECONDS)


def local_seconds(lead: Film, film: Film, frame: int) -> float:
    """The middle of the leader's frame in the time of another film; below 0 before that film begins."""
    return lead.clock.middle_ms(frame) / 1000 - lead.seam + film.seam


def wanted(lead: Film, film: Film, frame: int) -> int:
    """The frame of a film that belongs to the leader's frame; its first or last one where it has none there."""
    index = film.clock.index(local_seconds(lead, film, frame))
    return index if film.clock.frames is None else min(index, film.clock.frames - 1)


def last_frame(film: Film) -> int:
    """Number of the last frame."""
    return (film.clock.frames or film.clock.index(film.clock.seconds) + 1) - 1


def _tail(film: Film | None) -> float:
    return film.tail if film is not None else 0.0
