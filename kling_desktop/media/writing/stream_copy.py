"""Copies a stretch of a clip without coding it again, and says where the cuts really fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kling_desktop.errors import NotAVideo
from kling_desktop.media.frame_times import FrameTimes, frame_times
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.source import opened, picture_track
from kling_desktop.media.write_trouble import writing
from kling_desktop.media.writing.film_file import FLAGS, FrameProgress
from kling_desktop.media.writing.thumbs import Ends, thumb


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
    exact: bool
    """Whether both cuts fall where they were wanted."""

    @property
    def frames(self) -> int:
        return self.end - self.first


def copy_range(file: Path, start: Fraction, end: Fraction | None) -> CopyRange:
    """Where the cuts fall: at the key frame at or before `start`; at the first place at or after `end` that no kept
    frame looks beyond. Reads the file from there on, undecoded. Raises what `source.opened` does, NotAVideo.
    """
    times = frame_times(file)
    wanted_first = times.frame_near(start)
    wanted_end = times.count if end is None or end >= times.end else times.frame_near(end)
    if not wanted_first < wanted_end:
        raise NotAVideo("nothing of it is shown")
    with opened(file) as container:
        stream = picture_track(container)
        _seek(container, stream, times.ticks[wanted_first])
        packets = [
            (packet.pts, packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.size and packet.pts is not None and not packet.is_discard
        ]
    begins = times.ticks[wanted_first]
    keys = [number for number, (pts, is_key) in enumerate(packets) if is_key and pts <= begins]
    key = max(keys, key=lambda number: packets[number][0], default=0)
    kept = [pts for pts, _ in packets[key:] if pts >= packets[key][0]]
    last_tick = times.ticks[wanted_end - 1]
    first = times.frame_of(packets[key][0])
    until = times.frame_of(_closed_end(kept, last_tick)) + 1
    exact = (first, until) == (wanted_first, wanted_end)
    return CopyRange(first, until, times.time_of(first), times.time_of(until), exact)


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
    stretch: CopyRange,
    tags: Mapping[str, str],
    *,
    progress: FrameProgress = lambda *_: None,
    stopped: Stopped = lambda: False,
) -> Ends:
    """Write the stretch to an MP4: picture and sound as they are coded, rotation, pixel aspect and colours kept.

    Returns the ends of the source's stretch. Raises Abandoned, what `film_file.write_film` does.
    """
    times = frame_times(file)
    first, last = times.ticks[stretch.first], times.ticks[stretch.end - 1]
    whole = (stretch.first, stretch.end) == (0, times.count)
    ends = _ends(file, stretch)
    with (
        opened(file) as source,
        av.open(f"file:{target}", "w", format="mp4", options={"movflags": FLAGS}) as container,
    ):
        container.metadata.update(tags)
        picture = picture_track(source)
        sound = source.streams.best("audio")
        tracks: dict[int, Stream] = {picture.index: container.add_stream_from_template(picture)}
        if sound is not None:
            tracks[sound.index] = container.add_stream_from_template(sound)
        begin, until = first * times.time_base, times.begin + stretch.until
        done = 0
        if not whole:
            _seek(source, picture, first)
        for packet in _packets(source, list(tracks)):
            if stopped():
                raise Abandoned
            stamp = packet.pts
            if stamp is None or not packet.size:
                continue
            is_picture = packet.stream.index == picture.index
            if is_picture and not first <= stamp <= last:
                continue
            base = packet.time_base
            if not is_picture and not whole and not begin <= stamp * base < until:
                continue
            if not whole:
                offset = round(begin / base)
                packet.pts = stamp - offset
                packet.dts = None if packet.dts is None else packet.dts - offset
            packet.stream = tracks[packet.stream.index]
            with writing(target):  # else `opened` would take it for a fault of the source
                container.mux(packet)
            done += is_picture
            if is_picture:
                progress(done, stretch.frames)
    return ends


def _packets(source: InputContainer, indexes: list[int]) -> Iterator[Packet[Any]]:
    yield from source.demux(*(source.streams[index] for index in indexes))


def _ends(file: Path, stretch: CopyRange) -> Ends:
    """The first and the last frame of the stretch, as the source decodes."""
    times = frame_times(file)
    with opened(file) as container:
        stream = picture_track(container)
        first, last = (
            thumb(frame_number(container, stream, times, number)) for number in (stretch.first, stretch.end - 1)
        )
    return Ends(first, last)


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
