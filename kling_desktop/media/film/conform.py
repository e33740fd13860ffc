"""Brings pictures of any file into the film's own shape: its size, upright, 8-bit BT.709 of video range."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from kling_desktop.errors import HdrVideo
from kling_desktop.media.decoded.fields import uncombed
from kling_desktop.media.decoded.tone import is_hdr
from kling_desktop.media.decoded.turning import Turn, turn_of
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.source import first_frame, opened, picture_track
from kling_desktop.media.stills import colours_of, even

Plane = NDArray[np.uint8]

PIXELS: Final = "yuv420p"

EXACT: Final = (
    Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
)
"""Without these flags each conversion darkens the picture by about one level (measured)."""

LONGEST_SIDE: Final = 3840
"""Of a film, in pixels: Kling makes none larger, and larger sources are reduced to it."""

_ALIKE: Final = 0.02
"""Shapes that differ by less are stretched; others are shown whole, with black beside them."""


@dataclass(frozen=True, slots=True)
class FilmShape:
    """Size and rate of a film: those of its root."""

    width: int
    """In pixels, even, as shown."""
    height: int
    fps: Fraction


def film_shape(root: Path) -> FilmShape:
    """The shape of a film that begins with this file. Raises NotAVideo, Truncated, FileTrouble, HdrVideo."""
    shape, transfer = shape_and_transfer(root)
    _refuse_hdr(transfer)
    return shape


def shape_and_transfer(file: Path) -> tuple[FilmShape, int]:
    """The shape of a file that is handed on as it is, and its transfer function (ITU-T H.273), which may be HDR's.
    Raises NotAVideo, Truncated, FileTrouble.
    """
    with opened(file) as container:
        stream = picture_track(container)
        frame = first_frame(container, stream)
        stretch = float(stream.sample_aspect_ratio or 1)
    width, height = frame.width * stretch, float(frame.height)
    if turn_of(frame).is_lying:
        width, height = height, width
    factor = min(1.0, LONGEST_SIDE / max(width, height))
    shape = FilmShape(_down(width * factor), _down(height * factor), frame_times(file).steady_fps)
    return shape, int(frame.color_trc)


def refuse_hdr(frame: VideoFrame) -> None:
    """Raises HdrVideo for a picture in PQ or HLG: without a tone curve its colours would be wrong."""
    _refuse_hdr(frame.color_trc)


def _refuse_hdr(transfer: int) -> None:
    if is_hdr(transfer):
        raise HdrVideo(f"transfer {transfer}")


def planes_of(frame: VideoFrame) -> tuple[Plane, Plane, Plane]:
    """Views of the three planes of a yuv420p picture, without the padding. Writing to them writes to the picture."""
    y, u, v = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    )
    return y, u, v


def new_picture(width: int, height: int) -> VideoFrame:
    """An uninitialised picture of the film's kind, tagged as what it is."""
    return tagged(VideoFrame(width, height, PIXELS))


def tagged(frame: VideoFrame) -> VideoFrame:
    frame.colorspace = Colorspace.ITU709
    frame.color_range = ColorRange.MPEG
    return frame


def stamped(frame: VideoFrame, stamp: int | None, base: Fraction | None) -> VideoFrame:
    """The same picture with that time; a picture of no file has none."""
    frame.pts = stamp
    if base is not None:
        frame.time_base = base
    return frame


class Conformer:
    """Conforms the pictures of one file, one after the other. Not for several threads."""

    def __init__(self, width: int, height: int, pixel_aspect: Fraction | None = None) -> None:
        """`width` and `height` are the film's; `pixel_aspect` is the file's sample aspect ratio."""
        self._width, self._height = width, height
        self._pixel_aspect = float(pixel_aspect or 1)
        self._scaler = VideoReformatter()
        self._turn: Turn | None = None
        self._turner: tuple[Turn, Graph] | None = None

    def conformed(self, frame: VideoFrame) -> VideoFrame:
        """The picture in the film's shape: the same object when it has that already. Keeps `pts`. Raises HdrVideo."""
        refuse_hdr(frame)
        turn = self._turn = self._turn or turn_of(frame)  # a file's track asks the same for all of its pictures
        stamp, base = frame.pts, frame.time_base
        frame = uncombed(frame)
        if self._fits(frame) and not turn.steps:
            return frame
        fitted = self._scaled(self._cropped(frame, turn), turn.is_lying)
        upright = self._padded(self._turned(fitted, turn))
        return tagged(stamped(upright, stamp, base))

    def _fits(self, frame: VideoFrame) -> bool:
        return (
            (frame.width, frame.height) == (self._width, self._height)
            and frame.format.name == PIXELS
            and colours_of(frame) == Colorspace.ITU709
            and frame.color_range != ColorRange.JPEG
            and abs(self._pixel_aspect - 1) < _ALIKE
        )

    def _cropped(self, frame: VideoFrame, turn: Turn) -> VideoFrame:
        """Without the last row or column where only that makes a side odd: scaling by one pixel would blur all."""
        odd = (frame.width - self._width, frame.height - self._height)
        if turn.is_lying or 1 not in odd or min(odd) < 0 or max(odd) > 1 or frame.format.name != PIXELS:
            return frame
        cut = VideoFrame(self._width, self._height, PIXELS)
        cut.colorspace, cut.color_range = frame.colorspace, frame.color_range
        for whole, part in zip(planes_of(frame), planes_of(cut), strict=True):
            part[:] = whole[: part.shape[0], : part.shape[1]]
        return cut

    def _scaled(self, frame: VideoFrame, lying: bool) -> VideoFrame:
        width, height = (self._height, self._width) if lying else (self._width, self._height)
        shape, wanted = frame.width * self._pixel_aspect / frame.height, width / height
        if abs(shape / wanted - 1) > _ALIKE:
            width, height = (width, even(width / shape)) if shape > wanted else (even(height * shape), height)
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        return self._scaler.reformat(
            frame,
            width,
            height,
            PIXELS,
            src_colorspace=colours_of(frame),
            dst_colorspace=Colorspace.ITU709,
            interpolation=EXACT,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
        )

    def _turned(self, frame: VideoFrame, turn: Turn) -> VideoFrame:
        if not turn.steps:
            return frame
        if self._turner is None or self._turner[0] != turn:
            self._turner = turn, _turner(frame, turn)
        graph = self._turner[1]
        graph.vpush(frame)
        return graph.vpull()

    def _padded(self, frame: VideoFrame) -> VideoFrame:
        if (frame.width, frame.height) == (self._width, self._height):
            return frame
        whole = new_picture(self._width, self._height)
        left, top = (self._width - frame.width) // 4 * 2, (self._height - frame.height) // 4 * 2
        for number, (target, part) in enumerate(zip(planes_of(whole), planes_of(frame), strict=True)):
            x, y = (left // 2, top // 2) if number else (left, top)
            target[:] = 128 if number else 16
            target[y : y + part.shape[0], x : x + part.shape[1]] = part
        return whole


def _turner(frame: VideoFrame, turn: Turn) -> Graph:
    graph = Graph()
    nodes = [
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 1000)
        ),
        *(graph.add(name, argument) for name, argument in turn.steps),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    return graph


def _down(length: float) -> int:
    """The even number of pixels at or below a length: the last odd row is left out rather than all rows scaled."""
    return max(2, int(length + 1e-6) // 2 * 2)
