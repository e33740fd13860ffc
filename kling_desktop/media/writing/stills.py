"""Writes frames of a film as PNG files, and sheets of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.video.frame import VideoFrame

from kling_desktop.media.film.conform import new_picture, planes_of
from kling_desktop.media.film.frames import film_frames
from kling_desktop.media.film.pictures import png_of, rgb_of
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.writing.framing import Framer, Framing
from kling_desktop.media.writing.read_back import read_png
from kling_desktop.media.writing.thumbs import distance, thumb

_GAP: Final = 8
_PAPER: Final = 30
"""Luma of what lies between the pictures of a sheet."""


def write_stills(
    plan: FilmPlan,
    wanted: Framing,
    places: Sequence[int],
    folder: Path,
    on_damage: Callable[[], object] = lambda: None,
) -> Generator[tuple[Path, VideoFrame], None, None]:
    """Write the frames with these numbers (rising) as `frame_000001.png` and on, numbered from 1 as the film counts.

    `on_damage` is called as `film_frames` does.
    """
    framer = Framer(wanted)
    digits = max(4, len(str(plan.frames)))
    for place, frame in frames_at(plan, places, on_damage):
        picture = framer.framed(frame)
        file = folder / f"frame_{place + 1:0{digits}}.png"
        rgb = rgb_of(picture)
        file.write_bytes(png_of(rgb))
        yield file, rgb


def frames_at(
    plan: FilmPlan, places: Sequence[int], on_damage: Callable[[], object] = lambda: None
) -> Iterator[tuple[int, VideoFrame]]:
    """The film's frames with these numbers, rising; each until the next is asked for."""
    wanted = set(places)
    if not wanted:
        return
    with closing(film_frames(plan, min(wanted), on_damage)) as frames:
        for place, frame in enumerate(frames, min(wanted)):
            if place in wanted:
                yield place, frame
            if place >= max(wanted):
                return


def ends_of(
    written: Iterator[tuple[Path, VideoFrame]],
    count: int,
    progress: Callable[[int, int], object],
    stopped: Stopped,
) -> float:
    """Drain what is written; how far, in levels, the first or the last file is from its frame when it is read back."""
    off = 0.0
    for number, (file, frame) in enumerate(written):
        if stopped():
            raise Abandoned
        if number in (0, count - 1):
            off = max(off, distance(thumb(frame), thumb(read_png(file))))
        progress(number + 1, count)
    return off


def contact_sheet(
    plan: FilmPlan,
    places: Sequence[int],
    file: Path,
    *,
    columns: int = 4,
    width: int = 320,
    progress: Callable[[int, int], object] = lambda *_: None,
    stopped: Stopped = lambda: False,
    on_damage: Callable[[], object] = lambda: None,
) -> float:
    """Write the frames with these numbers (rising) beside each other as one PNG. `width` is a picture's, in pixels.

    `on_damage` is called as `film_frames` does.
    Returns how far, in levels, the file is from what was drawn when it is read back.
    """
    height = max(2, round(width * plan.shape.height / plan.shape.width / 2) * 2)
    rows = -(-len(places) // columns)
    columns = min(columns, len(places))
    sheet = new_picture(columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP)
    for number, plane in enumerate(planes_of(sheet)):
        plane[:] = 128 if number else _PAPER
    framer = Framer(Framing(width, height))
    for cell, (_, frame) in enumerate(frames_at(plan, places, on_damage)):
        if stopped():
            raise Abandoned
        progress(cell + 1, len(places))
        left, top = cell % columns * (width + _GAP) + _GAP, cell // columns * (height + _GAP) + _GAP
        for number, (target, part) in enumerate(zip(planes_of(sheet), planes_of(framer.framed(frame)), strict=True)):
            x, y = (left // 2, top // 2) if number else (left, top)
            target[y : y + part.shape[0], x : x + part.shape[1]] = part
    rgb = rgb_of(sheet)
    file.write_bytes(png_of(rgb))
    return distance(thumb(rgb), thumb(read_png(file)))


def write_still(plan: FilmPlan, place: int, file: Path) -> None:
    """Write one frame of the film as a PNG."""
    for _, frame in frames_at(plan, (place,)):
        file.write_bytes(png_of(rgb_of(frame)))
