"""Marker EDL for DaVinci Resolve: one event of one frame for each seam."""

from __future__ import annotations

from typing import Final

from kling_desktop.export.timelines.timeline import Timeline

COLOURS: Final = {"clean": "Green", "slight": "Yellow", "doubtful": "Blue"}
"""Verdict of a seam -> colour of its marker; others are red, seams that nobody looked at blue, too."""


def marker_edl(timeline: Timeline) -> str:
    """The file, to be imported with Timelines > Import > Timeline Markers from EDL."""
    lines = [f"TITLE: {_plain(timeline.name)}", "FCM: NON-DROP FRAME", ""]
    for number, marker in enumerate(timeline.markers, 1):
        begin, end = timeline.timecode(marker.at), timeline.timecode(marker.at + 1)
        colour = COLOURS.get(marker.verdict, "Red" if marker.verdict else "Blue")
        lines += [
            f"{number:03}  001      V     C        {begin} {end} {begin} {end}  ",
            f"{_plain(marker.note)} |C:ResolveColor{colour} |M:{_plain(marker.name)} |D:1",
            "",
        ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """One line without the sign that parts the fields."""
    return " ".join(text.replace("|", "/").split())
