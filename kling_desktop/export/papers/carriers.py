"""Writes a film's papers into an export and beside it, and reads them back from the file alone."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from kling_desktop.errors import ExportDiffers, KlingDesktopError
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers import xmp
from kling_desktop.export.papers.record import KEY, Papers, from_json, to_json
from kling_desktop.media.writing.read_back import tags_of

AIGC: Final = "AIGC"
"""The mark of generated content that Chinese law asks for (GB 45438-2025): a key in the file, plain JSON."""

FOLDER_RECORD: Final = "kling_desktop.json"
"""The papers of an export that is a folder."""

_NOT_CARRIED: Final = ("major_brand", "minor_version", "compatible_brands", "encoder", KEY)
"""What a container says of itself."""


def tags_for(film: ExportFilm, papers: Papers) -> dict[str, str]:
    """The tags of an export: all keys of the sources, the first part's first; their AIGC mark; the papers.

    Raises what `source.opened` does.
    """
    tags: dict[str, str] = {}
    for part in film.parts:
        tags = {**tags_of(part.file), **tags}
    tags = {name: value for name, value in tags.items() if name.lower() not in _NOT_CARRIED}
    if marks := aigc_marks(film):
        tags[AIGC] = marks[0]
    tags["digital_source_type"] = xmp.digital_source_type(film)
    tags.setdefault("title", film.name)
    return tags | {KEY: to_json(papers)}


def aigc_marks(film: ExportFilm) -> list[str]:
    """The AIGC marks of the film's sources, each once, in the order of the parts."""
    marks = [tags_of(part.file).get(AIGC, "") for part in film.parts]
    return list(dict.fromkeys(mark for mark in marks if mark))


def lost(film: ExportFilm) -> tuple[str, ...]:
    """What the sources have that an export cannot keep, in plain English. The originals keep it."""
    signed = any(xmp.box(part.file, xmp.C2PA_UUID) for part in film.parts)
    return (
        ("The signed C2PA record of the source stays with the original; an export cannot carry it.",) if signed else ()
    )


def embed(file: Path, film: ExportFilm, papers: Papers) -> bool:
    """Put the XMP packet into an export that can hold one, and read it back.

    False when it cannot: then the sidecar alone tells. Raises OSError, ExportDiffers.
    """
    marks = aigc_marks(film)
    record = to_json(papers)
    if not xmp.embed(file, xmp.packet(film, record, marks[0] if marks else "")):
        return False
    back = xmp.read_packet(xmp.extract(file))
    if not back:
        return False
    if back.get("film") != record or back.get(AIGC, "") != (marks[0] if marks else ""):
        raise ExportDiffers("its papers came back otherwise than they were written")
    return True


def mark_pictures(folder: Path, film: ExportFilm) -> None:
    """Say in each PNG of a folder how it came to be; the papers lie beside them. Raises OSError, ExportDiffers."""
    marks = aigc_marks(film)
    packet = xmp.packet(film, "", marks[0] if marks else "")
    for file in folder.glob("*.png"):
        if not xmp.embed(file, packet) or xmp.extract(file) != packet:
            raise ExportDiffers(f"{file.name} does not say how it came to be")


def check_tags(file: Path, tags: dict[str, str]) -> None:
    """Raises ExportDiffers unless all tags are in the file."""
    found = tags_of(file)
    if missing := [name for name, value in tags.items() if found.get(name) != value]:
        raise ExportDiffers(f"tags were lost: {', '.join(missing)}")


def sidecar(papers: Papers, film: ExportFilm) -> bytes:
    """The papers as a file beside the export, with all AIGC marks of the sources."""
    record = json.loads(to_json(papers)) | {
        "digital_source_type": xmp.digital_source_type(film),
        "aigc": aigc_marks(film),
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def read_papers(file: Path) -> Papers | None:
    """The papers of an export or of a kept file: in it, else beside it. None when there are none.

    Never raises for what lies in the file.
    """
    for text in _records(file):
        if papers := from_json(text):
            return papers
    return None


def _records(file: Path) -> list[str]:
    found: list[str] = []
    beside = file / FOLDER_RECORD if file.is_dir() else file.with_suffix(".json")
    if not file.is_dir():
        with suppress(KlingDesktopError):  # a GIF, a WebP, or no film at all: it may have a packet
            found.append(tags_of(file).get(KEY, ""))
        try:
            found.append(xmp.read_packet(xmp.extract(file)).get("film", ""))
        except OSError:
            return found
    try:
        found.append(beside.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return found
    return found
