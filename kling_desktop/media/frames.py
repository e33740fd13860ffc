"""Decodes the few frames of a clip that are to be compared, small, and knows the place of each in the clip."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kling_desktop.errors import NotAVideo, PictureChanges
from kling_desktop.media.decoded.tone import DEEP, is_hdr, on_usual_screen
from kling_desktop.media.fine_detail import Luma, grain, sharpness
from kling_desktop.media.frame_times import read_frame_times
from kling_desktop.media.source import opened, picture_track
from kling_desktop.media.stills import colours_of

Floats = NDArray[np.float32]
Stopped = Callable[[], bool]

SMALL = 160
"""Longer side of the pictures that colours and motion are compared on, in pixels."""

_LUMA_FIRST = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
"""Pixel formats whose first plane is luma in bytes: it is looked at where it lies."""

_SKIPS_ANY_TIME = {"h264", "hevc", "vp9", "mpeg4"}
"""Decoders that can be told with every packet to leave out what no other frame is made from. That of AV1 listens but
once, when it begins: then those frames are missing ever after.
"""

_EARLIER_KEYS = (1, 3)
"""How many key frames further back decoding begins when it gave nothing in time, before it begins at the first."""


class Abandoned(Exception):
    """Nobody wants the frames any more."""


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Consecutive frames of a clip, first to last, as numbers."""

    first: int
    """Index in the clip of the first of them."""
    seconds: NDArray[np.float64]
    """When each is shown, from the clip's first frame."""
    pictures: Floats
    """(n, rows, columns, 3): RGB in 0..255, reduced to SMALL."""
    sharpness: Floats
    """(n): steepness of the strongest edges, squared: 0 blurred away, 1/16 a ramp, 1 as sharp as pixels can be."""
    grain: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(n): levels of noise in even places; none, or NaN, where it was not measured."""

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def end(self) -> int:
        """Index in the clip after the last of them."""
        return self.first + len(self)


@dataclass(frozen=True)
class Clock:
    """When each frame of a file is shown. Ticks are the track's."""

    ticks: NDArray[np.int64]
    """One per frame, rising; 0 is the first frame."""
    start: int
    """The first frame's time stamp."""
    tick_seconds: float

    @property
    def frames(self) -> int:
        return len(self.ticks)

    @cached_property
    def fps(self) -> float:
        """Usual frames a second; 24 where there is but one frame."""
        usual = float(np.median(np.diff(self.ticks))) if self.frames > 1 else 0.0
        return 1 / (usual * self.tick_seconds) if usual > 0 else 24.0

    def index_at(self, seconds: float) -> int:
        """The frame that begins nearest to that instant; one after the last when it is the end or beyond."""
        rounded = seconds + 0.5 / self.fps
        if rounded >= float(self.ticks[-1]) * self.tick_seconds + 1 / self.fps:
            return self.frames
        return max(0, int(np.searchsorted(self.ticks * self.tick_seconds, rounded, "right")) - 1)

    def index_before(self, seconds: float) -> int:
        """The frame that is on the screen at that instant."""
        return max(0, int(np.searchsorted(self.ticks * self.tick_seconds, seconds, "right")) - 1)

    def index_of(self, stamp: int) -> int:
        """The frame with that time stamp, or the nearest before it."""
        return max(0, int(np.searchsorted(self.ticks, stamp - self.start, "right")) - 1)

    def seconds_of(self, index: int) -> float:
        return float(self.ticks[min(max(index, 0), self.frames - 1)]) * self.tick_seconds


