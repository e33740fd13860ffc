"""Writes a film as a loop that plays by itself: GIF, animated WebP, AVIF."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import av.error
import numpy as np
from av.container import OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from kling_desktop.media.film.conform import EXACT, PIXELS, new_picture, planes_of
from kling_desktop.media.film.frames import film_frames
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.write_trouble import written
from kling_desktop.media.writing.film_file import FrameProgress
from kling_desktop.media.writing.framing import Framer, Framing
from kling_desktop.media.writing.thumbs import Ends, thumb

os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder prints its settings otherwise

_GIF_BASE: Final = Fraction(1, 100)
"""GIF counts in hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Loop:
    """What a loop is made with."""

    container: str
    """FFmpeg's name: gif, webp or avif."""
    framing: Framing
    rate: Fraction
    """Pictures a second, at most the film's own."""
    blended: int = 0
    """Pictures at the end that are blended into those at the beginning, so that the loop closes without a jump."""


def loop_frames(plan: FilmPlan, loop: Loop) -> int:
    """How many pictures the loop has."""
    return _picked(plan, loop) - _blended(plan, loop)


def write_loop(
    plan: FilmPlan,
    file: Path,
    loop: Loop,
    *,
    progress: FrameProgress = lambda *_: None,
    stopped: Stopped = lambda: False,
) -> Ends:
    """Write the loop and return the ends of what was meant. For a thread. Raises what `film_file.write_film` does."""
    passes = 2 if loop.container == "gif" else 1
    count = loop_frames(plan, loop) * passes
    with closing(_counted(plan, loop, progress, stopped, 0, count)) as pictures:
        palette = _palette(pictures) if passes == 2 else None
    done = loop_frames(plan, loop) if palette else 0
    ends: list[VideoFrame] = []
    damage: list[bool] = []
    with closing(_counted(plan, loop, progress, stopped, done, count, lambda: damage.append(True))) as pictures:
        seen = _seen(_in_webps_colours(pictures) if loop.container == "webp" else pictures, ends)
        with written(file, loop.container, {"loop": "0"}) as container:
            if palette is not None:
                _write_gif(container, loop, seen, palette)
            else:
                _write_coded(container, loop, seen)
    return Ends(thumb(ends[0]), thumb(ends[-1]), len(damage))


def _seen(pictures: Iterator[VideoFrame], ends: list[VideoFrame]) -> Iterator[VideoFrame]:
    for picture in pictures:
        ends[1:] = [picture] if ends else []
        if not ends:
            ends.append(picture)
        yield picture


