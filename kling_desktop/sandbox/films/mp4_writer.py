"""Writes a film as an H.264 MP4: its frames painted and encoded, those of its parent copied as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video import VideoStream

from kling_desktop.sandbox.films.frames import Frames
from kling_desktop.sandbox.films.openings import OpeningFrames
from kling_desktop.sandbox.films.sounds import RATE, sounds
from kling_desktop.sandbox.films.timeline import Shot, loop_frames, shots
from kling_desktop.sandbox.records import Abandoned, Film

_TICKS = 512
"""Of the track's clock per frame."""
_BT709 = 1
Stopped = Callable[[], bool]


def write(
    film: Film, parent: Path | None, target: Path, stopped: Stopped = lambda: False, pictures: Path = Path()
) -> None:
    """Renders a film to `target`; its parent's file, if it has one, is copied packet by packet. `pictures` is the
    folder of those that films begin and end with.

    No B-frames: pts = dts = frame number, so that packets can be repeated, cut and joined at will. One key frame
    per second, moov first.

    Raises:
        Abandoned: `stopped` became true; what was written so far is of no use.
    """
    if parent is None and film.looped:
        _write_looped(film, target, stopped)
        return
    plan = shots(film)
    start = film.joins[-1] if parent else 0
    fresh = target.with_name(target.name + ".part")
    try:
        _encode(film, plan[start:], fresh if parent else target, stopped, pictures)
        if parent:
            _join(film, [parent, fresh], target)
    finally:
        fresh.unlink(missing_ok=True)


def _write_looped(film: Film, target: Path, stopped: Stopped) -> None:
    """Encodes one turn and repeats its packets: three minutes for the price of sixteen seconds."""
    fresh = target.with_name(target.name + ".part")
    turn = loop_frames(film)
    try:
        _encode(film, shots(film)[:turn], fresh, stopped)
        _join(film, [fresh] * -(-film.frames // turn), target)
    finally:
        fresh.unlink(missing_ok=True)


def _encode(film: Film, plan: list[Shot], target: Path, stopped: Stopped, pictures: Path = Path()) -> None:
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=film.fps)
        stream.width, stream.height, stream.pix_fmt = film.width, film.height, "yuv420p"
        # A constant quantizer: with a rate control a frozen picture would go on changing while it is refined.
        stream.options = {
            "preset": "ultrafast" if film.height * film.width < 200_000 else "superfast",
            "bf": "0",
            "x264-params": f"keyint={film.fps}:min-keyint={film.fps}:scenecut=0:bframes=0:qp=22:ipratio=1.0"
            ":threads=2:log-level=none",
        }
        context = stream.codec_context
        context.time_base = Fraction(1, film.fps)
        if film.tagged:
            context.color_primaries = context.color_trc = context.colorspace = context.color_range = _BT709
        sound = _Sound(container, film) if film.sound else None
        for number, picture in enumerate(_frames(film, pictures).of(plan)):
            if stopped():
                raise Abandoned
            picture.pts, picture.time_base = number, Fraction(1, film.fps)
            container.mux(stream.encode(picture))
            if sound:
                sound.write_until(Fraction(number + 1, film.fps))
        container.mux(stream.encode(None))
        if sound:
            sound.end()


def _frames(film: Film, pictures: Path) -> Frames | OpeningFrames:
    return OpeningFrames(film, film.opening, pictures) if film.opening else Frames(film)


class _Sound:
    """A track of AAC beside the picture, written as far as the picture is."""

    def __init__(self, container: OutputContainer, film: Film) -> None:
        self._container = container
        self._stream = container.add_stream("aac", rate=RATE)
        self._stream.layout = "mono"
        self._frames = sounds(film)
        self._written = Fraction(0)

    def write_until(self, seconds: Fraction) -> None:
        while self._written < seconds and (frame := next(self._frames, None)) is not None:
            self._written += Fraction(frame.samples, RATE)
            self._container.mux(self._stream.encode(frame))

    def end(self) -> None:
        self._container.mux(self._stream.encode(None))


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
