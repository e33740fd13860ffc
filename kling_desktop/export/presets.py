"""Presets: formats with options under a name, as data; the program's own and the creator's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from kling_desktop.export.options import Options
from kling_desktop.export.papers.record import exact

_LEAST_SIDE: Final = 16
_MOST_SIDE: Final = 16_384
_MOST_ASPECT: Final = Fraction(20)
_MOST_BLEND: Final = 60
_LEAST_BYTES: Final = 100_000

_TALL, _SQUARE, _WIDE = Fraction(9, 16), Fraction(1), Fraction(16, 9)


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice that can be made with one click."""

    title: str
    format_key: str
    """Of FORMATS or OUTPUTS."""
    options: Options = field(default_factory=Options)


PRESETS: Final = (
    Preset("Original file", "original"),
    Preset("For editing: ProRes 422 HQ", "prores-422-hq"),
    Preset("For editing: DNxHR HQ", "dnxhr-hq"),
    Preset("For anywhere", "h264-anywhere"),
    Preset("Small, for messages", "h264-small", Options(longest=1280)),
    Preset("Chats, at most 10 MB", "h264-anywhere", Options(longest=1280, most_bytes=10_000_000)),
    Preset("Mail, at most 25 MB", "h264-anywhere", Options(longest=1920, most_bytes=25_000_000)),
    Preset("Tall 9:16, cropped", "h264-anywhere", Options(_TALL, True, 1920)),
    Preset("Tall 9:16, with bars", "h264-anywhere", Options(_TALL, False, 1920)),
    Preset("Square 1:1, cropped", "h264-anywhere", Options(_SQUARE, True, 1080)),
    Preset("Wide 16:9, with bars", "h264-anywhere", Options(_WIDE, False, 1920)),
    Preset("Loop for the web, AVIF", "avif", Options(longest=480, rate=Fraction(12), blend_seconds=Fraction(1, 2))),
    Preset("Loop for chats, GIF", "gif", Options(longest=360, rate=Fraction(12))),
)


def records_of(text: str) -> list[Any]:
    """What is kept, whether it can be read here or not: a newer version of the program may have written it."""
    try:
        records = json.loads(text)
    except ValueError:
        return []
    return records if isinstance(records, list) else []


def record_of(preset: Preset) -> dict[str, Any]:
    """A preset as it is kept; goes into JSON."""
    options = preset.options
    return {
        "title": preset.title,
        "format": preset.format_key,
        "aspect": _text(options.aspect),
        "crop": options.crop,
        "longest": options.longest,
        "rate": _text(options.rate),
        "blend": str(options.blend_seconds),
        "most_bytes": options.most_bytes,
    }


def preset_of(record: object) -> Preset | None:
    """None for what is no preset, or has a size or rate that nothing can have. Whether there is such a format, its list
    knows.
    """
    if not isinstance(record, dict):
        return None
    try:
        title, form, crop, longest = record["title"], record["format"], record["crop"], record["longest"]
        aspect, rate, blend = _number(record["aspect"]), _number(record["rate"]), _number(record["blend"])
    except (KeyError, ValueError, ZeroDivisionError):
        return None
    options = Options(aspect, crop, longest, rate, blend or Fraction(0), record.get("most_bytes"))
    are_texts = isinstance(title, str) and isinstance(form, str) and bool(title.strip())
    return Preset(title, form, options) if are_texts and isinstance(crop, bool) and _is_possible(options) else None


def from_records(records: Sequence[object]) -> tuple[Preset, ...]:
    """Those that can be read, oldest first; of two that have one name the first."""
    found: dict[str, Preset] = {}
    for preset in map(preset_of, records):
        if preset is not None:
            found.setdefault(preset.title, preset)
    return tuple(found.values())


def _is_possible(options: Options) -> bool:
    aspect, longest, rate = options.aspect, options.longest, options.rate
    has_side = longest is None or (type(longest) is int and _LEAST_SIDE <= longest <= _MOST_SIDE)
    has_shape = aspect is None or 1 / _MOST_ASPECT <= aspect <= _MOST_ASPECT
    has_bytes = options.most_bytes is None or (type(options.most_bytes) is int and options.most_bytes >= _LEAST_BYTES)
    return (
        has_bytes
        and has_side
        and has_shape
        and (rate is None or rate > 0)
        and 0 <= options.blend_seconds <= _MOST_BLEND
    )


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: object) -> Fraction | None:
    return None if text is None else exact(text)
