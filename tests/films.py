"""Small real films whose every frame says its own number, so that tests can tell which frame is on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PySide6.QtGui import QImage

BITS = 8
_WIDTH, _HEIGHT = 160, 90
_DARK, _LIGHT = 40, 220


def make_film(
    path: Path, *, fps: int | Fraction = 24, frames: int = 48, sound: bool = False, height: int = _HEIGHT
) -> Path:
    """Write an H.264 film in whose upper half eight bars, dark or light, spell the frame's number in binary."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "g": str(round(fps))})
        video.width, video.height, video.pix_fmt = _WIDTH, height, "yuv420p"
        audio = container.add_stream("aac", rate=44100) if sound else None
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(_picture(number, height), format="yuv420p")
            picture.pts, picture.time_base = number, 1 / Fraction(fps)
            container.mux(video.encode(picture))
        container.mux(video.encode())
        if audio is not None:
            container.mux([packet for part in _silence(float(frames / fps)) for packet in audio.encode(part)])
            container.mux(audio.encode())
    return path


def make_sound(path: Path, seconds: float) -> Path:
    """Write a file that holds sound and no picture."""
    with av.open(str(path), "w") as container:
        audio = container.add_stream("aac", rate=44100)
        container.mux([packet for part in _silence(seconds) for packet in audio.encode(part)])
        container.mux(audio.encode())
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


def _silence(seconds: float) -> Iterator[av.AudioFrame]:
    for start in range(0, round(44100 * seconds), 1024):
        part = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        part.sample_rate, part.pts = 44100, start
        yield part


def _picture(number: int, height: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    planes = np.full((height * 3 // 2, _WIDTH), 128, np.uint8)
    planes[:height] = _DARK
    bar = _WIDTH // BITS
    for bit in range(BITS):
        if number >> bit & 1:
            planes[: height // 2, bit * bar : (bit + 1) * bar] = _LIGHT
    return planes


def number_of(image: QImage) -> int:
    """The frame number that a picture of such a film shows."""
    step, row = image.width() / BITS, image.height() // 4
    lit = [image.pixelColor(int((bit + 0.5) * step), row).lightness() > 128 for bit in range(BITS)]
    return sum(1 << bit for bit, on in enumerate(lit) if on)


def make_uneven(
    path: Path, dues: Sequence[float], *, sound: bool = False, sound_seconds: float = 0, codec: str = "libx264"
) -> Path:
    """As `make_film`, each picture due at its own second; sound, if wanted, begins at 0 and may go on longer."""
    base = Fraction(1, 24_000)
    options = {"preset": "ultrafast", "g": "24", "bf": "0"} if codec == "libx264" else {"preset": "12"}
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=24, options=options)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        video.codec_context.time_base = video.time_base = base
        audio = container.add_stream("aac", rate=44100) if sound or sound_seconds else None
        for number, due in enumerate(dues):
            picture = av.VideoFrame.from_ndarray(_picture(number, _HEIGHT), format="yuv420p")
            picture.pts, picture.time_base = round(due * 24_000), base
            container.mux(video.encode(picture))
        container.mux(video.encode())
        if audio is not None:
            container.mux(
                [packet for part in _silence(sound_seconds or dues[-1] + 1 / 24) for packet in audio.encode(part)]
            )
            container.mux(audio.encode())
    return path