def _in_webps_colours(pictures: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """WebP cannot say how its colours are meant: they are those of BT.601 (RFC 9649, 2.5)."""
    scaler = VideoReformatter()
    for picture in pictures:
        painted = scaler.reformat(
            picture,
            format=PIXELS,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU601,
            interpolation=EXACT,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
        )
        painted.pts, painted.time_base, painted.pict_type = picture.pts, picture.time_base, picture.pict_type
        yield painted


def _counted(
    plan: FilmPlan,
    loop: Loop,
    progress: FrameProgress,
    stopped: Stopped,
    done: int,
    count: int,
    on_damage: Callable[[], object] = lambda: None,
) -> Generator[VideoFrame]:
    with closing(_pictures(plan, loop, stopped, on_damage)) as pictures:
        for number, picture in enumerate(pictures):
            picture.pts, picture.time_base, picture.pict_type = number, 1 / loop.rate, PictureType.NONE
            yield picture
            progress(done + number + 1, count)


def _pictures(plan: FilmPlan, loop: Loop, stopped: Stopped, on_damage: Callable[[], object]) -> Generator[VideoFrame]:
    """The loop's pictures in their size, the first ones blended with the last."""
    count, blended = _picked(plan, loop), _blended(plan, loop)
    tail = list(_plain(plan, loop, stopped, count - blended, count, on_damage))
    with closing(_plain(plan, loop, stopped, 0, count - blended, on_damage)) as plain:
        for number, picture in enumerate(plain):
            if number < blended:
                yield _mixed(tail[number], picture, (number + 1) / (blended + 1))
            else:
                yield picture


def _plain(
    plan: FilmPlan, loop: Loop, stopped: Stopped, first: int, end: int, on_damage: Callable[[], object]
) -> Generator[VideoFrame]:
    """Pictures `first` to `end` of the loop, as the film has them; each a picture of its own."""
    places = [min(plan.frames - 1, int(number * plan.shape.fps / loop.rate)) for number in range(first, end)]
    if not places:
        return
    framer = Framer(loop.framing)
    with closing(film_frames(plan, places[0], on_damage)) as frames:
        waiting = iter(places)
        wanted = next(waiting, None)
        for place, frame in enumerate(frames, places[0]):
            if stopped():
                raise Abandoned
            while wanted is not None and wanted == place:
                yield _own(framer.framed(frame))
                wanted = next(waiting, None)
            if wanted is None:
                return


def _own(frame: VideoFrame) -> VideoFrame:
    """A copy: a film's frame is ours only until the next."""
    copy = new_picture(frame.width, frame.height)
    for target, source in zip(planes_of(copy), planes_of(frame), strict=True):
        target[:] = source
    return copy


def _mixed(old: VideoFrame, new: VideoFrame, share: float) -> VideoFrame:
    mixed = new_picture(new.width, new.height)
    for target, one, other in zip(planes_of(mixed), planes_of(old), planes_of(new), strict=True):
        target[:] = np.rint(one * (1 - share) + other * share).astype(np.uint8)
    return mixed


def _picked(plan: FilmPlan, loop: Loop) -> int:
    return max(1, round(plan.seconds * loop.rate))


def _blended(plan: FilmPlan, loop: Loop) -> int:
    return min(loop.blended, _picked(plan, loop) // 2)


def _write_coded(container: OutputContainer, loop: Loop, pictures: Iterator[VideoFrame]) -> None:
    if loop.container == "avif":
        codec, options = "libsvtav1", {"crf": "32", "preset": "8"}
    else:
        codec, options = "libwebp_anim", {"quality": "80", "compression_level": "4"}
    track = _track(container, codec, loop, PIXELS, 1 / loop.rate, options)
    for picture in pictures:
        container.mux(track.encode(picture))
    container.mux(track.encode(None))


def _track(
    container: OutputContainer, codec: str, loop: Loop, pixels: str, base: Fraction, options: dict[str, str]
) -> VideoStream:
    track = container.add_stream(codec, rate=loop.rate, options=options)
    if not isinstance(track, VideoStream):
        raise TypeError(f"{codec} codes no pictures")
    track.width, track.height, track.pix_fmt = loop.framing.width, loop.framing.height, pixels
    track.codec_context.time_base = base
    if codec == "libsvtav1":
        context = track.codec_context
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1  # BT.709, video
    return track


def _palette(pictures: Iterator[VideoFrame]) -> VideoFrame:
    """The 256 colours that suit all pictures best."""
    graph: Graph | None = None
    for picture in pictures:
        if graph is None:
            graph = Graph()
            begin = _entry(graph, picture)
            graph.link_nodes(begin, graph.add("palettegen", "stats_mode=full"), graph.add("buffersink")).configure()
        graph.vpush(picture)
    if graph is None:
        raise ValueError("a loop has at least one picture")
    graph.vpush(None)
    return graph.vpull()


def _entry(graph: Graph, picture: VideoFrame) -> FilterContext:
    return graph.add_buffer(
        width=picture.width, height=picture.height, format=picture.format, time_base=picture.time_base
    )


def _write_gif(container: OutputContainer, loop: Loop, pictures: Iterator[VideoFrame], palette: VideoFrame) -> None:
    track = _track(container, "gif", loop, "pal8", _GIF_BASE, {})
    graph: Graph | None = None
    for picture in pictures:
        if graph is None:
            graph = Graph()
            begin, end = _entry(graph, picture), graph.add("buffersink")
            colours = _entry(graph, palette)
            use = graph.add("paletteuse", "dither=sierra2_4a:diff_mode=rectangle")
            begin.link_to(use, 0, 0)
            colours.link_to(use, 0, 1)
            use.link_to(end)
            graph.configure()
            palette.pts = 0
            colours.push(palette)
            colours.push(None)
        begin.push(picture)
        _drain(container, track, end, loop.rate)
    begin.push(None)
    _drain(container, track, end, loop.rate)
    container.mux(track.encode(None))


def _drain(container: OutputContainer, track: VideoStream, end: FilterContext, rate: Fraction) -> None:
    while True:
        try:
            coloured = end.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if isinstance(coloured, VideoFrame):
            number = round((coloured.pts or 0) * (coloured.time_base or 1 / rate) * rate)
            coloured.pts, coloured.time_base = round(number * 100 / rate), _GIF_BASE
            container.mux(track.encode(coloured))
