"""What is asked of export, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from kling_desktop.export.film import ExportFilm
from kling_desktop.export.options import Options
from kling_desktop.export.papers.record import exact, film_of_record, film_record

_MARK: Final = re.compile(r"[0-9a-f]{8}")


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
    mark: str = ""
    """Eight hexadecimal digits by which what it writes is known as its own; empty while it stands in no queue."""

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


def record_of(request: Request) -> dict[str, Any]:
    """The request as it goes into JSON, with the whole paths of this computer."""
    options = request.options
    return {
        **film_record(request.film),
        "format": request.format_key,
        "folder": str(request.folder),
        "name": request.name.as_posix(),
        "aspect": _text(options.aspect),
        "crop": options.crop,
        "longest": options.longest,
        "rate": _text(options.rate),
        "blend": str(options.blend_seconds),
        "most_bytes": options.most_bytes,
        "sidecar": request.sidecar,
        "poster": request.poster,
        "library": dict(request.library),
        "mark": request.mark,
    }


def request_of(record: dict[str, Any]) -> Request:
    """Raises ValueError, TypeError, KeyError, AttributeError, IndexError for what is no such record."""
    aspect, rate, longest = record["aspect"], record["rate"], record["longest"]
    options = Options(
        None if aspect is None else exact(aspect),
        bool(record["crop"]),
        None if longest is None else int(longest),
        None if rate is None else exact(rate),
        exact(record["blend"]),
        None if record.get("most_bytes") is None else int(record["most_bytes"]),
    )
    return Request(
        film_of_record(record),
        str(record["format"]),
        Path(record["folder"]),
        Path(record["name"]),
        options,
        bool(record["sidecar"]),
        bool(record["poster"]),
        dict(record["library"]),
        _mark_read(record.get("mark", "")),
    )


def _mark_read(mark: object) -> str:
    """It comes to stand in names of files."""
    if mark == "" or (isinstance(mark, str) and _MARK.fullmatch(mark)):
        return mark
    raise ValueError("no mark of ours")


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
