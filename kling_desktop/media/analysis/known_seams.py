"""Measures seams whose place is known by construction: where this program joined two clips itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.analysis import Seam
from kling_desktop.media.analysis.meters import AROUND, grain_around, judged, measured
from kling_desktop.media.frames import Stopped, open_frames


@dataclass(frozen=True, slots=True)
class KnownSeam:
    """Where a hop begins in a film that was joined here."""

    hop: int
    frame: int
    """The first new one, counted from the film's first."""
    prompt: str = ""


def known_seams(file: Path, places: Sequence[KnownSeam], stopped: Stopped = lambda: False) -> tuple[Seam, ...]:
    """The seams at these places, measured; none is searched for, so none is in doubt.

    Raises NotAVideo, Truncated, FileTrouble; Abandoned soon after `stopped` became true.
    """
    found: list[Seam] = []
    with open_frames(file, stopped) as reader:
        for place in places:
            first, last = max(0, place.frame - AROUND), min(reader.clock.frames, place.frame + AROUND)
            seen = measured(reader.read(first, last, grainy=grain_around(place.frame, place.frame)), place.frame)
            seconds = reader.clock.seconds_of(place.frame)
            found.append(Seam(place.hop, place.frame, seconds, 1.0, place.prompt, judged(seen), event=seen.event))
    return tuple(found)
