"""What every written film has, in whatever coding: its clock, its colours, its sound beside its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

KEEP_TAGS: Final = "+use_metadata_tags"
"""Without this flag of its muxer FFmpeg silently drops every tag that it does not know (measured)."""

_BT709: Final = 1
_VIDEO_RANGE: Final = 1


def set_clock_and_colours(track: VideoStream, fps: Fraction) -> None:
    """One tick a frame; BT.709 in video range, said in full."""
    context = track.codec_context
    context.time_base = 1 / fps
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _VIDEO_RANGE


class Spoken:
    """The sound beside the pictures: encoded as far as they are, so that neither waits in memory for the other."""

    def __init__(self, container: OutputContainer, track: AudioStream | None, frames: Iterator[AudioFrame]) -> None:
        self._container, self._track, self._frames = container, track, frames

    def go_on(self, seconds: Fraction) -> None:
        """Encode up to that time of the film."""
        if self._track is None:
            return
        for frame in self._frames:
            self._container.mux(self._track.encode(frame))
            if (frame.pts or 0) * (frame.time_base or 0) >= seconds:
                return

    def finish(self) -> None:
        """Encode what is left."""
        if self._track is None:
            return
        for frame in chain(self._frames, [None]):
            self._container.mux(self._track.encode(frame))
