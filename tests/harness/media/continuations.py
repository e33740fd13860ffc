"""Makes films and their continuations as Kling would: the seed frame rendered again, with planted colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

Image = NDArray[np.float32]
"""(rows, columns, 3) RGB of 0..255."""

_EXACT = (
    Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
)


@dataclass(frozen=True)
class Scene:
    """A picture larger than the film, through which the camera pans."""

    seed: int
    width: int = 320
    height: int = 180
    pixels_per_frame: float = 1.5

    def view(self, position: float) -> Image:
        """What the camera sees after panning so many frames, at sub-pixel places."""
        world, shift = self._world(), position * self.pixels_per_frame
        left, part = int(shift) % (world.shape[1] - self.width - 2), shift - int(shift)
        here = world[: self.height, left : left + self.width]
        after = world[: self.height, left + 1 : left + self.width + 1]
        seen: Image = here * (1 - part) + after * part
        return seen.astype(np.float32)

    def _world(self) -> Image:
        if self not in _WORLDS:
            if len(_WORLDS) > 4:
                _WORLDS.clear()
            _WORLDS[self] = _painted(self)
        return _WORLDS[self]


_WORLDS: dict[Scene, Image] = {}


def _painted(scene: Scene) -> Image:
    """Waves, patches of colour and fine grain, spread over dark and light as pictures are."""
    draw = np.random.default_rng(scene.seed)
    rows, columns = np.mgrid[: scene.height, : scene.width + 1200].astype(np.float32)
    picture = np.empty((*rows.shape, 3), np.float32)
    for channel in range(3):
        along, down, phase = draw.uniform(20, 70), draw.uniform(15, 60), draw.uniform(0, 6)
        waves = np.sin(columns / along + phase) + np.sin(rows / down - phase) + np.sin((rows + columns) / 31)
        picture[..., channel] = 118 + 22 * waves
    for _ in range(160):
        y, x = draw.integers(0, scene.height), draw.integers(0, rows.shape[1])
        height, width = draw.integers(8, 50), draw.integers(8, 70)
        patch = picture[y : y + height, x : x + width]
        patch *= 0.35
        patch += (0.65 * draw.uniform(15, 240, 3)).astype(np.float32)
    grain: Image = np.clip(picture + draw.normal(0, 3, picture.shape), 0, 255).astype(np.float32)
    return grain


def recoloured(image: Image, gamma: float, saturation: float, contrast: float, warmth: float) -> Image:
    """As a model renders colours again: not of the family of maps that are fitted."""
    level = np.clip(image / 255, 0, 1) ** gamma
    grey = level @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    level = grey[..., None] + saturation * (level - grey[..., None])
    level = 0.5 + contrast * (level - 0.5) + warmth * np.array([0.04, 0.0, -0.04], np.float32)
    shown: Image = (np.clip(level, 0, 1) * 255).astype(np.float32)
    return shown


def softened(image: Image, noise: np.random.Generator) -> Image:
    """A touch softer and with other grain, as each hop is."""
    soft = image
    for axis in (0, 1):
        soft = ((np.roll(soft, 1, axis) + 4 * soft + np.roll(soft, -1, axis)) / 6).astype(np.float32)
    grainy: Image = (soft + noise.normal(0, 1.5, soft.shape)).astype(np.float32)
    return grainy


def write_clip(
    path: Path,
    images: Iterable[Image],
    *,
    fps: Fraction = Fraction(24),
    crf: int = 16,
    tagged: bool = True,
    tone_hz: float = 0.0,
    matrix: Colorspace = Colorspace.ITU709,
    times: Sequence[Fraction] = (),
    rotation: int = 0,
) -> Path:
    """Write an H.264 clip; with a tone when `tone_hz` is set; at `times` (seconds) instead of evenly when given.

    `rotation` is how many degrees counter-clockwise a player is to turn it.
    """
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": str(crf), "g": "24"})
        video.codec_context.time_base = 1 / fps if not times else Fraction(1, 90_000)
        if tagged:
            context = video.codec_context
            context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        if rotation:
            video.set_display_rotation(rotation)
        audio = container.add_stream("aac", rate=48_000) if tone_hz else None
        seconds = Fraction(0)
        for number, image in enumerate(images):
            frame = yuv_of(image, matrix)
            if not number:
                video.width, video.height, video.pix_fmt = frame.width, frame.height, "yuv420p"
            seconds = times[number] if times else number / fps
            frame.pts, frame.time_base = round(seconds / video.codec_context.time_base), video.codec_context.time_base
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None:
            _hum(container, audio, float(seconds + 1 / fps), tone_hz)
    return path


def yuv_of(image: Image, matrix: Colorspace = Colorspace.ITU709) -> av.VideoFrame:
    """RGB as a video picture, without a shift."""
    return av.VideoFrame.from_ndarray(np.clip(np.rint(image), 0, 255).astype(np.uint8), format="rgb24").reformat(
        format="yuv420p",
        dst_colorspace=matrix,
        interpolation=_EXACT,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def rgb_pictures(file: Path) -> list[Image]:
    """All pictures of a BT.709 file as RGB, without a shift."""
    with av.open(str(file)) as container:
        return [_rgb(frame) for frame in container.decode(video=0)]


def _rgb(frame: av.VideoFrame) -> Image:
    return (
        frame.reformat(
            format="rgb24", src_colorspace=Colorspace.ITU709, interpolation=_EXACT, src_color_range=ColorRange.MPEG
        )
        .to_ndarray()
        .astype(np.float32)
    )


def _hum(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float, hertz: float) -> None:
    times = np.arange(round(seconds * 48_000)) / 48_000
    wave = (0.5 * np.sin(times * hertz * 2 * np.pi)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = 48_000, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode())


Recolour = Callable[[Image], Image]


def positions(count: int, doubled: int = 0, stall: int = 0, speed: float = 0.4) -> list[float]:
    """Where the camera of a new clip stands, in frames after its seed: first the seed again, `doubled` times more,
    then `stall` frames at a part of the parent's speed, then as fast as the parent.
    """
    places = [0.0] * (1 + doubled)
    for step in range(count - len(places)):
        places.append(places[-1] + (speed if step < stall else 1.0))
    return places
