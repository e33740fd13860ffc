"""Makes small real films whose every picture says its own number, so that a test can tell which one it sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Disposition
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PySide6.QtGui import QImage  # half of those who make films have no screen

BITS = 10
"""Each picture shows its number as this many upright bars, highest bit first, white for 1."""

Picture = NDArray[np.uint8]


def picture(number: int, width: int = 160, height: int = 90) -> Picture:
    """The picture of that number, RGB. Its top tenth is red, so that turning it shows."""
    bars = [255 if number >> bit & 1 else 0 for bit in reversed(range(BITS))]
    row = np.repeat(np.array(bars, np.uint8), -(-width // BITS))[:width]
    image = np.repeat(np.tile(row, (height, 1))[:, :, None], 3, axis=2)
    image[: height // 10] = (255, 0, 0)
    return image


def number_of(image: Picture) -> int:
    """Which number a picture shows, be it scaled or compressed."""
    height, width = image.shape[:2]
    middles = [int(width * (bar + 0.5) / BITS) for bar in range(BITS)]
    levels = [image[height // 3 : height * 2 // 3, x - 1 : x + 2].mean() for x in middles]
    return sum((level > 127) << bit for level, bit in zip(levels, reversed(range(BITS)), strict=True))


def number_on(image: QImage) -> int:
    """As `number_of`, of what the screen shows."""
    step, row = image.width() / BITS, image.height() // 2
    lit = [image.pixelColor(int((bar + 0.5) * step), row).lightness() > 128 for bar in range(BITS)]
    return sum(1 << bit for bit, on in zip(reversed(range(BITS)), lit, strict=True) if on)


def film(
    path: Path,
    frames: Iterable[int] = range(24),
    *,
    size: tuple[int, int] = (160, 90),
    fps: int | Fraction = 24,
    gop: int = 24,
    reordered: int = 2,
    pixels: str = "yuv420p",
    faststart: bool = True,
    sound: bool = False,
    rotation: int = 0,
    spacing: Iterable[int] | None = None,
    matrix: Colorspace = Colorspace.ITU601,
) -> Path:
    """Write an H.264 file of the pictures with those numbers, in which up to so many in a row are `reordered`.

    `spacing` gives how many ticks of 1/fps each picture lasts (variable frame rate); `rotation` is degrees,
    counter-clockwise, that a player has to turn the picture; the file does not tell its colour `matrix`.
    """
    options = {"movflags": "+faststart"} if faststart else {}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        coded = {"preset": "ultrafast", "bf": str(reordered), "g": str(gop)}
        video = container.add_stream("libx264", rate=fps, options=coded)
        video.width, video.height, video.pix_fmt = (*size, pixels)
        video.codec_context.time_base = 1 / Fraction(fps)
        if rotation:
            video.set_display_rotation(rotation)
        tone = container.add_stream("aac", rate=44100) if sound else None
        tick, lasts = 0, iter(spacing) if spacing else None
        for number in frames:
            image = av.VideoFrame.from_ndarray(picture(number, *size), format="rgb24")
            frame = image.reformat(format=pixels, dst_colorspace=matrix)
            frame.pts = tick
            tick += next(lasts) if lasts else 1
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if tone:
            _hum(container, tone, seconds=float(tick / fps))
    return path


def make_film(path: Path, *, fps: int | Fraction = 24, frames: int = 48, sound: bool = False, height: int = 90) -> Path:
    """The plainest film, of the first so many numbers: coded in the order shown, a key frame each second."""
    size, gop = (160, height), round(fps)
    return film(path, range(frames), size=size, fps=fps, gop=gop, reordered=0, faststart=False, sound=sound)


def make_uneven(
    path: Path, dues: Sequence[float], *, sound: bool = False, sound_seconds: float = 0, codec: str = "libx264"
) -> Path:
    """As `make_film`, each picture due at its own second; sound, if wanted, begins at 0 and may go on longer."""
    base = Fraction(1, 24_000)
    options = {"preset": "ultrafast", "g": "24", "bf": "0"} if codec == "libx264" else {"preset": "12"}
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=24, options=options)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        video.codec_context.time_base = video.time_base = base
        tone = container.add_stream("aac", rate=44100) if sound or sound_seconds else None
        for number, due in enumerate(dues):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(due * 24_000), base
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if tone:
            _hum(container, tone, seconds=sound_seconds or dues[-1] + 1 / 24)
    return path


def with_index_first(source: Path, target: Path) -> Path:
    """Copy a film so that it can be read from its beginning, however early it is cut off."""
    with av.open(str(source)) as read, av.open(str(target), "w", options={"movflags": "+faststart"}) as write:
        stream = write.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                write.mux(packet)
    return target


def lose_last_picture(file: Path) -> None:
    """Leave nothing but zeros of the picture that was coded last; the file keeps its length and its index."""
    with av.open(str(file)) as container:
        place, size = max((packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size)
    data = bytearray(file.read_bytes())
    data[place : place + size] = bytes(size)
    file.write_bytes(data)


def voice_memo(path: Path) -> Path:
    """Write a file that has sound and no picture."""
    with av.open(str(path), "w", format="mp4") as container:
        _hum(container, container.add_stream("aac", rate=44100), seconds=1.0)
    return path


def song(path: Path) -> Path:
    """Write sound with a cover, as music is sold: one picture that is no film."""
    with av.open(str(path), "w", format="mp4") as container:
        sound, cover = container.add_stream("aac", rate=44100), container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 160, 90, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(picture(0), format="rgb24")))
        container.mux(cover.encode())
        _hum(container, sound, seconds=2.0)
    return path


def _hum(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    times = np.arange(int(seconds * 44100), dtype=np.float32) / 44100
    wave = (0.1 * np.sin(times * 440 * 2 * np.pi)).astype(np.float32)[None, :]
    frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
    frame.sample_rate, frame.pts = 44100, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode())
