"""Small films as a camera makes them, with a join whose fault is known; and the same in odd files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from tests.harness.media.continuations import Image, Scene

JOIN = 24
"""The first new picture of every film here."""

FRAMES = 44

Images = list[Image]
Fault = Callable[[Images, Images], tuple[Images, Images]]
"""Makes another end of the parent, and another new part."""

WAY = 0.83
"""How far the camera goes from one picture to the next, in pixels."""


def shot(places: Sequence[float], seed: int = 5, noise: float = 0.5) -> Images:
    """What a camera with a little noise sees at these places of its way; something walks through the picture."""
    scene, draw = Scene(seed, pixels_per_frame=WAY), np.random.default_rng(seed)
    pictures = [scene.view(place) for place in places]
    for place, picture in zip(places, pictures, strict=True):
        left = round(60 + 3.1 * place)
        picture[60:140, left : left + 40] *= np.float32(0.6)
    return [(picture + draw.normal(0, noise, picture.shape)).astype(np.float32) for picture in pictures]


def parted(pictures: Images) -> tuple[Images, Images]:
    return pictures[:JOIN], pictures[JOIN:]


def mixed(picture: Image, times: int) -> Image:
    """Softened so many times by [1 2 1] (a deviation of 0.7 pixels each)."""
    for _ in range(times):
        for axis in (0, 1):
            picture = ((np.roll(picture, 1, axis) + 2 * picture + np.roll(picture, -1, axis)) / 4).astype(np.float32)
    return picture


def grown(picture: Image, factor: float) -> Image:
    """Enlarged about its middle."""
    height, width = picture.shape[:2]
    rows = (np.arange(height) - height / 2) / factor + height / 2
    columns = (np.arange(width) - width / 2) / factor + width / 2
    return _sampled(_sampled(picture, np.clip(rows, 0, height - 1.01), 0), np.clip(columns, 0, width - 1.01), 1)


def _sampled(picture: Image, places: NDArray[np.float64], axis: int) -> Image:
    first = places.astype(int)
    part = np.expand_dims(places - first, (1, 2) if axis == 0 else (0, 2)).astype(np.float32)
    sampled: Image = picture.take(first, axis) * (1 - part) + picture.take(first + 1, axis) * part
    return sampled


def grainy(pictures: Images, levels: float = 5.0) -> Images:
    draw = np.random.default_rng(9)
    return [
        picture + mixed(draw.normal(0, 2.4 * levels, (*picture.shape[:2], 1)).astype(np.float32), 1)
        for picture in pictures
    ]


def ramped(pictures: Images, change: Callable[[Image, float], Image]) -> Images:
    """Each picture changed by its part of a change that takes the whole new part."""
    return [change(picture, min(1.0, (number + 1) / 18)) for number, picture in enumerate(pictures)]


def filmed(
    path: Path,
    pictures: Sequence[Image],
    *,
    fps: int = 24,
    pixels: str = "yuv420p",
    rotation: int = 0,
    spacing: Sequence[int] = (),
    full_range: bool = False,
    sound_seconds: float = 0.0,
    crf: int = 19,
) -> Path:
    """An H.264 file; `spacing` gives how many ticks of a thousandth of a frame each picture lasts."""
    with av.open(str(path), "w", format="mp4") as container:
        # One thread: with several the coder's choices, and so the numbers, differ a little from run to run.
        options = {"preset": "veryfast", "crf": str(crf), "g": "48", "threads": "1"}
        video = container.add_stream("libx264", rate=fps, options=options)
        video.height, video.width = pictures[0].shape[:2]
        video.pix_fmt = pixels
        base = video.codec_context.time_base = Fraction(1, 1000 * fps)
        context = video.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 2 if full_range else 1
        if rotation:
            video.set_display_rotation(rotation)
        sound = container.add_stream("aac", rate=48_000) if sound_seconds else None
        due = 0
        for number, picture in enumerate(pictures):
            frame = _frame(picture, pixels, full_range)
            frame.pts, frame.time_base = due, base
            due += spacing[number] if spacing else 1000
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if sound is not None:
            _hum(container, sound, sound_seconds)
    return path


def _frame(picture: Image, pixels: str, full_range: bool) -> av.VideoFrame:
    levels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(levels), format="rgb24").reformat(
        format=pixels,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.JPEG if full_range else ColorRange.MPEG,
    )


def _hum(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    wave = np.sin(np.arange(round(seconds * 48_000)) / 60).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(0.4 * np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = 48_000, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode())
