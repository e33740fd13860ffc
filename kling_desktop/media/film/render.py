"""Makes one file of a film: a single encode from the originals, in the background, given up at will."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from kling_desktop.errors import Truncated
from kling_desktop.media.film.conform import PIXELS
from kling_desktop.media.film.frames import film_frames
from kling_desktop.media.film.muxing import KEEP_TAGS, Spoken, set_clock_and_colours
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.film.sound import film_sound, sound_of
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.probe import verify
from kling_desktop.media.write_trouble import writing, written

Progress = Callable[[float], object]
"""Told the part of the film that is encoded, 0 to 1, about once a hundredth."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a film is encoded."""

    preset: str = "veryfast"
    """x264's: slower makes the file smaller, not better."""
    crf: int = 12
    """x264's constant quality, 0 (lossless) to 51; at 12 nobody sees a difference."""
    key_frame_seconds: float = 1.0
    """Between key frames at most: a player jumps to those at once."""
    audio_bits: int = 192_000
    """AAC's, a second."""
    faststart: bool = False
    """Whether the index stands first, so that the file plays while it is being sent; it is written twice for that."""
    x264: tuple[tuple[str, str], ...] = ()
    """More options of the encoder, name and value."""


def render(
    plan: FilmPlan,
    target: Path,
    encoding: Encoding | None = None,
    *,
    tags: Mapping[str, str] | None = None,
    finish: Callable[[Path], object] = lambda _: None,
    progress: Progress = lambda _: None,
    stopped: Stopped = lambda: False,
) -> Path:
    """Write the film as MP4 (H.264, BT.709, AAC when any part has sound) and return `target`.

    The file is written beside it as `.part`, read again whole, synced and renamed: `target` appears complete or not
    at all. Memory stays bounded, however long the film is. Blocks; for a thread of its own. `progress` and `stopped`
    are called in that thread, and so is `finish`, with the file that was written, before it is read again.

    Raises Abandoned soon after `stopped` became true; DiskFull, FileTrouble; Truncated when what was written is not
    what was planned; what reading the originals does.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            _encode(plan, part, encoding or Encoding(), tags or {}, progress, stopped)
            finish(part)
            _check(plan, part)
            _commit(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _encode(
    plan: FilmPlan, part: Path, encoding: Encoding, tags: Mapping[str, str], progress: Progress, stopped: Stopped
) -> None:
    sound = sound_of(plan)
    flags = KEEP_TAGS + ("+faststart" if encoding.faststart else "")
    with written(part, "mp4", {"movflags": flags}) as container:
        container.metadata.update(tags)
        video = _video_track(container, plan, encoding)
        audio = _audio_track(container, sound.rate, encoding) if sound else None
        spoken = Spoken(container, audio, film_sound(plan, sound) if sound else iter(()))
        step = max(1, plan.frames // 100)
        with closing(film_frames(plan)) as frames:
            for number, frame in enumerate(frames):
                if stopped():
                    raise Abandoned
                container.mux(video.encode(frame))
                spoken.go_on((number + 1) / plan.shape.fps)
                if number % step == 0:
                    progress(number / plan.frames)
        container.mux(video.encode(None))
        spoken.finish()
    progress(1.0)


def _video_track(container: OutputContainer, plan: FilmPlan, encoding: Encoding) -> VideoStream:
    shape = plan.shape
    options = {
        "preset": encoding.preset,
        "crf": str(encoding.crf),
        "g": str(max(1, round(encoding.key_frame_seconds * shape.fps))),
    }
    track = container.add_stream("libx264", rate=shape.fps, options=options | dict(encoding.x264))
    track.width, track.height, track.pix_fmt = shape.width, shape.height, PIXELS
    track.codec_context.thread_type = "FRAME"  # PyAV's own choice, slices, leaves a third of the cores idle
    set_clock_and_colours(track, shape.fps)
    return track


def _audio_track(container: OutputContainer, rate: int, encoding: Encoding) -> AudioStream:
    track = container.add_stream("aac", rate=rate, layout="stereo")
    track.bit_rate = encoding.audio_bits
    return track


def _check(plan: FilmPlan, part: Path) -> None:
    """Raises Truncated unless all planned frames are in the file and its end can be decoded."""
    verify(part)
    count = frame_times(part).count
    if count != plan.frames:
        raise Truncated(f"{count} of {plan.frames} frames were written")


def _commit(part: Path, target: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    with suppress(OSError, AttributeError):  # a system that cannot sync a folder renames durably by itself
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
