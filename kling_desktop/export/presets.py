"""Presets: formats with options under a name, as data; the program's own and the creator's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from kling_desktop.export.options import Options

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
    Preset("Tall 9:16, cropped", "h264-anywhere", Options(_TALL, True, 1920)),
    Preset("Tall 9:16, with bars", "h264-anywhere", Options(_TALL, False, 1920)),
    Preset("Square 1:1, cropped", "h264-anywhere", Options(_SQUARE, True, 1080)),
    Preset("Wide 16:9, with bars", "h264-anywhere", Options(_WIDE, False, 1920)),
    Preset("Loop for the web, AVIF", "avif", Options(longest=480, rate=Fraction(12), blend_seconds=Fraction(1, 2))),
    Preset("Loop for chats, GIF", "gif", Options(longest=360, rate=Fraction(12))),
)


def to_json(presets: Sequence[Preset]) -> str:
    """The creator's own presets, to be kept with the settings."""
    return json.dumps([_record(preset) for preset in presets], ensure_ascii=False)


def from_json(text: str) -> tuple[Preset, ...]:
    """What `to_json` wrote; what cannot be read is left out. Whether there is such a format, its list knows."""
    try:
        records = json.loads(text)
    except ValueError:
        return ()
    found = (_preset(record) for record in records if isinstance(record, dict)) if isinstance(records, list) else ()
    return tuple(preset for preset in found if preset is not None)


def _record(preset: Preset) -> dict[str, Any]:
    options = preset.options
    return {
        "title": preset.title,
        "format": preset.format_key,
        "aspect": _text(options.aspect),
        "crop": options.crop,
        "longest": options.longest,
        "rate": _text(options.rate),
        "blend": str(options.blend_seconds),
    }


def _preset(record: dict[str, Any]) -> Preset | None:
    try:
        longest = record["longest"]
        options = Options(
            _number(record["aspect"]),
            bool(record["crop"]),
            None if longest is None else int(longest),
            _number(record["rate"]),
            _number(record["blend"]) or Fraction(0),
        )
        return Preset(str(record["title"]), str(record["format"]), options)
    except (KeyError, ValueError, TypeError, ZeroDivisionError):
        return None


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
