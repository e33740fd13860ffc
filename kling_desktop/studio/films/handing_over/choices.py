"""What there is to choose from in an export, and what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kling_desktop.export.names import DEFAULT, TOKENS
from kling_desktop.export.options import Options
from kling_desktop.export.presets import PRESETS, Preset
from kling_desktop.studio.films.handing_over.pieces import What

__all__ = ["DEFAULT", "PRESETS", "TOKENS", "Options", "Preset", "Wish"]


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
