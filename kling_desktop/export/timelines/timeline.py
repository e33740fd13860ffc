"""A film laid out in whole frames on tracks, as all timeline files are written from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Final

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.format import plan_as_it_is
from kling_desktop.export.formats.sources import is_readable
from kling_desktop.export.timelines.timecode import frames_to
from kling_desktop.media.decoded.tone import is_hdr
from kling_desktop.media.film.conform import shape_and_transfer
from kling_desktop.media.film.plan import PlannedPart
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.probe import probe

FIRST_HOUR: Final = 3600
"""Seconds at which timelines begin, as editors are used to: 01:00:00:00."""


@dataclass(frozen=True, slots=True)
class TimelineMedia:
    """A media file as it is, whatever the timeline's rate and size."""

    name: str
    """In the folder of media."""
    fps: Fraction
    frames: int
    """At its own rate."""
    width: int
    """In pixels, as shown."""
    height: int
    channels: int
    """Of its sound; 0 without."""
    transfer: int = 1
    """Of light to levels, as ITU-T H.273 counts them: 16 is PQ, 18 HLG."""
    begins: int = 0
    """What its timecode counts its first frame as, at its own rate: 0 where it has none."""


@dataclass(frozen=True, slots=True)
class TimelineClip:
    """A stretch of a media file on a track. All counts are frames at the timeline's rate."""

    name: str
    media: TimelineMedia
    at: int
    """Where it stands on the timeline."""
    source: int
    """Number of its first frame in the file."""
    frames: int
    clip_id: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A seam."""

    at: int
    """Frame of the timeline that begins the new hop."""
    name: str
    note: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The path on the first track, other takes above it, muted."""

    name: str
    fps: Fraction
    width: int
    height: int
    clips: tuple[TimelineClip, ...]
    others: tuple[tuple[TimelineClip, ...], ...]
    """Tracks above the first, lowest first; gaps between their clips are left open."""
    markers: tuple[Marker, ...]

    @property
    def frames(self) -> int:
        return self.clips[-1].at + self.clips[-1].frames

    @property
    def transfer(self) -> int:
        """That of the film's root, as its size and rate are."""
        return self.clips[0].media.transfer

    @property
    def every_clip(self) -> tuple[TimelineClip, ...]:
        """Those of the path, then the others."""
        return (*self.clips, *(clip for track in self.others for clip in track))

    def each(self, change: Callable[[TimelineClip], TimelineClip]) -> Timeline:
        """The same with every clip changed."""
        others = tuple(tuple(map(change, track)) for track in self.others)
        return replace(self, clips=tuple(map(change, self.clips)), others=others)

    @property
    def has_hdr(self) -> bool:
        return any(is_hdr(clip.media.transfer) for clip in self.every_clip)

    @property
    def nominal(self) -> int:
        """Frames that a second of timecode counts."""
        return max(1, round(self.fps))

    def timecode(self, frame: int) -> str:
        """Hours, minutes, seconds, frames, none dropped, from 01:00:00:00."""
        seconds, rest = divmod(frame + FIRST_HOUR * self.nominal, self.nominal)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{rest:02}"


_UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to say (production 2, Char): one such sign, and an editor refuses the whole file."""


def _without_unwritable(film: ExportFilm) -> ExportFilm:
    """The film with names and words as every timeline file can hold them."""

    def of(part: ExportPart) -> ExportPart:
        seams = tuple(
            replace(each, words=_clean(each.words), prompt=_clean(each.prompt), title=_clean(each.title))
            for each in part.seams
        )
        others = tuple(of(each) for each in part.alternates)
        return replace(part, prompt=_clean(part.prompt), seams=seams, alternates=others)

    return ExportFilm(_clean(film.name), tuple(of(part) for part in film.parts))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def timeline_of(film: ExportFilm, names: dict[Path, str]) -> Timeline:
    """Lay a film out; `names` gives each file's name among the media. Raises what `film_plan` does, save
    HdrVideo: an editor takes those files as they are.
    """
    film = _without_unwritable(film)
    plan = plan_as_it_is(film)
    fps = plan.shape.fps
    clips: list[TimelineClip] = []
    markers: list[Marker] = []
    others: list[list[TimelineClip]] = []
    for number, (part, planned) in enumerate(zip(film.parts, plan.parts, strict=True), 1):
        length = len(planned.shown)
        clips.append(_clip(part, names, f"{film.name} {number}", planned.first, length, fps))
        for track, other in enumerate(each for each in part.alternates if is_readable(each.file)):
            if track == len(others):
                others.append([])
            others[track].append(_other(other, names, f"{film.name} {number} take {track + 2}", planned, length, fps))
        markers.extend(_markers(part, planned, fps, len(markers), number == 1))
    size = plan.shape.width, plan.shape.height
    return _covered(Timeline(film.name, fps, *size, tuple(clips), tuple(map(tuple, others)), tuple(markers)))


def _covered(timeline: Timeline) -> Timeline:
    """With media that reach as far as every clip of them: where rates differ, a last frame of the film may begin within
    a file and end behind it, and Final Cut refuses a clip that goes on behind its media.
    """
    most: dict[str, int] = {}
    for clip in timeline.every_clip:
        needed = ceil((clip.source + clip.frames) * clip.media.fps / timeline.fps)
        most[clip.media.name] = max(most.get(clip.media.name, 0), clip.media.frames, needed)
    return timeline.each(lambda clip: replace(clip, media=replace(clip.media, frames=most[clip.media.name])))


def _clip(part: ExportPart, names: dict[Path, str], name: str, at: int, frames: int, fps: Fraction) -> TimelineClip:
    source, (shape, transfer) = _first_of(part, frames, fps), shape_and_transfer(part.file)
    reel, count = probe(part.file), round(frame_times(part.file).end * shape.fps)
    media = TimelineMedia(
        name=names[part.file],
        fps=shape.fps,
        frames=count,
        width=shape.width,
        height=shape.height,
        channels=reel.channels,
        transfer=transfer,
        begins=frames_to(reel.timecode, shape.fps),
    )
    return TimelineClip(name, media, at, source, frames, part.clip_id, part.prompt)


def _first_of(part: ExportPart, frames: int, fps: Fraction) -> int:
    """Number, at the timeline's rate, of a part's first frame in its file: one at which its file shows this frame, if
    there is one. Rates that differ have few frames that begin together, and that before a seam must not be seen twice.
    """
    times, nearest = frame_times(part.file), round(part.start * fps)
    wanted = times.frame_near(part.start)
    near = (each for each in (nearest, nearest + 1) if (each + frames) / fps <= times.end)
    return next((each for each in near if times.frame_at(each / fps) == wanted), nearest)


def _other(
    part: ExportPart, names: dict[Path, str], name: str, planned: PlannedPart, room: int, fps: Fraction
) -> TimelineClip:
    """Another take in the place of the picked one, cut to its length."""
    until = frame_times(part.file).end if part.end is None else part.end
    frames = max(1, min(room, round((until - part.start) * fps)))
    return _clip(part, names, name, planned.first, frames, fps)


def _markers(part: ExportPart, planned: PlannedPart, fps: Fraction, before: int, opens: bool) -> list[Marker]:
    """Of the seams that are shown: a part may be cut before the next one in its file."""
    found = []
    shown = [seam for seam in part.seams if part.start <= seam.at and (part.end is None or seam.at < part.end)]
    seams = [seam for seam in shown if not (opens and seam.at == part.start)]
    for number, seam in enumerate(seams, before + 1):
        at = planned.first + min(round((seam.at - part.start) * fps), len(planned.shown) - 1)
        note = ". ".join(" ".join(text.split()) for text in (seam.words, seam.prompt) if text)
        found.append(Marker(at, seam.title or f"Seam {number}", note, seam.verdict))
    return found
