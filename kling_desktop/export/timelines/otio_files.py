"""OpenTimelineIO: film.otio, and Premiere's XML by its adapter; the only door of that library, which may be missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

from kling_desktop.export.timelines.marker_edl import COLOURS
from kling_desktop.export.timelines.timeline import FIRST_HOUR, Timeline, TimelineClip

ADAPTER: Final = "otio_fcp_adapter"
"""Writes the XML that Premiere reads (xmeml)."""

_COUNTED: Final = Fraction(24)
"""A rate whose timecodes the adapter writes: of most, such as 8 or 15, it refuses to (version 1.0)."""


def has_otio() -> bool:
    return find_spec("opentimelineio") is not None


def has_premiere() -> bool:
    return has_otio() and find_spec(ADAPTER) is not None


def fits_premiere(fps: Fraction) -> bool:
    """Whether its XML has a way to say this rate: so many whole frames in a second, or in 1.001 seconds."""
    return fps.denominator == 1 or (fps * 1001 / 1000).denominator == 1


def write_otio(timeline: Timeline, file: Path) -> None:
    """Write film.otio; its media are named relative to it. Raises OSError, ImportError where the library is missing."""
    import opentimelineio

    made = _built(timeline, "media/")
    file.write_text(opentimelineio.adapters.write_to_string(made, "otio_json"), encoding="utf-8")


def write_premiere(timeline: Timeline, file: Path) -> None:
    """Write Premiere's XML, for a timeline whose rate `fits_premiere`.

    Its media are named relative to it, so that the folder can be moved: Premiere and Resolve
    look there for them, as the storyboards of Storyboarder have relied on for years.

    Raises OSError, ImportError where the library is missing.
    """
    import opentimelineio

    told = _told(timeline)
    made = _built(_at_rate(told, _COUNTED), "./media/")
    file.write_bytes(_finished(opentimelineio.adapters.write_to_string(made, "fcp_xml"), told))


def _finished(text: str, timeline: Timeline) -> bytes:
    """What the adapter leaves out (seen in version 1.0): the size of the picture, which clips are muted, and what a
    marker says beside its name. And the rates, for which it was given another.
    """
    root = ElementTree.fromstring(text)  # noqa: S314 - just written by ourselves
    _say_rate(root, timeline.fps)
    rates = {clip.media.name: clip.media.fps for clip in timeline.every_clip}
    for media in root.iter("file"):
        if (name := media.findtext("name")) in rates:
            _say_rate(media, rates[name])
    for begin in root.iterfind(".//sequence/timecode/frame"):
        begin.text = str(FIRST_HOUR * timeline.nominal)
    for form in root.iterfind(".//sequence/media/video/format"):
        shape = ElementTree.SubElement(form, "samplecharacteristics")
        for name, value in (("width", timeline.width), ("height", timeline.height)):
            ElementTree.SubElement(shape, name).text = str(value)
    for track in root.findall(".//sequence/media/video/track")[1:]:
        for clip in track.iter("clipitem"):
            ElementTree.SubElement(clip, "enabled").text = "FALSE"
    for mark, marker in zip(root.iterfind(".//sequence/marker"), timeline.markers, strict=True):
        words = ElementTree.Element("comment")
        words.text = marker.note
        mark.insert(1, words)  # behind its name
    for clip in root.iter("clipitem"):
        for rate in clip.findall("rate")[1:]:
            clip.remove(rate)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'
    return head + ElementTree.tostring(root, encoding="unicode").encode()


def _say_rate(below: ElementTree.Element, fps: Fraction) -> None:
    for rate in below.iter("rate"):
        for name, value in (("timebase", str(round(fps))), ("ntsc", str(fps.denominator > 1).upper())):
            for found in rate.iterfind(name):
                found.text = value


def _told(timeline: Timeline) -> Timeline:
    """With media whose rate the XML cannot say counted at the timeline's, and all from their first frame, as its in and
    out are: editors read the file's own rate and timecode from it.
    """

    def of(clip: TimelineClip) -> TimelineClip:
        media = replace(clip.media, begins=0)
        if fits_premiere(media.fps):
            return replace(clip, media=media)
        frames = max(round(media.frames * timeline.fps / media.fps), clip.source + clip.frames)
        return replace(clip, media=replace(media, fps=timeline.fps, frames=frames))

    return timeline.each(of)


def _at_rate(timeline: Timeline, fps: Fraction) -> Timeline:
    """With the same counts of frames at another rate."""
    return replace(timeline.each(lambda clip: replace(clip, media=replace(clip.media, fps=fps))), fps=fps)


def _built(timeline: Timeline, folder: str) -> Any:
    import opentimelineio as otio

    rate = float(timeline.fps)
    start = otio.opentime.RationalTime(FIRST_HOUR * timeline.nominal, rate)
    made = otio.schema.Timeline(timeline.name, global_start_time=start)
    video = otio.schema.TrackKind.Video
    made.tracks.append(_track(timeline.clips, "Film", video, timeline.fps, folder))
    for number, clips in enumerate(timeline.others, 2):
        above = _track(clips, f"Other takes {number - 1}", video, timeline.fps, folder)
        above.enabled = False
        for clip in above.find_clips():
            clip.enabled = False
        made.tracks.append(above)
    if any(clip.media.channels for clip in timeline.clips):
        # Under other names: the adapter takes clips that are equal for one and the same.
        sounding = tuple(replace(clip, name=f"{clip.name} sound") for clip in timeline.clips if clip.media.channels)
        made.tracks.append(_track(sounding, "Sound", otio.schema.TrackKind.Audio, timeline.fps, folder))
    for marker in timeline.markers:
        made.tracks.markers.append(
            otio.schema.Marker(
                marker.name,
                _range(marker.at, 1, rate),
                COLOURS.get(marker.verdict, "red" if marker.verdict else "blue").upper(),
                {"kling_desktop": {"verdict": marker.verdict}},
                marker.note,
            )
        )
    return made


def _track(clips: tuple[TimelineClip, ...], name: str, kind: str, fps: Fraction, folder: str) -> Any:
    import opentimelineio as otio

    track, place, rate = otio.schema.Track(name, kind=kind), 0, float(fps)
    for clip in clips:
        if clip.at > place:
            track.append(otio.schema.Gap(source_range=_range(0, clip.at - place, rate)))
        its_own = _range(clip.media.begins, clip.media.frames, float(clip.media.fps))
        media = otio.schema.ExternalReference(folder + quote(clip.media.name), its_own)
        media.name = clip.media.name
        source = float(clip.media.begins * fps / clip.media.fps) + clip.source
        metadata = {"kling_desktop": {"clip_id": clip.clip_id, "prompt": clip.prompt}}
        track.append(otio.schema.Clip(clip.name, media, _range(source, clip.frames, rate), metadata))
        place = clip.at + clip.frames
    return track


def _range(start: float, frames: int, rate: float) -> Any:
    import opentimelineio as otio

    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(start, rate), time(frames, rate))
