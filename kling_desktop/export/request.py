"""What is asked of export, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Options


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported, where to, and how."""

    film: ExportFilm
    format_key: str
    folder: Path
    name: Path
    """Relative to the folder, as `names.filled` makes it, with its ending."""
    options: Options = field(default_factory=Options)
    sidecar: bool = False
    """Whether the papers are to lie beside it as JSON; a folder has them always."""
    poster: bool = False
    """Whether its first frame is to lie beside it as PNG."""
    library: Mapping[str, object] = field(default_factory=dict)
    """What the library knows of the film, for an archive; must go into JSON."""

    @property
    def target(self) -> Path:
        return self.folder / self.name


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export."""

    file: Path
    """The file, or the folder of a sequence."""
    frames: int
    seconds: Fraction
    notes: tuple[str, ...] = ()
    """What the creator should know: where a cut fell, what was lost."""
