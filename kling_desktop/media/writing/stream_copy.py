"""Copies a stretch of a clip without coding it again, and says where the cuts really fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kling_desktop.errors import ExportUnfit, NotAVideo
from kling_desktop.media.decoded.turning import Turn, turn_of
from kling_desktop.media.frame_times import FrameTimes, frame_times, read_frame_times
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.source import opened, picture_track
from kling_desktop.media.write_trouble import plainly, written
from kling_desktop.media.writing.film_file import FLAGS, FrameProgress
from kling_desktop.media.writing.thumbs import Thumb, distance, thumb

_HEVC_BEFORE, _HEVC_WITHIN = "hvc1", "hev1"
"""HEVC is told how to decode before its pictures, or also among them (ISO/IEC 14496-15, 8.4.1)."""
_ARRAYS_AT = 23
"""Where the arrays of an HEVC record begin, behind their number."""

_NOTHING: Final = np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class CopyRange:
    """What can be copied for a wanted stretch: the wanted one, or a little more on either side."""

    first: int
    """Number in the file of its first frame, which is a key frame."""
    end: int
    """Number of the frame after its last."""
    start: Fraction
    """When the first frame is due, in seconds from the file's first."""
    until: Fraction
    last: Fraction
    """When its last frame is due; unlike `until`, what is kept of it does not depend on the frame that follows."""
    exact: bool
    """Whether both cuts fall where they were wanted."""
    lead: int
    """Time stamp of the key frame that decoding begins with: the first frame's, or that of one before it that the
    source's edit list hides, as it does in what was cut without coding. Then the copy hides it likewise.
    """

    @property
    def frames(self) -> int:
        return self.end - self.first


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy turned out to be, or was meant to be: two that are equal decode to the same pictures."""

    pictures: int
    """Checksum of all coded pictures, in the order of decoding."""
    head: bytes
    """What the decoder is told before the first of them."""
    first: Thumb
    width: int
    height: int
    colours: tuple[int, int, int]
    """Primaries, transfer and matrix (ITU-T H.273)."""
    pixel_aspect: Fraction
    turn: Turn
    """What a player is to do with its pictures."""
    has_sound: bool

    def differs(self, other: Copied) -> bool:
        mine, its = replace(self, first=_NOTHING), replace(other, first=_NOTHING)
        return mine != its or distance(self.first, other.first) > 0


def copy_range(file: Path, start: Fraction, end: Fraction | None) -> CopyRange:
    """Where the cuts fall: at the key frame at or before `start`; at the first place at or after `end` that no kept
    frame looks beyond. Reads the file from there on, undecoded. Raises what `source.opened` does, NotAVideo.
    """
    times = frame_times(file)
    with opened(file) as container:
        return _range(container, picture_track(container), times, start, end)


def _wanted(times: FrameTimes, start: Fraction, end: Fraction | None) -> tuple[int, int]:
    """Numbers of the first frame that is wanted and of the one after the last. Raises NotAVideo where there is none."""
    first = times.frame_near(start)
    until = times.count if end is None or end >= times.end else times.frame_near(end)
    if not first < until:
        raise NotAVideo("nothing of it is shown")
    return first, until


def _range(
    container: InputContainer, stream: VideoStream, times: FrameTimes, start: Fraction, end: Fraction | None
) -> CopyRange:
    wanted_first, wanted_end = _wanted(times, start, end)
    begins = times.ticks[wanted_first]
    if (wanted_first, wanted_end) == (0, times.count):
        lead = _lead(container, stream, begins)
        return CopyRange(0, times.count, Fraction(0), times.end, times.time_of(times.count - 1), exact=True, lead=lead)
    _seek(container, stream, begins)
    packets = [(pts, packet.is_keyframe) for pts, packet in _stamped(container, stream)]
    keys = [number for number, (pts, is_key) in enumerate(packets) if is_key and pts <= begins]
    key = max(keys, key=lambda number: packets[number][0], default=0)
    kept = [pts for pts, _ in packets[key:] if pts >= packets[key][0]]
    last_tick = times.ticks[wanted_end - 1]
    first = times.frame_of(packets[key][0])
    until = times.frame_of(_closed_end(kept, last_tick)) + 1
    exact = (first, until) == (wanted_first, wanted_end)
    lead = min(packets[key][0], times.ticks[first])
    return CopyRange(first, until, times.time_of(first), times.time_of(until), times.time_of(until - 1), exact, lead)


def _lead(container: InputContainer, stream: VideoStream, begins: int) -> int:
    """Time stamp of the key frame that the first picture which is shown is decoded from: mostly itself."""
    lead = begins
    for pts, packet in _stamped(container, stream):
        if packet.is_keyframe and pts <= begins:
            lead = pts
        if pts >= begins:
            break
    return lead


def _stamped(container: InputContainer, stream: VideoStream) -> Iterator[tuple[int, Packet[VideoStream]]]:
    """The packets of all pictures, also of those that are hidden."""
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None:
            yield packet.pts, packet


def _seek(container: InputContainer, stream: VideoStream, stamp: int) -> None:
    """Go to the key frame at or before a time stamp; only when there is something to pass over."""
    if stamp > (stream.start_time or 0):
        container.seek(stamp, stream=stream, backward=True)


def _closed_end(kept: list[int], last: int) -> int:
    """The last time stamp of the shortest beginning, in coding order, that holds all frames up to `last` and no frame
    after one that it leaves out.
    """
    least_after = list(kept)
    for number in range(len(kept) - 2, -1, -1):
        least_after[number] = min(least_after[number], least_after[number + 1])
    most = kept[0]
    for number, pts in enumerate(kept):
        most = max(most, pts)
        following = least_after[number + 1] if number + 1 < len(kept) else None
        if most >= last and (following is None or following > most):
            return most
    return max(kept)


def copy_stream(
    file: Path,
    target: Path,
    start: Fraction,
    end: Fraction | None,
    tags: Mapping[str, str],
    *,
    progress: FrameProgress = lambda *_: None,
    stopped: Stopped = lambda: False,
) -> tuple[CopyRange, Copied]:
    """Write the stretch to an MP4: picture and sound as they are coded, rotation, pixel aspect and colours kept.

    Gives where the cuts fell, and what `read_copy` must find. Raises Abandoned, what `film_file.write_film` does.
    """
    times = frame_times(file)
    with opened(file) as source:
        picture, sound = _one_frame_track(source), source.streams.best("audio")
        whole = _wanted(times, start, end) == (0, times.count)
        # A whole one is read from its very first byte, before which nothing may be looked at: to go back there is to go
        # to its first picture, and the sound may begin before that.
        stretch = copy_range(file, start, end) if whole else _range(source, picture, times, start, end)
        passing, sums = _Passing(stretch, times, picture.index, is_whole=whole), _Sums()
        if not whole:
            source.seek(passing.first, stream=picture, backward=True)
        with written(target, "mp4", {"movflags": FLAGS}) as container:
            container.metadata.update(tags)
            tracks = _tracks(container, [picture] if sound is None else [picture, sound])
            for packet in source.demux(*(source.streams[index] for index in tracks)):
                if stopped():
                    raise Abandoned
                if packet.pts is None or not packet.size:
                    continue
                if not passing.takes(packet):
                    if passing.shown == stretch.frames and (sound is None or passing.is_sound_behind(packet)):
                        break
                    continue
                is_shown = passing.shows(packet)
                if is_shown:
                    sums.see(packet)
                passing.move(packet)
                packet.stream = tracks[packet.stream.index]
                with plainly():
                    container.mux(packet)
                if is_shown:
                    progress(passing.shown, stretch.frames)
        return stretch, _copied(source, picture, times, stretch.first, sums)


class _Passing:
    """Which packets go into the copy of a stretch, in coding order, and at which time of the copy."""

    def __init__(self, stretch: CopyRange, times: FrameTimes, picture: int, *, is_whole: bool) -> None:
        """`picture` is the number of its track; `is_whole`: nothing is cut, and all times stay."""
        self._lead, self._picture, self._is_whole = stretch.lead, picture, is_whole
        self.first, self._last = times.ticks[stretch.first], times.ticks[stretch.end - 1]
        """Time stamps of the first and the last frame that the copy shows."""
        self._begin, self._until = self.first * times.time_base, times.begin + stretch.until
        self.shown = 0
        """Frames of the stretch that have passed."""
        self._has_left_out = False
        """Whether a picture behind the stretch has been left out."""

    def takes(self, packet: Packet[Any]) -> bool:
        stamp = packet.pts or 0
        if packet.stream.index != self._picture:
            return self._is_whole or self._begin <= stamp * packet.time_base < self._until
        self._has_left_out = self._has_left_out or stamp > self._last
        return self._lead <= stamp <= self._last

    def is_sound_behind(self, packet: Packet[Any]) -> bool:
        return packet.stream.index != self._picture and (packet.pts or 0) * packet.time_base >= self._until

    def shows(self, packet: Packet[Any]) -> bool:
        """Whether it is a frame of the stretch; it has passed then. Raises ExportUnfit where it needs what was left
        out.
        """
        if packet.stream.index != self._picture or (packet.pts or 0) < self.first:
            return False
        if self._has_left_out:
            raise ExportUnfit("Its end hides pictures that those before it need. Export it as H.264.")
        self.shown += 1
        return True

    def move(self, packet: Packet[Any]) -> None:
        if self._is_whole:
            return
        stamp, base = packet.pts or 0, packet.time_base
        offset = round(self._begin / base)
        if packet.stream.index == self._picture and stamp == self._last:  # as long as before what follows in the source
            packet.duration = round((self._until - stamp * base) / base)
        packet.pts = stamp - offset
        packet.dts = None if packet.dts is None else packet.dts - offset


def _tracks(container: OutputContainer, sources: list[Stream]) -> dict[int, Stream]:
    """A track for each, by the number of its source."""
    try:
        # "opaque": as it is coded, though it may be by a coder that we have not.
        tracks = {source.index: container.add_stream_from_template(source, opaque=True) for source in sources}
    except ValueError:
        raise ExportUnfit("MP4 cannot hold it as it is coded. Export it as H.264.") from None
    for source in sources:
        context, made = source.codec_context, tracks[source.index].codec_context
        if isinstance(source, VideoStream) and context.name == "hevc" and context.codec_tag != _HEVC_WITHIN:
            made.codec_tag = _HEVC_BEFORE  # else it gets the other name, under which some players do not take it
    return tracks


def read_copy(file: Path) -> tuple[FrameTimes, Copied]:
    """What a written copy holds. Raises NotAVideo, Truncated, FileTrouble."""
    with opened(file) as container:
        stream, sums = _one_frame_track(container), _Sums()
        times = read_frame_times(container, stream, sums.see)
        return times, _copied(container, stream, times, 0, sums)


def _one_frame_track(container: InputContainer) -> VideoStream:
    """The picture's track, of which a single key frame is to be decoded: threads for that take as long to start."""
    stream = picture_track(container)
    stream.thread_type = "NONE"
    return stream