class FrameReader:
    """An open clip whose frames can be read by their numbers. Not for several threads."""

    def __init__(self, container: InputContainer, stopped: Stopped) -> None:
        self._container = container
        self._stream = picture_track(container)
        self._stopped = stopped
        self._small = VideoReformatter()
        self.clock, self._keys = _clock(container, self._stream)
        self._packets: Iterator[Packet[VideoStream]] | None = None
        self._ready: deque[tuple[int, VideoFrame]] = deque()
        self._next = 0
        self._skips = self._stream.codec_context.name in _SKIPS_ANY_TIME
        self._size: tuple[int, int] | None = None
        self.passing: Callable[[int, VideoFrame], None] = lambda index, frame: None
        """Called with every frame that is decoded, wanted or on the way to one that is: looks that cost no decoding."""

    @property
    def pixel_aspect(self) -> Fraction | None:
        """How much wider than high a pixel is shown; None where the file does not say."""
        return self._stream.sample_aspect_ratio

    def read(self, first: int, last: int, sharp: range | None = None, grainy: range | None = None) -> FrameRange:
        """Frames `first` to `last`, as far as the clip has them. Raises NotAVideo when it has none, Abandoned.

        Fine detail takes as long as all the rest: `sharp` and `grainy` say for which frames sharpness and grain are
        wanted (None: for all, and grain where sharpness is); the others have NaN.
        """
        first, last = max(first, 0), min(last, self.clock.frames - 1)
        indexes, pictures, steep, noise = [], [], [], []
        grainy = sharp if grainy is None else grainy
        for index, frame in self.frames(first, last):
            indexes.append(index)
            pictures.append(self._picture(frame))
            steep.append(sharpness(_luma(frame)) if sharp is None or index in sharp else np.nan)
            noise.append(grain(_luma(frame)) if grainy is None or index in grainy else np.nan)
        if not indexes:
            raise NotAVideo("no picture where one was looked for")
        seconds = np.array([self.clock.seconds_of(index) for index in indexes])
        detail = np.array([steep, noise], np.float32)
        return FrameRange(indexes[0], seconds, np.stack(pictures), *detail)

    def first_from(self, index: int, earliest: int) -> tuple[int, VideoFrame] | None:
        """A picture at about `index`, the cheapest: the key frame before it that is not before `earliest`, else the
        first from there on that others are made from. None when there is none. Raises Abandoned.
        """
        key = int(self._keys[np.searchsorted(self._keys, index, "right") - 1])
        begin = key if earliest <= key <= index else index
        self._go_to(begin)
        return next((each for each in self._decoded(self.clock.frames) if each[0] >= begin), None)

    def look_at(self, frame: VideoFrame) -> tuple[Floats, float]:
        """A frame's picture, reduced to SMALL, and its sharpness."""
        return self._picture(frame), sharpness(_luma(frame))

    def frames(self, first: int, last: int) -> Iterator[tuple[int, VideoFrame]]:
        """Frames `first` to `last` with their indexes. Decodes from the key frame before the first, or goes on from
        where it stopped; of those before the first only what others are made from.
        """
        for index, frame in self._reached(first):
            if index > last:
                self._ready.appendleft((index, frame))
                self._next = index
                return
            if index >= first:
                yield index, frame

    def key_frame_near(self, index: int) -> VideoFrame | None:
        """The key frame at or before a frame: the cheapest picture from about there. None when nothing decodes."""
        self._seek(index)
        return next((frame for _, frame in self._decoded(0)), None)

    def _go_to(self, index: int) -> None:
        """Seek, unless no key frame lies between where decoding has come to and that frame."""
        between = (self._keys > self._next) & (self._keys <= index)
        if self._packets is None or index < self._next or between.any():
            self._seek(index)

    def _seek(self, index: int) -> None:
        self._container.seek(self._stamp(index), stream=self._stream, backward=True)
        self._packets, self._next = self._container.demux(self._stream), index
        self._ready.clear()

    def _reached(self, index: int) -> Iterator[tuple[int, VideoFrame]]:
        """What is decoded from that frame on, or from before it. Where pictures are refreshed little by little, some
        that pass for key frames give whole ones only later: then decoding begins further back.
        """
        self._go_to(index)
        decoded = self._decoded(index)
        first = next(decoded, None)
        for key in self._keys_further_back(index):
            if first is not None and first[0] <= index:
                break
            self._seek(key)
            decoded = self._decoded(index)
            first = next(decoded, None)
        if first is not None:
            yield first
            yield from decoded

    def _keys_further_back(self, index: int) -> list[int]:
        """Those before the one that a frame is decoded from: the next, one further, and the film's first."""
        last = int(np.searchsorted(self._keys, index, "right")) - 1
        return [int(self._keys[last - back]) for back in (*_EARLIER_KEYS, last) if 0 < back <= last]

    def _decoded(self, wanted: int) -> Iterator[tuple[int, VideoFrame]]:
        """What comes next; of frames before `wanted` only those that others are made from."""
        stamp = self._stamp(wanted) if wanted < self.clock.frames else np.inf
        while True:
            while self._ready:
                index, frame = self._ready.popleft()
                self._next = index + 1
                yield index, frame
            packet = next(self._packets, None) if self._packets is not None else None
            if packet is None:
                self._packets = None
                return
            if self._stopped():
                raise Abandoned
            skipped = self._skips and packet.pts is not None and packet.pts < stamp
            self._stream.codec_context.skip_frame = "NONREF" if skipped else "DEFAULT"
            for frame in self._stream.decode(packet):
                self._expect_size(frame)
                index = self.clock.index_of(frame.pts or 0)
                self.passing(index, frame)  # here, not where it is handed out: one that was put back comes twice there
                self._ready.append((index, frame))

    def _expect_size(self, frame: VideoFrame) -> None:
        """Pictures of two sizes cannot be compared. Raises PictureChanges."""
        self._size = self._size or (frame.width, frame.height)
        if self._size != (frame.width, frame.height):
            raise PictureChanges(f"{self._size[0]}x{self._size[1]}, then {frame.width}x{frame.height}")

    def _stamp(self, index: int) -> int:
        return self.clock.start + int(self.clock.ticks[min(index, self.clock.frames - 1)])

    def _picture(self, frame: VideoFrame) -> Floats:
        # A scaler of ours is set up once; the frame's own would be set up for each frame.
        factor, hdr = min(1.0, SMALL / max(frame.width, frame.height)), is_hdr(frame.color_trc)
        small = self._small.reformat(
            frame,
            max(2, round(frame.width * factor)),
            max(2, round(frame.height * factor)),
            DEEP if hdr else "rgb24",
            src_colorspace=colours_of(frame),
            interpolation=Interpolation.AREA,
            threads=1,  # so small a picture is done before several have been woken
        )
        return (on_usual_screen(small) if hdr else small).to_ndarray().astype(np.float32)


