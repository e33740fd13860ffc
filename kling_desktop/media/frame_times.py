"""The one table of when each picture of a file is shown, read from its packets and kept in memory."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from kling_desktop.errors import NotAVideo, unreadable
from kling_desktop.media.source import opened, picture_track

_KEPT_TABLES: Final = 96
"""How many tables stay in memory; one of three minutes is about 35 kB."""

_ROUNDING: Final = Fraction(1, 1_000_000)
"""How far a time may fall short of a frame's own and still mean it: floats and microseconds of players."""

_RATES: Final = (
    *(Fraction(n) for n in (8, 10, 12, 15, 16, 24, 25, 30, 48, 50, 60, 90, 100, 120)),
    *(Fraction(n, 1001) for n in (24_000, 30_000, 48_000, 60_000, 120_000)),
)
"""Frame rates that films are made with; a measured one this near to one of them is meant to be it."""

_STRAYS: Final = 20
"""One step in so many may be shorter than any that counts: a stray stamp makes no film quicker."""
_EVEN: Final = Fraction(3, 4)
"""Steps not shorter than this share of the usual one are that one, on a clock that rounds."""
_COARSE: Final = Fraction(1, 40)
"""By how much a clock of whole milliseconds may make a step another; relative."""
_MOST_STEADY: Final = Fraction(60)

_RATE_SLACK: Final = 0.0004
"""Relative; 24 and 23.976 differ by 0.001. Files whose clock has 1000 ticks a second need some."""


