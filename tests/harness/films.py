"""Makes small real films whose every picture says its own number, so that a test can tell which one it sees."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

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


def film(
    path: Path,
    frames: Iterable[int] = range(24),
    *,
    size: tuple[int, int] = (160, 90),
    fps: int = 24,
    gop: int = 24,
    pixels: str = "yuv420p",
    faststart: bool = True,
    sound: bool = False,
    rotation: int = 0,
    spacing: Iterable[int] | None = None,
    matrix: Colorspace = Colorspace.ITU601,
) -> Path:
    """Write an H.264 file of the pictures with those numbers.

    `spacing` gives how many ticks of 1/fps each picture lasts (variable frame rate); `rotation` is degrees,
    counter-clockwise, that a player has to turn the picture; the file does not tell its colour `matrix`.
    """
    options = {"movflags": "+faststart"} if faststart else {}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "bf": "2", "g": str(gop)})
        video.width, video.height, video.pix_fmt = (*size, pixels)
        video.codec_context.time_base = Fraction(1, fps)
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
            _hum(container, tone, seconds=tick / fps)
    return path


def voice_memo(path: Path) -> Path:
    """Write a file that has sound and no picture."""
    with av.open(str(path), "w", format="mp4") as container:
        _hum(container, container.add_stream("aac", rate=44100), seconds=1.0)
    return path


def _hum(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    times = np.arange(int(seconds * 44100), dtype=np.float32) / 44100
    wave = (0.1 * np.sin(times * 440 * 2 * np.pi)).astype(np.float32)[None, :]
    frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
    frame.sample_rate, frame.pts = 44100, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode())