@contextmanager
def open_frames(source: Path | str, stopped: Stopped = lambda: False) -> Iterator[FrameReader]:
    """A clip to read frames of. Raises what `source.opened` does, and Abandoned soon after `stopped` became true."""
    with opened(source) as container:
        yield FrameReader(container, stopped)


def _clock(container: InputContainer, stream: VideoStream) -> tuple[Clock, NDArray[np.int64]]:
    """And about which frames are key frames. From the file's index where that is enough (even spacing), else from all
    packets, undecoded.
    """
    entries = [entry for entry in stream.index_entries if not entry.is_discard]
    stamps = np.array([entry.timestamp for entry in entries], np.int64)
    keys = [entry.timestamp for entry in entries if entry.is_keyframe]
    even = len(stamps) > 1 and len(stamps) == stream.frames and np.ptp(np.diff(stamps)) <= 1
    if not even:
        stamps, keys = _read_through(container, stream)
    start = stream.start_time if even and stream.start_time is not None else int(stamps[0])
    clock = Clock(stamps - stamps[0], start, float(stream.time_base or 0))
    return clock, np.unique([0, *np.searchsorted(stamps, keys)])  # a trimmed file hides the one it begins with


def _read_through(container: InputContainer, stream: VideoStream) -> tuple[NDArray[np.int64], list[int]]:
    """Time stamps of the frames that are shown, rising, and those of key frames: by the table that players count by, or
    a file that was trimmed without being coded again would have other numbers here. Raises NotAVideo.
    """
    keys: list[int] = []

    def note(packet: Packet[VideoStream]) -> None:
        if packet.is_keyframe and packet.pts is not None:
            keys.append(packet.pts)

    table = read_frame_times(container, stream, note)
    return np.array(table.ticks, np.int64), keys


def _luma(frame: VideoFrame) -> Luma:
    """As large as the picture is; valid as long as the frame."""
    plane = frame.planes[0]
    if frame.format.name not in _LUMA_FIRST or plane.line_size < frame.width:
        return frame.to_ndarray(format="gray").astype(np.uint8, copy=False)
    rows = np.asarray(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    luma: Luma = rows[: frame.height, : frame.width]
    return luma