@dataclass(frozen=True)
class FrameTimes:
    """When each picture of one file is due. Seconds count from the first picture; frames from 0."""

    ticks: Sequence[int]
    """Time stamps of all pictures that are shown, rising, each once, as the track counts; at least one."""
    end_ticks: int
    """Time stamp at which the last picture is over."""
    time_base: Fraction
    """Seconds in one tick."""

    @property
    def count(self) -> int:
        return len(self.ticks)

    @property
    def seconds(self) -> tuple[Fraction, ...]:
        """When each picture is due; the first is 0. Made anew each time: kept, they would be four times the table."""
        return tuple((tick - self.ticks[0]) * self.time_base for tick in self.ticks)

    @property
    def begin(self) -> Fraction:
        """When the first picture is due on the file's own clock, on which its sound runs too."""
        return self.ticks[0] * self.time_base

    @property
    def end(self) -> Fraction:
        """When the last picture is over, in seconds from the first: the length of what is seen."""
        return (self.end_ticks - self.ticks[0]) * self.time_base

    @cached_property
    def step(self) -> Fraction:
        """The usual time between two pictures, in seconds: the median; the only picture's own length when it is one."""
        if self.count == 1:
            return self.end
        return median_low(later - tick for tick, later in pairwise(self.ticks)) * self.time_base

    @cached_property
    def fps(self) -> Fraction:
        """Pictures a second that the film is meant to have: a rate in use where it nearly is one, else what it is."""
        usual = 1 / self.step
        mean = (self.count - 1) / self.time_of(self.count - 1) if self.count > 1 else usual
        rates = (mean, usual) if abs(mean - usual) < usual / 20 else (usual,)  # a coarse clock rounds each step
        for rate in rates:
            nearest = min(_RATES, key=lambda known: abs(known - rate))
            if abs(nearest - rate) < _RATE_SLACK * nearest:
                return nearest
        return rates[0].limit_denominator(1001) or Fraction(1)

    @cached_property
    def steady_fps(self) -> Fraction:
        """Pictures a second of a film with even steps in which each of these is seen: `fps`, unless the steps differ so
        much that the short ones would fall between two pictures. More than 60 only where `fps` is.
        """
        if self.count == 1 or self.fps >= _MOST_STEADY:
            return self.fps
        steps = sorted(later - tick for tick, later in pairwise(self.ticks))
        quick = steps[len(steps) // _STRAYS] * self.time_base
        if quick > self.step * _EVEN:
            return self.fps
        nearest = min(_RATES, key=lambda known: abs(known - 1 / quick))
        if abs(nearest * quick - 1) > _COARSE:
            nearest = min((rate for rate in _RATES if rate > 1 / quick), default=_MOST_STEADY)
        return max(self.fps, min(nearest, _MOST_STEADY))

    def time_of(self, frame: int) -> Fraction:
        """When a picture is due, in seconds from the first. One past the last is the end; others are held within."""
        if frame >= self.count:
            return self.end
        return (self.ticks[max(frame, 0)] - self.ticks[0]) * self.time_base

    def frame_at(self, seconds: Fraction | float) -> int:
        """The picture on the screen at that time, 0 to count - 1. NaN and what lies before the first give 0."""
        if seconds != seconds or seconds <= 0:
            return 0
        if seconds >= self.end:
            return self.count - 1
        return max(0, bisect_right(self.ticks, self._tick(Fraction(seconds) + _ROUNDING)) - 1)

    def frame_near(self, seconds: Fraction | float) -> int:
        """The picture that begins nearest to that time, for clocks that round to milliseconds as players do."""
        here = self.frame_at(seconds)
        if seconds != seconds or here + 1 >= self.count or seconds <= 0:
            return here
        later = self.time_of(here + 1) - Fraction(seconds) <= Fraction(seconds) - self.time_of(here)
        return here + later

    def frame_of(self, stamp: int) -> int:
        """The picture with that time stamp (`pts` of a decoded frame), or the nearest before it."""
        return max(0, bisect_right(self.ticks, stamp) - 1)

    def _tick(self, seconds: Fraction) -> int:
        return int(seconds / self.time_base) + self.ticks[0]


_tables: OrderedDict[tuple[str, int, int], FrameTimes] = OrderedDict()
_lock = threading.Lock()


def frame_times(file: Path) -> FrameTimes:
    """The table of a file: edit list applied, hidden and discarded packets left out, sound ignored.

    Reads the whole file once without decoding (about 0.1 s for 100 MB), then remembers it until size or time of
    change differ. For any thread. Raises NotAVideo, Truncated, FileTrouble.
    """
    try:
        state = file.stat()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise unreadable(file, error) from error
    key = (str(file), state.st_size, state.st_mtime_ns)
    with _lock:
        if (known := _tables.get(key)) is not None:
            _tables.move_to_end(key)
            return known
    with opened(file) as container:
        table = read_frame_times(container, picture_track(container))
    with _lock:
        _tables[key] = table
        while len(_tables) > _KEPT_TABLES:
            _tables.popitem(last=False)
    return table


def picture_lead(file: Path, table: FrameTimes) -> Fraction:
    """Seconds from the first moment of a file, of sound or picture, to its first picture: players count from there.

    Never negative. For any thread. Raises NotAVideo, Truncated, FileTrouble.
    """
    with opened(file) as container:
        began = container.start_time
    return max(Fraction(0), table.begin - Fraction(began or 0, 1_000_000))


def read_frame_times(
    container: InputContainer,
    stream: VideoStream,
    passing: Callable[[Packet[VideoStream]], object] = lambda _: None,
) -> FrameTimes:
    """The same of an open container, which then stands at its end. Raises NotAVideo when no picture is shown.

    `passing` is called with every packet of a shown picture: looks that cost no reading.
    """
    if stream.time_base is None:
        raise NotAVideo("its track has no clock")
    stamps: dict[int, int] = {}
    for packet in _shown(container, stream):
        stamps[packet.pts or 0] = packet.duration or 0
        passing(packet)
    if not stamps:
        raise NotAVideo("no picture in it")
    ticks = array("q", sorted(stamps))  # a tuple of numbers takes five times as much
    usual = median_low(later - tick for tick, later in pairwise(ticks)) if len(ticks) > 1 else 0
    usual = usual or round(Fraction(1, 24) / stream.time_base) or 1
    end = ticks[-1] + (stamps[ticks[-1]] or usual)
    if stream.duration and end > ticks[-1] + usual:
        # Packets say how long they last in the order of decoding: the last picture's may be another's.
        end = min(end, max(ticks[-1] + usual, (stream.start_time or 0) + stream.duration))
    return FrameTimes(ticks, end, stream.time_base)


def _shown(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    hides = _hidden_vp8 if stream.codec_context.name == "vp8" else lambda _: False
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None and not packet.is_discard and not hides(packet):
            yield packet


def _hidden_vp8(packet: Packet[VideoStream]) -> bool:
    """Whether it only prepares later pictures: show_frame of the frame tag is 0 (RFC 6386, 9.1)."""
    return not memoryview(packet)[0] & 0x10
