"""Reads a film's sound out of the original files: silence where a part has none, a short fade at each join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from kling_desktop.media.film.plan import FilmPlan, PlannedPart
from kling_desktop.media.source import opened

Samples = NDArray[np.float32]
"""(2, n): left and right, -1 to 1."""

FADE_SECONDS: Final = Fraction(3, 100)
"""Length of the equal-power fade at a join: too short to be heard as one, long enough for no click."""

_RATES: Final = (44_100, 48_000)
_USUAL_RATE: Final = 48_000

_FRAME: Final = 1024
"""Samples in a frame that is handed out: those of an AAC frame."""

_LEAD_SECONDS: Final = Fraction(1, 4)
"""Decoded before a part begins: a decoder that starts in the middle needs some packets to be right."""

_GAP_SECONDS: Final = Fraction(1, 50)
"""Time stamps may be off by so much before samples are left out or silence is put in."""


@dataclass(frozen=True, slots=True)
class FilmSound:
    """What a film's sound is."""

    rate: int
    """Samples a second, on two channels."""
    samples: int
    """Exactly as long as the pictures, rounded to a sample."""


def sound_of(plan: FilmPlan) -> FilmSound | None:
    """None when no part has sound. The rate is that of the first part that has. Raises what `source.opened` does."""
    for planned in plan.parts:
        with opened(planned.part.file) as container:
            track = _track(container)
            if track is not None:
                rate = track.sample_rate if track.sample_rate in _RATES else _USUAL_RATE
                return FilmSound(rate, round(plan.seconds * rate))
    return None


def film_sound(plan: FilmPlan, sound: FilmSound) -> Iterator[AudioFrame]:
    """The film's sound from its beginning, in frames of 1024 samples (the last may be shorter): planar floats, stereo.

    `pts` counts samples. The encoder's priming is dropped, as the file says. Raises what `source.opened` does.
    """
    place, waiting = 0, np.zeros((2, 0), np.float32)
    for piece in _joined(plan, sound):
        waiting = np.concatenate([waiting, piece], axis=1)
        while waiting.shape[1] >= _FRAME:
            yield _frame(waiting[:, :_FRAME], place, sound.rate)
            place, waiting = place + _FRAME, waiting[:, _FRAME:]
    if waiting.shape[1]:
        yield _frame(waiting, place, sound.rate)


def _frame(samples: Samples, place: int, rate: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = rate, place, Fraction(1, rate)
    return frame


def _joined(plan: FilmPlan, sound: FilmSound) -> Iterator[Samples]:
    """All parts, each exactly as long as its frames; the end of one is held back until the next is mixed into it."""
    fade = round(FADE_SECONDS * sound.rate)
    tail: Samples = np.zeros((2, 0), np.float32)
    for number, planned in enumerate(plan.parts):
        begin = round(planned.first / plan.shape.fps * sound.rate)
        left = round((planned.first + len(planned.shown)) / plan.shape.fps * sound.rate) - begin
        lead = tail.shape[1] if planned.begin >= FADE_SECONDS else 0
        samples = _Tap(_stretch(planned, sound.rate, lead, left))
        if number:
            before, head = samples.take(lead), samples.take(min(fade, left))
            left -= head.shape[1]
            yield from _mixed(tail, before, head)
        kept = min(fade, left) if planned is not plan.parts[-1] else 0
        yield from samples.pieces(left - kept)
        tail = samples.take(kept)


class _Tap:
    """Hands samples out in pieces of a wanted length, whatever pieces they come in."""

    def __init__(self, pieces: Iterator[Samples]) -> None:
        self._pieces = pieces
        self._rest: Samples = np.zeros((2, 0), np.float32)

    def take(self, count: int) -> Samples:
        return np.concatenate([np.zeros((2, 0), np.float32), *self.pieces(count)], axis=1)

    def pieces(self, count: int) -> Iterator[Samples]:
        while count > 0:
            piece = self._rest if self._rest.shape[1] else next(self._pieces)
            yield piece[:, :count]
            self._rest = piece[:, count:]
            count -= min(count, piece.shape[1])


def _mixed(tail: Samples, lead: Samples, head: Samples) -> Iterator[Samples]:
    """The join itself: the old end goes out while what the new file has before its start comes in; where it has
    nothing there, the new start comes in after the old end has gone out.
    """
    if lead.shape[1]:
        yield tail * _falling(tail.shape[1]) + lead * _falling(lead.shape[1])[::-1]
        yield head
    else:
        yield tail * _falling(tail.shape[1])
        yield head * _falling(head.shape[1])[::-1]


def _falling(length: int) -> NDArray[np.float32]:
    """A quarter of a cosine: with the same reversed, the power stays equal."""
    return np.cos(np.pi / 2 * (np.arange(length) + 0.5) / max(length, 1)).astype(np.float32)


def _stretch(planned: PlannedPart, rate: int, lead: int, length: int) -> Iterator[Samples]:
    """Exactly `lead` + `length` samples, from `lead` samples before the part's beginning on; silence where none are."""
    origin, slack = round(planned.begin * rate) - lead, round(_GAP_SECONDS * rate)
    place, whole = 0, lead + length
    with opened(planned.part.file) as container:
        for at, samples in _decoded(container, Fraction(origin, rate), rate):
            off = at - origin - place
            if place == 0 or abs(off) > slack:
                if off > 0:
                    yield np.zeros((2, min(off, whole - place)), np.float32)
                    place += min(off, whole - place)
                samples = samples[:, max(0, -off) :]
            if kept := min(samples.shape[1], whole - place):
                yield samples[:, :kept]
                place += kept
            if place >= whole:
                return
    yield np.zeros((2, whole - place), np.float32)


def _decoded(container: InputContainer, begin: Fraction, rate: int) -> Iterator[tuple[int, Samples]]:
    """The file's sound from about that time on: place of the first sample on the file's clock, samples."""
    track = _track(container)
    if track is None or track.time_base is None:
        return
    earliest = max(begin - _LEAD_SECONDS, Fraction(0))
    if begin > _LEAD_SECONDS:
        container.seek(int(earliest / track.time_base), stream=track, backward=True)
    resampler = AudioResampler(format="fltp", layout="stereo", rate=rate)
    for frame in container.decode(track):
        for even in resampler.resample(frame):
            yield _place(even, rate), even.to_ndarray().astype(np.float32, copy=False)
    for even in resampler.resample(None):
        yield _place(even, rate), even.to_ndarray().astype(np.float32, copy=False)


def _place(frame: AudioFrame, rate: int) -> int:
    return round((frame.pts or 0) * (frame.time_base or Fraction(1, rate)) * rate)


def _track(container: InputContainer) -> AudioStream | None:
    track = container.streams.best("audio")
    return track if isinstance(track, AudioStream) and track.codec_context is not None else None
