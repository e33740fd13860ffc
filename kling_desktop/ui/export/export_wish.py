"""What the dialog of exports asks for, and what it is told about that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kling_desktop.export.formats.format import Options
from kling_desktop.studio.films.pieces import What


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything that stands in the dialog."""

    what: What
    others: bool
    format_key: str
    options: Options
    template: str
    folder: Path
    sidecar: bool
    poster: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The files that a wish would make."""

    names: tuple[str, ...]
    """With their folders, below the chosen one."""
    refusal: str = ""
    """Why it cannot be done; empty when it can."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked."""

    text: str
    good: bool = True
    """False: it cannot be exported like this."""
    is_note: bool = False
    """Something to know, neither good nor bad."""
