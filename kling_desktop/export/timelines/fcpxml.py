"""FCPXML 1.10 for Final Cut Pro: library, event and project, assets with handles, seams as markers with notes."""

from __future__ import annotations

from fractions import Fraction
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from kling_desktop.export.timelines.timeline import FIRST_HOUR, Timeline, TimelineClip

_FORMAT = "r1"


def fcpxml(timeline: Timeline) -> bytes:
    """The file. Times are exact fractions of a second, as the format asks for."""
    root = Element("fcpxml", version="1.10")
    resources = SubElement(root, "resources")
    SubElement(
        resources,
        "format",
        id=_FORMAT,
        frameDuration=_time(1, timeline),
        width=str(timeline.width),
        height=str(timeline.height),
        colorSpace="1-1-1 (Rec. 709)",
    )
    assets = _assets(resources, timeline)
    event = SubElement(SubElement(root, "library"), "event", name=timeline.name)
    begin = FIRST_HOUR * timeline.nominal
    project = SubElement(event, "project", name=timeline.name)
    sequence = SubElement(
        project,
        "sequence",
        format=_FORMAT,
        duration=_time(timeline.frames, timeline),
        tcStart=_time(begin, timeline),
        tcFormat="NDF",
    )
    spine = SubElement(sequence, "spine")
    for clip in timeline.clips:
        _placed(SubElement(spine, "asset-clip"), clip, assets, timeline, begin + clip.at)
        _dress(spine[-1], clip, assets, timeline)
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
    return head + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def _assets(resources: Element, timeline: Timeline) -> dict[str, str]:
    """One asset for each file; gives their ids."""
    ids: dict[str, str] = {}
    for clip in (*timeline.clips, *(clip for track in timeline.others for clip in track)):
        if clip.media in ids:
            continue
        ids[clip.media] = f"r{len(ids) + 2}"
        asset = SubElement(
            resources,
            "asset",
            id=ids[clip.media],
            name=clip.media.rpartition(".")[0],
            start="0s",
            duration=_time(clip.available, timeline),
            hasVideo="1",
            format=_FORMAT,
        )
        if clip.has_sound:
            asset.attrib |= {"hasAudio": "1", "audioSources": "1", "audioChannels": "2"}
        SubElement(asset, "media-rep", kind="original-media", src=f"./media/{quote(clip.media)}")
    return ids


def _placed(element: Element, clip: TimelineClip, assets: dict[str, str], timeline: Timeline, offset: int) -> None:
    element.attrib |= {
        "ref": assets[clip.media],
        "name": clip.name,
        "offset": _time(offset, timeline),
        "start": _time(clip.source, timeline),
        "duration": _time(clip.frames, timeline),
        "format": _FORMAT,
        "tcFormat": "NDF",
    }
    if clip.prompt:
        SubElement(element, "note").text = clip.prompt


def _dress(element: Element, clip: TimelineClip, assets: dict[str, str], timeline: Timeline) -> None:
    """Other takes connected above it, then its markers, in the format's order; both count in the clip's own time."""
    for lane, track in enumerate(timeline.others, 1):
        for other in track:
            if other.at == clip.at:
                above = SubElement(element, "asset-clip", lane=str(lane), enabled="0")
                _placed(above, other, assets, timeline, clip.source)
    for marker in timeline.markers:
        if clip.at <= marker.at < clip.at + clip.frames:
            place = clip.source + marker.at - clip.at
            marked = SubElement(element, "marker", start=_time(place, timeline), duration=_time(1, timeline))
            marked.set("value", marker.name)
            if marker.note:
                marked.set("note", marker.note)


def _time(frames: int, timeline: Timeline) -> str:
    seconds = frames / Fraction(timeline.fps)
    return f"{seconds.numerator}s" if seconds.denominator == 1 else f"{seconds.numerator}/{seconds.denominator}s"
