"""Reads what a video file is, and proves that it is all there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kling_desktop.errors import Truncated
from kling_desktop.media.decoded.turning import turn_of
from kling_desktop.media.fragments import stated_seconds
from kling_desktop.media.source import cut_short, first_frame, last_frame, opened, picture_track

_SLACK_SECONDS = 0.25
"""How much earlier than declared the last picture may end, or two pictures: edit lists and rounding, no loss."""


@dataclass(frozen=True, slots=True)
class Reel:
    """What a video file holds."""

    width: int
    """In pixels as shown, so after turning a rotated picture."""
    height: int
    fps: Fraction
    """Average pictures a second; 0 when the file does not tell."""
    frames: int | None
    """As declared; counted by `verify`. None when not known."""
    seconds: float
    """Length of the video track; 0.0 when the file does not tell."""
    codec: str
    has_audio: bool
    channels: int = 0
    """Of its sound; 0 without."""
    bits: int = 8
    """Of each value of a picture."""
    interlaced: bool = False
    """Whether it says that its pictures are two fields each."""
    timecode: str = ""
    """Of its first picture, as a camera or an editor wrote it; empty when none did."""


def probe(file: Path) -> Reel:
    """What the file holds; decodes its first picture. Raises NotAVideo, Truncated, FileTrouble. Blocks for ~10 ms."""
    with opened(file) as container:
        stream = picture_track(container)
        return _reel(container, stream, first_frame(container, stream))


def verify(file: Path) -> Reel:
    """Like `probe`, after reading the whole file: every packet, and the pictures after the last key frame decoded.

    Raises Truncated when something is missing, though the file may still play for a while; NotAVideo, FileTrouble.
    Blocks for as long as reading the file takes, plus up to a second for the pictures.
    """
    if cut_short(file):
        raise Truncated("its end is missing")
    reel = probe(file)
    with opened(file) as container:
        stream = picture_track(container)
        # Where each processor decodes a picture of its own, FFmpeg keeps what is wrong with the last ones to itself: as
        # many as there are processors.
        stream.thread_type = "SLICE"
        count, end, whole = _read_through(container, stream)
        if stream.duration is None:  # only the whole file says how long it is, later sound and a late start with it
            end = whole
        slack = max(_SLACK_SECONDS, 2 / (reel.fps or 24))
        for there, stated in ((end, reel.seconds), (whole, stated_seconds(file))):
            if there < stated - slack:
                raise Truncated(f"{there:.2f} of {stated:.2f} seconds are there")
        _decode_end(container, stream)
    return replace(reel, frames=count)


def _reel(container: InputContainer, stream: VideoStream, frame: VideoFrame) -> Reel:
    turned, sound = turn_of(frame).is_lying, container.streams.best("audio")
    return Reel(
        width=frame.height if turned else frame.width,
        height=frame.width if turned else frame.height,
        fps=stream.average_rate or stream.guessed_rate or Fraction(0),
        frames=stream.frames or None,
        seconds=_seconds(container, stream),
        codec=stream.codec_context.name,
        has_audio=bool(container.streams.audio),
        channels=sound.channels if isinstance(sound, AudioStream) and sound.codec_context is not None else 0,
        bits=max(component.bits for component in frame.format.components),
        interlaced=frame.interlaced_frame,
        timecode=_timecode(container, stream),
    )


def _timecode(container: InputContainer, stream: VideoStream) -> str:
    """MP4 and MOV say it of the track, others, such as MXF and Matroska, of the file."""
    return stream.metadata.get("timecode") or container.metadata.get("timecode", "")


def _seconds(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _read_through(container: InputContainer, stream: VideoStream) -> tuple[int, float, float]:
    """Read every packet; how many pictures there are, when the last one ends, in seconds from the first, and when the
    last packet of any kind does, in seconds of the file's clock.
    """
    count, end, begin, whole = 0, 0, stream.start_time or 0, Fraction(0)
    for packet in container.demux():
        if packet.is_corrupt:
            raise Truncated("a packet is incomplete")
        if not packet.size or packet.time_base is None:
            continue
        until = (packet.pts or 0) + (packet.duration or 0)
        whole = max(whole, until * packet.time_base)
        if packet.stream is stream:
            count += 1
            end = max(end, until - begin)
    return count, float(end * stream.time_base) if stream.time_base else 0.0, float(whole)


def _decode_end(container: InputContainer, stream: VideoStream) -> None:
    try:
        broken = last_frame(container, stream).is_corrupt
    except av.error.InvalidDataError:
        broken = True
    if broken:
        raise Truncated("the last pictures cannot be decoded")
