"""What a template of names would call two takes, before there is anything to export."""

from __future__ import annotations

from kling_desktop.export.names import check, preview

EXAMPLE: dict[str, str | int] = {
    "project": "Lantern Lake", "date": "2026-11-25", "time": "14-05", "title": "First snow, very light", "hop": 5,
    "take": 1, "len": 28, "prompt": "First snow, very light", "video_id": "892104", "task_id": "77125530",
    "parent": "892071", "rating": 4, "model": "kling-v2", "counter": 1, "width": 1920, "height": 1080,
    "hash8": "9c2f01ab", "format": "h264", "ext": "",
}  # fmt: skip
"""A value for every token."""


def example_names(template: str) -> tuple[str, ...]:
    """Two names as they would be written. Raises ValueError with the reason where the template cannot be used."""
    check(template)
    second = {**EXAMPLE, "take": 2, "counter": 2, "video_id": "892105", "task_id": "77125531", "hash8": "51d0aa7e"}
    return tuple(path.as_posix() for path in preview(template, [EXAMPLE, second], [".mp4", ".mp4"]))
