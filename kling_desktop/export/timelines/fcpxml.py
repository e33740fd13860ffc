"""FCPXML 1.10 for Final Cut Pro: library, event and project, assets with handles, seams as markers with notes."""

from __future__ import annotations

from fractions import Fraction
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from kling_desktop.export.timelines.timeline import FIRST_HOUR, Timeline, TimelineClip

_FORMAT = "r1"
"""Of the timeline."""

_RATES: Final = ("23.98", "24", "25", "29.97", "30", "47.95", "48", "50", "59.94", "60")
"""Names of rates that a clip may be conformed from."""


_REC_709: Final = "1-1-1 (Rec. 709)"
_COLOURS: Final = {16: "9-16-9 (Rec. 2020 PQ)", 18: "9-18-9 (Rec. 2020 HLG)"}
"""Transfer function -> the format's name of the colours that go with it; all others are taken for Rec. 709."""


def fcpxml(timeline: Timeline) -> bytes:
    """The file. Times are exact fractions of a second, as the format asks for."""
    root = Element("fcpxml", version="1.10")
    resources = SubElement(root, "resources")
    assets = _resources(resources, timeline)
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
        _placed(SubElement(spine, "asset-clip"), clip, assets, timeline, _time(begin + clip.at, timeline))
        _dress(spine[-1], clip, assets, timeline)
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
    return head + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def _resources(resources: Element, timeline: Timeline) -> dict[str, Element]:
    """A format for each shape and rate, the timeline's first; an asset for each file. Gives the assets by name."""
    own = (timeline.fps, timeline.width, timeline.height, _COLOURS.get(timeline.transfer, _REC_709))
    formats = {own: _FORMAT}
    assets: dict[str, Element] = {}
    resources.append(_format(_FORMAT, *own))
    for clip in timeline.every_clip:
        media = clip.media
        if media.name in assets:
            continue
        shape = (media.fps, media.width, media.height, _COLOURS.get(media.transfer, _REC_709))
        if shape not in formats:
            name = f"r{len(formats) + len(assets) + 1}"
            resources.insert(len(formats), _format(name, *shape))
            formats[shape] = name
        asset = assets[media.name] = SubElement(
            resources,
            "asset",
            id=f"r{len(formats) + len(assets) + 1}",
            name=media.name.rpartition(".")[0],
            start=_seconds(media.begins / media.fps),
            duration=_seconds(media.frames / media.fps),
            hasVideo="1",
            format=formats[shape],
        )
        if media.channels:
            asset.attrib |= {"hasAudio": "1", "audioSources": "1", "audioChannels": str(media.channels)}
        SubElement(asset, "media-rep", kind="original-media", src=f"./media/{quote(media.name)}")
    return assets


def _format(name: str, fps: Fraction, width: int, height: int, colours: str) -> Element:
    size = {"width": str(width), "height": str(height), "colorSpace": colours}
    return Element("format", {"id": name, "frameDuration": _seconds(1 / fps)} | size)


def _placed(element: Element, clip: TimelineClip, assets: dict[str, Element], timeline: Timeline, offset: str) -> None:
    element.attrib |= {
        "ref": assets[clip.media.name].attrib["id"],
        "name": clip.name,
        "offset": offset,
        "start": _own_time(clip, clip.source, timeline),
        "duration": _time(clip.frames, timeline),
        "format": assets[clip.media.name].attrib["format"],
        "tcFormat": "NDF",
    }
    if clip.prompt:
        SubElement(element, "note").text = clip.prompt
    if clip.media.fps != timeline.fps:  # else Final Cut may play every picture, and so at another speed
        rate = SubElement(element, "conform-rate", scaleEnabled="0")
        if (name := f"{float(clip.media.fps):.2f}".removesuffix(".00")) in _RATES:
            rate.set("srcFrameRate", name)


def _dress(element: Element, clip: TimelineClip, assets: dict[str, Element], timeline: Timeline) -> None:
    """Other takes connected above it, then its markers, in the format's order; both count in the clip's own time."""
    for lane, track in enumerate(timeline.others, 1):
        for other in track:
            if other.at == clip.at:
                above = SubElement(element, "asset-clip", lane=str(lane), enabled="0")
                _placed(above, other, assets, timeline, _own_time(clip, clip.source, timeline))
    for marker in timeline.markers:
        if clip.at <= marker.at < clip.at + clip.frames:
            place = _own_time(clip, clip.source + marker.at - clip.at, timeline)
            marked = SubElement(element, "marker", start=place, duration=_time(1, timeline))
            marked.set("value", marker.name)
            if marker.note:
                marked.set("note", marker.note)


def _own_time(clip: TimelineClip, frame: int, timeline: Timeline) -> str:
    """When a frame of its file is due, by the file's own timecode: Final Cut looks for it there."""
    return _seconds(clip.media.begins / clip.media.fps + frame / timeline.fps)


def _time(frames: int, timeline: Timeline) -> str:
    return _seconds(frames / timeline.fps)


def _seconds(seconds: Fraction) -> str:
    return f"{seconds.numerator}s" if seconds.denominator == 1 else f"{seconds.numerator}/{seconds.denominator}s"
