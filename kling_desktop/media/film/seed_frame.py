"""Takes the picture that a film is continued from: from the original, by presentation time, with exact colours."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from kling_desktop.domain.models import PICTURE_RATIO, PICTURE_SIDE_PIXELS
from kling_desktop.domain.takes import ColourMap
from kling_desktop.errors import FrameTooLong, NotAVideo
from kling_desktop.media.decoded.fields import uncombed
from kling_desktop.media.decoded.luma import luma_of
from kling_desktop.media.decoded.turning import AS_IT_LIES, turn_of
from kling_desktop.media.film.colour_map import Painter
from kling_desktop.media.film.conform import EXACT, Conformer, FilmShape, Plane
from kling_desktop.media.film.pictures import jpeg_of_full_colour, png_of, rgb_of
from kling_desktop.media.frame_times import FrameTimes, frame_times
from kling_desktop.media.source import opened, picture_track
from kling_desktop.media.stills import even, jpeg_of, shown, write_whole

CANDIDATES: Final = 12
"""How many pictures at the end are offered."""

RAW_LIMIT_BYTES: Final = 7_500_000
"""A picture travels as Base64, a third longer: so the text stays under 10 MB too, whichever Kling counts."""

_REDUCED: Final = 0.75
"""Sides of a picture that is too large to be sent, again and again, until it is not."""

_STILL_SIDE: Final = 320
"""Longer side of the stills to choose from, in pixels."""

_EXPOSURE_WEIGHT, _RECENCY_WEIGHT = 0.6, 0.15
"""Against the logarithm of sharpness. The earlier picture costs what it cuts off."""

_CRUSHED, _BLOWN = 16 + 0.03 * 219, 16 + 0.97 * 219
"""Luma levels outside of which a pixel shows nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture near the end of a film that it may be continued from."""

    frame: int
    """Its number in the file, from 0."""
    seconds: Fraction
    """When it is due, in the file, from the first picture."""
    cut_frames: int
    """How many pictures are cut off behind it."""
    sharpness: float
    """0 to 1, against the sharpest of the candidates."""
    exposure: float
    """0 to 1: the part of the picture that is neither crushed to black nor blown to white."""
    best: bool = False
    still: Path | None = None
    """A small JPEG of it, upright; None when none was asked for."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A picture on the disk that a clip can be made from."""

    file: Path
    """PNG, or JPEG where that would be too large; the suffix says which."""
    frame: int
    seconds: Fraction
    """When it is due in the file that it was taken from, from the first picture."""
    end: Fraction
    """When it is over: where the parent's part ends when the film goes on from it."""


def take_seed(
    file: Path,
    target: Path,
    shape: FilmShape,
    *,
    colour: ColourMap | None = None,
    before: Fraction | None = None,
) -> Seed:
    """Write the last picture of `file` beside `target`, as .png or .jpg, whole or not at all.

    `before` takes the last picture that is due before that time, in seconds from the first: the part's end, when the
    film shows less than the whole file. `colour` is the map that the film shows the file with. The picture has the
    film's size, or is enlarged to the least that Kling takes. Raises NotAVideo, Truncated, FileTrouble, HdrVideo;
    FrameTooLong, before anything is written, when Kling would not take its shape.
    """
    longer, shorter = max(shape.width, shape.height), min(shape.width, shape.height)
    if longer > PICTURE_RATIO * shorter:
        raise FrameTooLong(f"{shape.width}x{shape.height} is longer than {PICTURE_RATIO}:1")
    times = frame_times(file)
    frame = last_before(times, before)
    picture = rgb_of(_picture(file, times, frame, shape, colour))
    path = write_seed(_large_enough(picture), target)
    return Seed(path, frame, times.time_of(frame), times.time_of(frame + 1))


def _large_enough(picture: VideoFrame) -> VideoFrame:
    factor = PICTURE_SIDE_PIXELS / min(picture.width, picture.height)
    if factor <= 1:
        return picture
    width, height = even(picture.width * factor), even(picture.height * factor)
    return picture.reformat(width, height, interpolation=EXACT)


def last_before(times: FrameTimes, end: Fraction | None) -> int:
    """The last picture that is due before a time; the first when none is, the very last when `end` is None."""
    if end is None or end >= times.end:
        return times.count - 1
    frame = times.frame_at(end)
    return max(0, frame - 1 if times.time_of(frame) >= end else frame)


def write_seed(rgb: VideoFrame, target: Path) -> Path:
    """A picture as PNG, or as JPEG when that is too large to be sent, reduced when even that is. Raises FileTrouble."""
    suffix, data = ".png", png_of(rgb)
    while len(data) > RAW_LIMIT_BYTES:
        if suffix == ".jpg":  # all grain: finer than what Kling makes of it
            rgb = rgb.reformat(even(rgb.width * _REDUCED), even(rgb.height * _REDUCED), interpolation=EXACT)
        suffix, data = ".jpg", jpeg_of_full_colour(rgb)
    path = target.with_suffix(suffix)
    write_whole(path, data)
    return path


