"""Writes a film as an H.264 MP4: its frames painted and encoded, those of its parent copied as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.packet import Packet
from av.video import VideoStream
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from kling_desktop.sandbox.glyphs import drawn
from kling_desktop.sandbox.records import Film
from kling_desktop.sandbox.scenes import Scene
from kling_desktop.sandbox.timeline import Shot, loop_frames, shots

_TICKS = 512
"""Of the track's clock per frame."""
_BT709 = 1
Luma = NDArray[np.uint8]


def write(film: Film, parent: Path | None, target: Path) -> None:
    """Renders a film to `target`; its parent's file, if it has one, is copied packet by packet.

    No B-frames: pts = dts = frame number, so that packets can be repeated, cut and joined at will. One key frame
    per second, moov first.
    """
    if parent is None and film.looped:
        _write_looped(film, target)
        return
    plan = shots(film)
    start = film.joins[-1] if parent else 0
    fresh = target.with_name(target.name + ".part")
    try:
        _encode(film, _pictures(film, plan[start:]), fresh if parent else target)
        if parent:
            _join(film, [parent, fresh], target)
    finally:
        fresh.unlink(missing_ok=True)


def _write_looped(film: Film, target: Path) -> None:
    """Encodes one turn and repeats its packets: three minutes for the price of sixteen seconds."""
    fresh = target.with_name(target.name + ".part")
    turn = loop_frames(film)
    try:
        _encode(film, _pictures(film, shots(film)[:turn]), fresh)
        _join(film, [fresh] * -(-film.frames // turn), target)
    finally:
        fresh.unlink(missing_ok=True)


def _encode(film: Film, pictures: Iterable[VideoFrame], target: Path) -> None:
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=film.fps)
        stream.width, stream.height, stream.pix_fmt = film.width, film.height, "yuv420p"
        stream.options = {
            "preset": "ultrafast" if film.height * film.width < 200_000 else "superfast",
            "crf": "24",
            "bf": "0",
            "x264-params": f"keyint={film.fps}:min-keyint={film.fps}:scenecut=0:bframes=0:threads=2:log-level=none",
        }
        context = stream.codec_context
        context.time_base = Fraction(1, film.fps)
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = _BT709
        for number, picture in enumerate(pictures):
            picture.pts, picture.time_base = number, Fraction(1, film.fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def _join(film: Film, sources: list[Path], target: Path) -> None:
    """Copies the packets of all sources, one after the other, up to the film's length.

    Raises:
        ValueError: they were not encoded alike (cannot happen to files of one version of this room).
    """
    with (
        av.open(str(sources[0])) as first,
        av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as container,
    ):
        model = first.streams.video[0]
        stream = container.add_stream_from_template(model)
        stream.time_base = Fraction(1, film.fps * _TICKS)
        head = bytes(model.codec_context.extradata or b"")
        for number, packet in enumerate(_packets(sources, head)):
            if number >= film.frames:
                break
            packet.stream = stream
            packet.time_base = Fraction(1, film.fps * _TICKS)
            packet.pts = packet.dts = number * _TICKS
            packet.duration = _TICKS
            container.mux(packet)


def _packets(sources: list[Path], head: bytes) -> Iterator[Packet[VideoStream]]:
    for source in sources:
        with av.open(str(source)) as container:
            stream = container.streams.video[0]
            if bytes(stream.codec_context.extradata or b"") != head:
                raise ValueError("the parts of a film were encoded differently")
            yield from (packet for packet in container.demux(stream) if packet.size)


def _pictures(film: Film, plan: list[Shot]) -> Iterator[VideoFrame]:
    """Paints at a low resolution and lets swscale enlarge: quick, and softly painterly."""
    scene = Scene(film)
    previous: tuple[Shot, VideoFrame] | None = None
    for shot in plan:
        if previous is not None and previous[0] is shot:
            yield previous[1]
            continue
        picture = _picture(film, scene, shot)
        previous = shot, picture
        yield picture


def _picture(film: Film, scene: Scene, shot: Shot) -> VideoFrame:
    small = scene.painted(shot.seconds(film), shot.at, shot.gain)
    picture = _sized(VideoFrame.from_ndarray(small, format="rgb24"), film.width, film.height)
    luma = _plane(picture, 0)
    unit = max(1, min(film.width, film.height) // 180)
    if not film.looped:
        _stamp(luma, timecode(shot.at, film.fps), unit, 6 * unit, bright=235)
    if film.marked:
        _stamp(luma, "KLING SANDBOX", 2 * unit, film.height // 2, bright=200)
    if shot.softness > 1:
        width, height = (max(16, int(side / shot.softness) // 2 * 2) for side in (film.width, film.height))
        return _sized(_sized(picture, width, height), film.width, film.height)
    return picture


def _sized(picture: VideoFrame, width: int, height: int) -> VideoFrame:
    way = Interpolation.BICUBIC if width >= picture.width else Interpolation.AREA
    return picture.reformat(width, height, "yuv420p", dst_colorspace=Colorspace.ITU709, interpolation=way)


def timecode(at: float, fps: int) -> str:
    """minutes:seconds:frames of the scene, so that a lost frame, a jump and a freeze can be read off."""
    second, frame = divmod(round(at), fps)
    return f"{second // 60:02}:{second % 60:02}:{frame:02}"


def _plane(picture: VideoFrame, index: int) -> Luma:
    plane = picture.planes[index]
    rows: Luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _stamp(luma: Luma, text: str, unit: int, above_bottom: int, *, bright: int) -> None:
    """Draws a text at the right edge on a darkened plate, straight into the luma plane."""
    mask = drawn(text, unit)
    height, width = mask.shape
    bottom, right = luma.shape[0] - above_bottom, luma.shape[1] - 6 * unit
    edge = 2 * unit
    plate = luma[bottom - height - edge : bottom + edge, right - width - edge : right + edge]
    plate[:] = 16 + (plate - 16) // 2
    plate[edge:-edge, edge:-edge][mask] = bright
