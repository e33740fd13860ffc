"""How a generation is written as one JSON text, and read back by whatever version of the program."""

from __future__ import annotations

import json
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from kling_desktop.domain.tasks import Generation

_PATHS = ("first_frame", "end_frame")
_FRACTIONS = ("parent_end",)
_LONGEST_SECONDS = 3600
_KNOWN = frozenset(each.name for each in fields(Generation))


def generation_text(generation: Generation | None) -> str | None:
    """All fields of it by name; None for none."""
    if generation is None:
        return None
    return json.dumps({each.name: _plain(getattr(generation, each.name)) for each in fields(generation)})


def generation_of(text: str | None) -> Generation | None:
    """The generation of a text: fields that this version does not know are left out, missing ones stay default.

    Raises ValueError, TypeError or AttributeError for a text that makes no sense.
    """
    if not text:
        return None
    read = Generation(**{name: _read(name, value) for name, value in json.loads(text).items() if name in _KNOWN})
    if not all(isinstance(each, str) for each in (read.model, read.mode, read.aspect_ratio)):
        raise TypeError("a model, mode or shape that is no text")
    if type(read.seconds) is not int or not 0 < read.seconds <= _LONGEST_SECONDS:
        raise ValueError(f"{read.seconds} seconds")
    return read


def _plain(value: object) -> object:
    return str(value) if isinstance(value, (Path, Fraction)) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _PATHS:
        return Path(value)
    return Fraction(value) if name in _FRACTIONS else value
