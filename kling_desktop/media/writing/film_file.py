"""Writes a film as MP4 or QuickTime in any coding, sound and tags with it, in one encode from the originals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from kling_desktop.media.film.conform import EXACT, tagged
from kling_desktop.media.film.frames import film_frames
from kling_desktop.media.film.muxing import KEEP_TAGS, Spoken, set_clock_and_colours
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.film.sound import film_sound, sound_of
from kling_desktop.media.frames import Abandoned, Stopped
from kling_desktop.media.write_trouble import written
from kling_desktop.media.writing.framing import Framer, Framing
from kling_desktop.media.writing.thumbs import Ends, Thumb, thumb

FrameProgress = Callable[[int, int], object]
"""Told how many frames are done, and of how many."""

FLAGS: Final = f"+faststart{KEEP_TAGS}"
"""The index first."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a film is coded."""

    container: str
    """FFmpeg's name: mp4 or mov."""
    codec: str
    pixels: str
    options: tuple[tuple[str, str], ...] = ()
    """Of the video encoder, name and value."""
    sound: str = "aac"
    """Audio encoder."""
    sound_bits: int = 192_000
    """A second; of no meaning for PCM."""


def write_film(
    plan: FilmPlan,
    file: Path,
    coding: Coding,
    wanted: Framing,
    tags: Mapping[str, str],
    *,
    progress: FrameProgress = lambda *_: None,
    stopped: Stopped = lambda: False,
) -> Ends:
    """Write the film to `file` and return the ends of what was meant to be written. For a thread.

    Raises Abandoned soon after `stopped` became true, FFmpegError and OSError of writing, what reading the originals
    does. What is written is the caller's to check and to remove.
    """
    sound, ends = sound_of(plan), _Ends()
    with written(file, coding.container, {"movflags": FLAGS}) as container:
        container.metadata.update(tags)
        video = _video_track(container, plan.shape.fps, coding, wanted)
        audio = _audio_track(container, sound.rate, coding) if sound else None
        spoken = Spoken(container, audio, film_sound(plan, sound) if sound else iter(()))
        framer, ready = Framer(wanted), _Ready(coding.pixels)
        with closing(film_frames(plan, on_damage=ends.see_damage)) as frames:
            for number, frame in enumerate(frames):
                if stopped():
                    raise Abandoned
                framed = framer.framed(frame)
                ends.see(number, plan.frames, framed)
                container.mux(video.encode(ready.made(framed)))
                spoken.go_on((number + 1) / plan.shape.fps)
                progress(number + 1, plan.frames)
        container.mux(video.encode(None))
        spoken.finish()
    return ends.found


class _Ready:
    """Makes frames what the encoder takes, tagged in full: ProRes writes what each frame says of itself."""

    def __init__(self, pixels: str) -> None:
        self._pixels = pixels
        self._scaler = VideoReformatter()

    def made(self, frame: VideoFrame) -> VideoFrame:
        ready = frame
        if frame.format.name != self._pixels:
            ready = self._scaler.reformat(frame, format=self._pixels, interpolation=EXACT)
            ready.pts, ready.time_base, ready.pict_type = frame.pts, frame.time_base, frame.pict_type
            tagged(ready)
        ready.color_primaries, ready.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return ready


class _Ends:
    """Keeps the first and the last of the frames that it sees."""

    def __init__(self) -> None:
        self._thumbs: list[Thumb] = []
        self._damaged = 0

    def see_damage(self) -> None:
        self._damaged += 1

    def see(self, number: int, count: int, frame: VideoFrame) -> None:
        if number in (0, count - 1):
            self._thumbs.append(thumb(frame))

    @property
    def found(self) -> Ends:
        return Ends(self._thumbs[0], self._thumbs[-1], self._damaged)


def _video_track(container: OutputContainer, fps: Fraction, coding: Coding, wanted: Framing) -> VideoStream:
    track = container.add_stream(coding.codec, rate=fps, options=dict(coding.options))
    if not isinstance(track, VideoStream):
        raise TypeError(f"{coding.codec} codes no pictures")
    track.width, track.height, track.pix_fmt = wanted.width, wanted.height, coding.pixels
    track.codec_context.thread_type = "AUTO"
    set_clock_and_colours(track, fps)
    return track


def _audio_track(container: OutputContainer, rate: int, coding: Coding) -> AudioStream:
    track = container.add_stream(coding.sound, rate=rate, layout="stereo")
    if not isinstance(track, AudioStream):
        raise TypeError(f"{coding.sound} codes no sound")
    if not coding.sound.startswith("pcm"):
        track.bit_rate = coding.sound_bits
    return track
