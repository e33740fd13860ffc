"""Makes the frames of a clip that begins with a picture: the picture rendered again, and motion from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from kling_desktop.sandbox.films.actors import Actor, actors_of
from kling_desktop.sandbox.films.frames import stamp_watermark
from kling_desktop.sandbox.films.lights import Canvas, lit
from kling_desktop.sandbox.films.planes import frame_of
from kling_desktop.sandbox.films.timeline import Shot
from kling_desktop.sandbox.ids import seed_of
from kling_desktop.sandbox.records import Film, Opening

_NEARER = 0.45
"""How far the camera comes in the end: everything is larger by this share."""
_HASTE = 0.2
"""Of that, the share that it comes in the first second; motion is there at once, not eased in."""
_ARRIVAL_SECONDS = 1.0
"""How long the end picture takes to appear."""

_CRISP = -0.75
"""Slope of the kernel that moves pictures at one line off: -0.5 follows them best, less keeps edges crisp."""

_REGAINED = 0.06
"""Share of its neighbours that is taken off each pixel before the picture moves: moving and coding soften it."""

Line = NDArray[np.float32]


class OpeningFrames:
    """The frames of one film. The camera goes slowly in, and what the prompt speaks of appears."""

    def __init__(self, film: Film, opening: Opening, pictures: Path) -> None:
        self._film = film
        self._first = _rendered(pictures / opening.picture, film, opening)
        self._ahead = _softer(self._first, -_REGAINED)
        self._last = _rendered(pictures / opening.tail, film, opening) if opening.tail else None
        seed = film.segments[0].seed
        self._aim = seed_of("aim", seed) % 1000 / 999, seed_of("height", seed) % 1000 / 999
        self._actors = _actors(film)

    def of(self, plan: Iterable[Shot]) -> Iterator[VideoFrame]:
        """One frame per shot; the same shot again is the same frame again (a stall)."""
        previous: tuple[Shot, VideoFrame] | None = None
        for number, shot in enumerate(plan):
            if previous is None or previous[0] is not shot:
                previous = shot, self._picture(shot, number)
            yield previous[1]

    def _picture(self, shot: Shot, number: int) -> VideoFrame:
        canvas = self._moved(shot.at)
        for actor in self._actors:
            if (presence := actor.presence(shot.at)) > 0:
                actor.draw(canvas, shot.at / self._film.fps, presence)
        if self._last is not None and (share := self._arrival(number)) > 0:
            canvas += np.float32(share) * (self._last - canvas)
        frame = frame_of(np.clip(canvas, 0, 255), wide=self._film.wide_colours)
        if self._film.marked:
            stamp_watermark(frame)
        return frame

    def _moved(self, at: float) -> Canvas:
        """The first picture as the camera sees it at a scene frame; untouched at 0."""
        if at == 0:
            return self._first.copy()
        size = 1 + _NEARER * (1 - np.exp(-_HASTE * at / self._film.fps))
        rows = _Sampling.of(self._ahead.shape[1], size, self._aim[1])
        columns = _Sampling.of(self._ahead.shape[2], size, self._aim[0])
        tall = sum(self._ahead[:, line] * share[:, None] for line, share in rows.taps)
        moved = sum(np.take(tall, line, axis=2) * share for line, share in columns.taps)
        return np.asarray(moved, np.float32)

    def _arrival(self, number: int) -> float:
        """How far the end picture has appeared, 0..1; it is all there in the last frame."""
        span = min(_ARRIVAL_SECONDS * self._film.fps, self._film.frames / 2)
        part = min(1.0, max(0.0, 1 - (self._film.frames - 1 - number) / span))
        return part * part * (3 - 2 * part)


@dataclass(frozen=True, slots=True)
class _Sampling:
    """Which four lines each new line is mixed from, and how much of each.

    Two would do, but they blur whatever moves: every clip made from a picture would look softer than that picture.
    """

    taps: tuple[tuple[NDArray[np.intp], Line], ...]

    @staticmethod
    def of(length: int, size: float, aim: float) -> _Sampling:
        """Lines of a picture enlarged by `size`, of which the part at `aim` (0..1) is seen."""
        seen = (length - 1) / size
        place = (length - 1 - seen) * aim + np.arange(length, dtype=np.float32) / np.float32(size)
        low = np.clip(place.astype(np.intp), 0, length - 2)
        far = np.clip(place - low, 0, 1).astype(np.float32)
        return _Sampling(
            tuple((np.clip(low + tap, 0, length - 1), _cubic(np.abs(far - np.float32(tap)))) for tap in (-1, 0, 1, 2))
        )


def _cubic(distance: Line) -> Line:
    """Keys' kernel of cubic convolution at distances of 0..2 lines."""
    a = np.float32(_CRISP)
    near = ((a + 2) * distance - (a + 3)) * distance * distance + 1
    far = ((distance - 5) * distance + 8) * distance * a - 4 * a
    return np.where(distance <= 1, near, far).astype(np.float32, copy=False)


def _rendered(path: Path, film: Film, opening: Opening) -> Canvas:
    """The picture at the film's size, a little softer and in the light that the model gives it."""
    return lit(_softer(_read(path, film.width, film.height), opening.softness), opening.light)


def _read(path: Path, width: int, height: int) -> Canvas:
    exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        pixels = frame.to_ndarray(format="rgb24", width=width, height=height, interpolation=exact)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)).astype(np.float32)


def _softer(canvas: Canvas, share: float) -> Canvas:
    """Each pixel takes on a share of its four neighbours."""
    for axis in (1, 2):
        edge = [(0, 0), (0, 0), (0, 0)]
        edge[axis] = (1, 1)
        wide = np.pad(canvas, edge, mode="edge")
        before, after = (wide[:, :-2], wide[:, 2:]) if axis == 1 else (wide[:, :, :-2], wide[:, :, 2:])
        canvas = (1 - 2 * np.float32(share)) * canvas + np.float32(share) * (before + after)
    return canvas


def _actors(film: Film) -> list[Actor]:
    """What the prompt brings in; it is not in the given picture, so it appears after it."""
    actors = actors_of(film, film.width, film.height, round(0.66 * film.height))
    for actor in actors:
        actor.start = 0.0
    return actors
