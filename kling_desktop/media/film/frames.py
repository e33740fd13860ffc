"""Reads a film's pictures one after the other, out of the original files, conformed and coloured, ahead of time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from queue import Full, Queue
from typing import Final, TypeVar

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.container import InputContainer
from av.error import InvalidDataError
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from kling_desktop.errors import NotAVideo
from kling_desktop.media.film.colour_map import Painter
from kling_desktop.media.film.conform import Conformer
from kling_desktop.media.film.plan import FilmPlan, PlannedPart
from kling_desktop.media.source import opened, picture_track

T = TypeVar("T")

_AHEAD: Final = 6
"""Pictures that are made ready while others are used: 3 MB each at 1080p."""

_WAIT_SECONDS: Final = 0.1


def film_frames(
    plan: FilmPlan, first: int = 0, on_damage: Callable[[], object] = lambda: None
) -> Generator[VideoFrame, None, None]:
    """The film's frames from `first` on: yuv420p, BT.709 of video range, the film's size, `pts` counting frames.

    A frame is the caller's until the next is asked for; it must not be written to. Decoding runs in a thread of its
    own, a few frames ahead; closing the iterator ends it. `on_damage` is called there for each picture that could not
    be decoded in full: the film keeps its length. Raises what `source.opened` does, HdrVideo.
    """
    with closing(read_ahead(_numbered(plan, first, on_damage), _AHEAD)) as numbered:
        for number, frame in numbered:
            # Here and not before: the same picture may be shown in several frames.
            frame.pts, frame.time_base = number, 1 / plan.shape.fps
            frame.pict_type = PictureType.NONE  # else an encoder would repeat the original's key frames
            yield frame


def _numbered(plan: FilmPlan, first: int, on_damage: Callable[[], object]) -> Iterator[tuple[int, VideoFrame]]:
    for part in plan.parts:
        skipped = max(0, first - part.first)
        if skipped < len(part.shown):
            yield from enumerate(_pictures(plan, part, skipped, on_damage), part.first + skipped)


def _pictures(
    plan: FilmPlan, planned: PlannedPart, skipped: int, on_damage: Callable[[], object]
) -> Iterator[VideoFrame]:
    """One picture for each frame of a part, from its `skipped`th on."""
    shown, painter = planned.shown[skipped:], Painter(planned.part.colour) if planned.part.colour else None
    with opened(planned.part.file) as container:
        stream = picture_track(container)
        conformer = Conformer(plan.shape.width, plan.shape.height, stream.sample_aspect_ratio)
        container.seek(planned.times.ticks[shown[0]], stream=stream, backward=True)
        done, ready = 0, None
        for raw in _decoded(container, stream, on_damage):
            at = planned.times.frame_of(raw.pts if raw.pts is not None else planned.times.ticks[0])
            if at < shown[done]:
                continue
            frame = conformer.conformed(raw)
            ready = painter.painted(frame) if painter else frame
            while done < len(shown) and shown[done] <= at:
                yield ready
                done += 1
            if done == len(shown):
                return
        if ready is None:
            raise NotAVideo("no picture where one was looked for")
        on_damage()  # its last pictures cannot be decoded, of which not every decoder tells: the film keeps its length
        for _ in shown[done:]:
            yield ready


def _decoded(container: InputContainer, stream: VideoStream, on_damage: Callable[[], object]) -> Iterator[VideoFrame]:
    """All pictures from here on; one that cannot be decoded at all is left out, and the one before stands longer."""
    for packet in container.demux(stream):
        try:
            pictures = packet.decode()
        except InvalidDataError:
            on_damage()
            continue
        for picture in pictures:
            if picture.is_corrupt:
                on_damage()
            yield picture


def read_ahead(items: Iterable[T], count: int) -> Generator[T, None, None]:
    """The same items, made in a thread that is at most `count` items ahead. What it raises is raised here."""
    queue: Queue[tuple[T | None, BaseException | None]] = Queue(count)
    closed = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, queue, closed), name="film-reader", daemon=True)
    thread.start()
    try:
        while True:
            item, error = queue.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item  # type: ignore[misc]  # None only comes with an error
    finally:
        closed.set()
        thread.join()


def _fill(items: Iterable[T], queue: Queue[tuple[T | None, BaseException | None]], closed: threading.Event) -> None:
    def hand_over(item: T | None, error: BaseException | None = None) -> bool:
        while not closed.is_set():
            try:
                queue.put((item, error), timeout=_WAIT_SECONDS)
            except Full:
                continue
            return True
        return False

    source = iter(items)
    try:
        for item in source:
            if not hand_over(item):
                return
        hand_over(None, StopIteration())
    except BaseException as error:  # noqa: BLE001  # it is raised again where the items are used
        hand_over(None, error)
    finally:
        if isinstance(source, Iterator) and hasattr(source, "close"):
            source.close()