class _Sums:
    """Adds up coded pictures as they pass."""

    def __init__(self) -> None:
        self.pictures = 0

    def see(self, packet: Packet[Any]) -> None:
        self.pictures = crc32(packet, self.pictures)


def _copied(container: InputContainer, stream: VideoStream, times: FrameTimes, number: int, sums: _Sums) -> Copied:
    frame, context = frame_number(container, stream, times, number), stream.codec_context
    return Copied(
        sums.pictures,
        _head(context.name, context.extradata or b""),
        thumb(frame),
        context.width,
        context.height,
        (context.color_primaries, context.color_trc, context.colorspace),
        stream.sample_aspect_ratio or Fraction(1),
        turn_of(frame),
        container.streams.best("audio") is not None,
    )


def _head(codec: str, told: bytes) -> bytes:
    """What the decoder is told, without what a file says of it: of HEVC, whether there is more among the pictures
    (`array_completeness`; ISO/IEC 14496-15, 8.3.3.1), which follows from the name of its coding.
    """
    if codec != "hevc" or len(told) < _ARRAYS_AT or told[0] != 1:
        return told
    head, place = bytearray(told), _ARRAYS_AT
    for _ in range(told[_ARRAYS_AT - 1]):
        if place + 3 > len(told):
            break
        head[place] &= 0x7F
        units, place = int.from_bytes(told[place + 1 : place + 3], "big"), place + 3
        for _ in range(units):
            place += 2 + int.from_bytes(told[place : place + 2], "big")
    return bytes(head)


def frame_number(container: InputContainer, stream: VideoStream, times: FrameTimes, number: int) -> VideoFrame:
    """One frame of an open file. Raises NotAVideo where it cannot be decoded."""
    container.seek(times.ticks[number], stream=stream, backward=True)
    found = None
    for frame in container.decode(stream):
        at = times.frame_of(frame.pts or 0)
        if at > number:
            break
        found = frame
        if at == number:
            break
    if found is None:
        raise NotAVideo("no picture where one was looked for")
    return found
