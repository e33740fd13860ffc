"""Lays parts of clips out as one film: which picture of which file is shown in each frame, on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

from kling_desktop.domain.takes import ColourMap
from kling_desktop.errors import NotAVideo
from kling_desktop.media.film.conform import FilmShape, film_shape
from kling_desktop.media.frame_times import FrameTimes, frame_times


@dataclass(frozen=True, slots=True)
class FilmPart:
    """A stretch of a file: what `domain.takes.Part` says, with the clip's own file."""

    file: Path
    start: Fraction = Fraction(0)
    """When the first picture that is shown is due, in seconds from the file's first."""
    end: Fraction | None = None
    """When the first picture that is no longer shown is due; None shows the file to its end."""
    colour: ColourMap | None = None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part and its frames in the film."""

    part: FilmPart
    times: FrameTimes
    shown: tuple[int, ...]
    """For each frame of the film the number of the file's picture in it, never falling; at least one."""
    first: int
    """Number in the film of its first frame."""

    @property
    def begin(self) -> Fraction:
        """When it begins on the file's own clock, on which its sound runs."""
        return self.times.begin + self.part.start


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """A film, ready to be read: `frames.film_frames`, `sound.film_sound`."""

    shape: FilmShape
    parts: tuple[PlannedPart, ...]

    @property
    def frames(self) -> int:
        return self.parts[-1].first + len(self.parts[-1].shown)

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.shape.fps

    @property
    def seams(self) -> tuple[int, ...]:
        """The film's frames with which its second and later parts begin."""
        return tuple(part.first for part in self.parts[1:])


def film_plan(parts: Sequence[FilmPart], shape: FilmShape | None = None) -> FilmPlan:
    """The plan of a film in the shape of its first part, or in another.

    Each part fills a whole number of frames, so that of parts with the film's own rate no picture is added or lost.
    Raises NotAVideo, Truncated, FileTrouble, HdrVideo; ValueError without parts. Blocks while files are read once.
    """
    if not parts:
        raise ValueError("a film has at least one part")
    shape = shape or film_shape(parts[0].file)
    tables = [frame_times(part.file) for part in parts]
    shown = [_shown(part, times, shape.fps) for part, times in zip(parts, tables, strict=True)]
    firsts = accumulate((len(each) for each in shown[:-1]), initial=0)
    return FilmPlan(shape, tuple(PlannedPart(*fields) for fields in zip(parts, tables, shown, firsts, strict=True)))


def _shown(part: FilmPart, times: FrameTimes, fps: Fraction) -> tuple[int, ...]:
    """The pictures of one part, by time: in each frame the one that is nearest to it, or still stands."""
    end = times.end if part.end is None else min(part.end, times.end)
    if not part.start < end:
        raise NotAVideo("nothing of it is shown")
    first = times.frame_near(part.start)
    last = max(first, times.frame_near(end) - (times.time_of(times.frame_near(end)) >= end))
    if _runs_alike(times, first, last, fps):
        return tuple(range(first, last + 1))
    count = max(1, round((end - part.start) * fps))
    # Half a step ahead, so that a time stamp a little late still counts; of a faster file half of its own step.
    ahead = min(1 / fps, times.step) / 2
    return tuple(min(max(times.frame_at(part.start + number / fps + ahead), first), last) for number in range(count))


_SAME_RATE = 0.004
"""Relative: a file of 23.976 in a film of 24 goes on picture by picture rather than double one in a thousand."""

_OUT_OF_STEP = 1.5
"""Frames by which that may part picture and sound."""


def _runs_alike(times: FrameTimes, first: int, last: int, fps: Fraction) -> bool:
    """Whether the pictures come evenly and at the film's rate, as good as."""
    parting = abs(fps / times.fps - 1)
    spread = times.time_of(last) - times.time_of(first) - (last - first) / times.fps
    return parting < _SAME_RATE and (last - first) * parting < _OUT_OF_STEP and abs(spread) * times.fps < Fraction(1, 2)
