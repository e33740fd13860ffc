"""Makes still pictures of clips: a small JPEG of the first or the last frame."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from fractions import Fraction
from math import inf
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.container import InputContainer
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from kling_desktop.errors import FileTrouble
from kling_desktop.media.decoded.fields import uncombed
from kling_desktop.media.decoded.tone import DEEP, is_hdr, on_usual_screen
from kling_desktop.media.decoded.turning import Turn, turn_of
from kling_desktop.media.source import first_frame, last_frame, opened, picture_track

_QUANTISER = 3
"""mjpeg's scale from 1 (best) to 31; 3 looks like quality 85 to 90 of other programs."""

JPEG = "yuvj420p"

_MATRICES = {1: Colorspace.ITU709, 5: Colorspace.ITU601, 6: Colorspace.ITU601, 9: Colorspace.BT2020}
"""Matrix coefficients as files name them (ITU-T H.273, table 4) -> the scaler's name for them."""


def poster(source: Path | str, target: Path, *, width: int = 480, last: bool = False, at_seconds: float = 0.0) -> Path:
    """Write a JPEG of the first or the very last frame, at most `width` pixels wide, and return `target`.

    `at_seconds` takes the first frame that is due from then on; beyond the end, the last one.

    The picture is turned as the file asks, keeps its shape and is never enlarged. `target` appears whole or not at
    all. Raises NotAVideo, Truncated, FileTrouble; for an http address also what `source.opened` says.
    """
    with opened(source) as container:
        stream = picture_track(container)
        frame = _frame_at(container, stream, at_seconds) if at_seconds else _end(last)(container, stream)
        data = jpeg_of(shown(frame, stream.sample_aspect_ratio, (width, inf)))
    write_whole(target, data)
    return target


def _end(last: bool) -> Callable[[InputContainer, VideoStream], VideoFrame]:
    return last_frame if last else first_frame


def _frame_at(container: InputContainer, stream: VideoStream, seconds: float) -> VideoFrame:
    """From the key frame before it on; a stream that cannot be sought is read from its beginning."""
    start = stream.start_time or 0
    wanted = start + round(seconds / stream.time_base) if stream.time_base else start
    container.seek(wanted, stream=stream, backward=True)
    for frame in container.decode(stream):
        if frame.pts is not None and frame.pts >= wanted:
            return frame
    return last_frame(container, stream)


def shown(
    frame: VideoFrame,
    pixel_aspect: Fraction | None,
    within: tuple[float, float],
    pixels: str = JPEG,
    turn: Turn | None = None,
) -> VideoFrame:
    """The picture as it is meant to be seen, at most `within` pixels wide and high, and never enlarged.

    In the shape of a file with this sample aspect ratio, upright, without a comb; HDR as a usual screen can show it.
    Every still is made here, so that none differs from another. `turn` is the frame's own unless it is given.
    """
    turn, aspect = turn or turn_of(frame), float(pixel_aspect or 1)
    width, height = frame.width * min(1.0, aspect), frame.height * min(1.0, 1 / aspect)
    most_wide, most_high = within[::-1] if turn.is_lying else within
    factor = min(1.0, most_wide / width, most_high / height)
    reduced = _reduced(uncombed(frame), even(width * factor), even(height * factor), pixels)
    return turned(reduced, turn)


def _reduced(frame: VideoFrame, width: int, height: int, pixels: str) -> VideoFrame:
    hdr = is_hdr(frame.color_trc)
    small = frame.reformat(
        width=width,
        height=height,
        format=DEEP if hdr else pixels,
        src_colorspace=colours_of(frame),
        dst_colorspace=Colorspace.ITU601,
        interpolation="AREA",
    )
    return on_usual_screen(small).reformat(format=pixels, dst_colorspace=Colorspace.ITU601) if hdr else small


def colours_of(frame: VideoFrame) -> Colorspace:
    """The matrix that the file names; where it names none, the one that Qt's player takes, so that both look alike."""
    return _MATRICES.get(frame.colorspace) or (Colorspace.ITU709 if frame.height > 576 else Colorspace.ITU601)


def even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def turned(frame: VideoFrame, turn: Turn) -> VideoFrame:
    if not turn.steps:
        return frame
    graph = Graph()
    base = frame.time_base or Fraction(1, 25)  # the filter insists on one
    begin = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=base)
    steps = [graph.add(name, argument) for name, argument in turn.steps]
    graph.link_nodes(begin, *steps, graph.add("buffersink")).configure()
    graph.vpush(frame)
    return graph.vpull()


def jpeg_of(frame: VideoFrame) -> bytes:
    encoder = VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, JPEG
    encoder.color_range = ColorRange.JPEG
    encoder.time_base = Fraction(1, 25)  # the encoder insists on one
    encoder.qmin = encoder.qmax = _QUANTISER
    frame.pts, frame.pict_type = 0, PictureType.I
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def write_whole(target: Path, data: bytes) -> None:
    """Whole or not at all. Not synced to the disk: after a power cut a still is made again."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileTrouble(f"{target}: {error.strerror}") from error
