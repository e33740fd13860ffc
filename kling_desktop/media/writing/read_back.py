"""Reads what was written, as a stranger would: counts its frames, decodes its ends, looks at its tags."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.codec import CodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from kling_desktop.errors import NotAVideo
from kling_desktop.media.decoded.turning import AS_IT_LIES, Turn, turn_of
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.source import opened, picture_track
from kling_desktop.media.writing.stream_copy import frame_number
from kling_desktop.media.writing.thumbs import Thumb, thumb


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a file turned out to hold."""

    frames: int
    seconds: Fraction
    """How long the pictures last."""
    width: int
    height: int
    first: Thumb
    last: Thumb | None
    """None where no decoder of ours plays beyond the first picture (animated WebP, AVIF)."""
    tags: dict[str, str] = field(default_factory=dict)
    colours: tuple[int, int, int] = (2, 2, 2)
    """Primaries, transfer and matrix (ITU-T H.273); 2 is unspecified."""
    sound_seconds: Fraction | None = None
    """None without sound."""
    pixel_aspect: Fraction = Fraction(1)
    """Width of a pixel over its height."""
    turn: Turn = AS_IT_LIES
    """What a player is to do with its pictures."""


def tags_of(file: Path) -> dict[str, str]:
    """The tags of a clip or an export. Raises what `source.opened` does."""
    with opened(file) as container:
        return dict(container.metadata)


def read_film(file: Path) -> ReadBack:
    """Of an MP4 or QuickTime file. Raises NotAVideo, Truncated, FileTrouble."""
    times = frame_times(file)
    with opened(file) as container:
        stream = picture_track(container)
        context = stream.codec_context
        first = frame_number(container, stream, times, 0)
        last = frame_number(container, stream, times, times.count - 1)
        sound = container.streams.best("audio")
        length = Fraction(sound.duration or 0) * (sound.time_base or 0) if sound is not None else None
        return ReadBack(
            times.count,
            times.end,
            context.width,
            context.height,
            thumb(first),
            thumb(last),
            dict(container.metadata),
            (context.color_primaries, context.color_trc, context.colorspace),
            length,
            stream.sample_aspect_ratio or Fraction(1),
            turn_of(first),
        )


def read_gif(file: Path) -> ReadBack:
    """Raises NotAVideo."""
    with _any(file, "gif") as container:
        stream = picture_track(container)
        frames, end = 0, Fraction(0)
        first: VideoFrame | None = None
        last: VideoFrame | None = None
        for frame in container.decode(stream):
            first = first or frame
            last, frames = frame, frames + 1
            end = Fraction((frame.pts or 0) + (frame.duration or 0)) * (frame.time_base or 0)
        if first is None or last is None:
            raise NotAVideo("no picture in it")
        return ReadBack(frames, end, first.width, first.height, thumb(first), thumb(last))


def read_webp(file: Path) -> ReadBack:
    """By the file's own chunks (RFC 9649, 2.7); the first picture is decoded. Raises NotAVideo."""
    data = file.read_bytes()
    frames = [body for kind, body in webp_chunks(data) if kind == b"ANMF"]
    if not frames:  # one picture makes a still, which has no length
        picture = _decoded("webp", data)
        return ReadBack(1, Fraction(0), picture.width, picture.height, thumb(picture), None)
    seconds = Fraction(sum(int.from_bytes(body[12:15], "little") for body in frames), 1000)
    still = b"WEBP" + frames[0][16:]
    picture = _decoded("webp", b"RIFF" + struct.pack("<I", len(still)) + still)
    return ReadBack(len(frames), seconds, picture.width, picture.height, thumb(picture), None)


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk of a RIFF file of WebP's. Raises NotAVideo when it is none."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise NotAVideo("no WebP")
    place = 12
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        yield kind, data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def read_avif(file: Path) -> ReadBack:
    """By the sample tables of its track (ISO/IEC 14496-12); the first picture is decoded. Raises NotAVideo."""
    data = file.read_bytes()
    count, seconds = _samples(data) if b"moov" in data else (1, Fraction(0))  # one picture makes a still
    with _any(file, "mov") as container:
        first = next(container.decode(picture_track(container)), None)
    if first is None or not count:
        raise NotAVideo("no picture in it")
    return ReadBack(count, seconds, first.width, first.height, thumb(first), None)


def _samples(data: bytes) -> tuple[int, Fraction]:
    """Number of samples and length in seconds, of the first track's stsz, stts and mdhd."""
    count, ticks, scale = 0, 0, 1
    where = data.find(b"moov")
    sizes, times, head = (data.find(kind, max(where, 0)) for kind in (b"stsz", b"stts", b"mdhd"))
    if min(where, sizes, times, head) < 0:
        raise NotAVideo("no track in it")
    count = struct.unpack_from(">I", data, sizes + 12)[0]
    scale = struct.unpack_from(">I", data, head + (24 if data[head + 4] else 16))[0]
    entries = struct.unpack_from(">I", data, times + 8)[0]
    for number in range(entries):
        samples, delta = struct.unpack_from(">II", data, times + 12 + 8 * number)
        ticks += samples * delta
    return count, Fraction(ticks, scale or 1)


def read_png(file: Path) -> VideoFrame:
    """The picture of a PNG file. Raises NotAVideo."""
    return _decoded("png", file.read_bytes())


def _decoded(codec: str, data: bytes) -> VideoFrame:
    decoder = CodecContext.create(codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise TypeError(codec)
    try:
        frames = [*decoder.decode(Packet(data)), *decoder.decode(None)]
    except FFmpegError as error:
        raise NotAVideo(f"no {codec}") from error
    if not frames:
        raise NotAVideo(f"no {codec}")
    return frames[0]


@contextmanager
def _any(file: Path, container: str) -> Iterator[InputContainer]:
    try:
        with av.open(f"file:{file}", format=container, options={"protocol_whitelist": "file"}) as opened_file:
            yield opened_file
    except FFmpegError as error:
        raise NotAVideo(f"no {container}") from error