def candidates(
    file: Path,
    before: Fraction | None = None,
    stills: Path | None = None,
    shape: FilmShape | None = None,
    colour: ColourMap | None = None,
) -> tuple[Candidate, ...]:
    """The last twelve pictures, last first, with their scores; of a part when `before` is where it ends.

    `stills` is a folder for a small JPEG of each, named by its frame: with the film's `shape` and `colour`, of the very
    picture that `take_seed` would take. Decodes from the key frame before them on. Raises NotAVideo, Truncated,
    FileTrouble; HdrVideo where a shape is given.
    """
    times = frame_times(file)
    last = last_before(times, before)
    looks = []
    with opened(file) as container:
        stream = picture_track(container)
        seen = _Seen(stream, shape, colour)
        for frame, picture in frames_between(container, stream, times, max(0, last - CANDIDATES + 1), last):
            still = seen.still(picture, stills / f"{frame:06}.jpg") if stills else None
            looks.append((frame, *_look(_luma(uncombed(picture))), still))
    sharpest = max((sharpness for _, sharpness, _, _ in looks), default=0.0) or 1.0
    found = [
        Candidate(frame, times.time_of(frame), last - frame, sharpness / sharpest, round(exposure, 4), still=still)
        for frame, sharpness, exposure, still in reversed(looks)
    ]
    return _marked(found)


class _Seen:
    """The pictures of a file as a film shows them: in its shape and colours, where these are known."""

    def __init__(self, stream: VideoStream, shape: FilmShape | None, colour: ColourMap | None) -> None:
        self._aspect = stream.sample_aspect_ratio
        self._conformer = Conformer(shape.width, shape.height, self._aspect) if shape else None
        self._painter = Painter(colour) if shape and colour else None

    def still(self, picture: VideoFrame, target: Path) -> Path:
        within, turn, aspect = (_STILL_SIDE, _STILL_SIDE), turn_of(picture), self._aspect
        if self._conformer is not None:
            picture, turn, aspect = self._conformer.conformed(picture), AS_IT_LIES, None
        if self._painter is not None:
            picture = self._painter.painted(picture)
        write_whole(target, jpeg_of(shown(picture, aspect, within, turn=turn)))
        return target


def _marked(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    if not found:
        return ()
    best = max(found, key=_score)
    return tuple(replace(each, best=each is best) for each in found)


def _score(candidate: Candidate) -> float:
    recency = 1 - candidate.cut_frames / CANDIDATES
    light = _EXPOSURE_WEIGHT * (1 - candidate.exposure)
    return float(np.log(candidate.sharpness + 1e-3)) - light + _RECENCY_WEIGHT * recency


def _look(luma: Plane) -> tuple[float, float]:
    """Variance of the gradient, and the part of the picture that is well exposed."""
    levels = luma.astype(np.float32)
    gradient = np.diff(levels, axis=0)[:, 1:] ** 2 + np.diff(levels, axis=1)[1:] ** 2
    return float(gradient.mean()), float(((luma > _CRUSHED) & (luma < _BLOWN)).mean())


def _luma(frame: VideoFrame) -> Plane:
    """The luma as it is, every pixel: a reduced one would not show what is soft."""
    return luma_of(frame, VideoReformatter())


def _picture(file: Path, times: FrameTimes, frame: int, shape: FilmShape, colour: ColourMap | None) -> VideoFrame:
    with opened(file) as container:
        stream = picture_track(container)
        conformer = Conformer(shape.width, shape.height, stream.sample_aspect_ratio)
        newest = deque(frames_between(container, stream, times, frame, frame), maxlen=1)
        if not newest:
            raise NotAVideo("no picture where one was looked for")
        picture = conformer.conformed(newest[0][1])
    return Painter(colour).painted(picture) if colour else picture


def frames_between(
    container: InputContainer, stream: VideoStream, times: FrameTimes, first: int, last: int
) -> Iterator[tuple[int, VideoFrame]]:
    """Pictures `first` to `last` with their numbers; when the key frame cannot be found, from the beginning on."""
    for position, patient in ((times.ticks[first], False), (times.ticks[0], True)):
        container.seek(position, stream=stream, backward=True)
        found = False
        for picture in container.decode(stream):
            frame = times.frame_of(picture.pts if picture.pts is not None else times.ticks[0])
            if frame > last or (frame > first and not found and not patient):
                break  # past them, or the seek went too far
            if frame >= first:
                found = True
                yield frame, picture
        if found:
            return
