"""What the papers of an export say: film, parts, words, ids, cuts, colours; no account, no key, no address."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from kling_desktop.domain.takes import ColourMap
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.names import cleaned, legal

VERSION: Final = 1
KEY: Final = "kling_desktop"
"""Name of the tag in MP4 and QuickTime files."""

_NUMBER: Final = re.compile(r"-?[0-9]{1,40}([/.][0-9]{1,40})?")
_PIECE = 1 << 20
_MOST_PARTS: Final = 10_000
_LONGEST_SUFFIX: Final = 16
_UNKNOWN: Final[Mapping[Path, str]] = {}
_SEAM_TEXTS: Final = ("verdict", "words", "prompt", "title")
"""Beside its time. Records of older versions lack the last one."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a film is made of, so that it is known again wherever it lies."""

    name: str
    sha256: str
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What made an export."""

    film: ExportFilm
    """Its parts' files are bare names; `relinked` finds them."""
    sources: tuple[Source, ...]
    format: str = ""
    """Key of the format it was written in."""


def papers_of(film: ExportFilm, format_key: str = "", sums: Mapping[Path, str] = _UNKNOWN) -> Papers:
    """The papers of a film. Reads its files once for their sums, unless these are given. Raises OSError."""
    names = file_names(film)
    sources = tuple(
        Source(name, sums.get(file) or sha256_of(file), file.stat().st_size) for file, name in names.items()
    )
    bare = {file: Path(name) for file, name in names.items()}
    return Papers(replace(film, parts=tuple(_renamed(part, bare) for part in film.parts)), sources, format_key)


def legal_name(file: Path) -> str:
    """The name of a file, as every system takes it."""
    suffix = cleaned(file.suffix).rstrip(" .")
    if len(suffix) > _LONGEST_SUFFIX:  # of no kind of file
        return legal(file.name) or "clip"
    return f"{legal(file.stem) or 'clip'}{suffix}"


def file_names(film: ExportFilm) -> dict[Path, str]:
    """A name for each file of the film, other takes too: each once, though they may lie in different folders, and one
    that every system takes: what the creator brought in may bear a name that only this one does.
    """
    named: dict[Path, str] = {}
    for file in dict.fromkeys(part.file for top in film.parts for part in (top, *top.alternates)):
        name, number = legal_name(file), 1
        stem, suffix = Path(name).stem, Path(name).suffix
        while name.casefold() in (other.casefold() for other in named.values()):
            number += 1
            name = f"{stem}-{number}{suffix}"
        named[file] = name
    return named


def sha256_of(file: Path) -> str:
    """Raises OSError."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def relinked(
    papers: Papers, candidates: list[Path], progress: Callable[[int, int], object] = lambda *_: None
) -> tuple[ExportFilm, tuple[str, ...]]:
    """The film with its files found by content among the candidates (files), and the names of those not found.

    A part whose file is missing keeps its bare name: a placeholder. Only files of the right size are read; `progress`
    is told how many bytes of them are, and of how many, and what it raises ends the reading.
    """
    sizes = {source.size for source in papers.sources}
    wanted = [file for file in dict.fromkeys(candidates) if file.is_file() and file.stat().st_size in sizes]
    total, done = sum(file.stat().st_size for file in wanted), 0
    found: dict[str, Path] = {}
    for file in wanted:
        digest = hashlib.sha256()
        with file.open("rb") as data:
            while piece := data.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                progress(done, total)
        found |= {each.name: file for each in papers.sources if each.sha256 == digest.hexdigest()}
    return with_files(papers, found)


def with_files(papers: Papers, found: Mapping[str, Path]) -> tuple[ExportFilm, tuple[str, ...]]:
    """The film on the files that were found for these names of its sources, and the names of the others."""
    missing = tuple(source.name for source in papers.sources if source.name not in found)
    files = {Path(name): file for name, file in found.items()}
    return replace(papers.film, parts=tuple(_renamed(part, files) for part in papers.film.parts)), missing


def to_json(papers: Papers) -> str:
    """One line of JSON."""
    record = {
        "version": VERSION,
        "film": papers.film.name,
        "format": papers.format,
        "parts": [_part_record(part) for part in papers.film.parts],
        "sources": [{"name": each.name, "sha256": each.sha256, "bytes": each.size} for each in papers.sources],
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def film_record(film: ExportFilm) -> dict[str, Any]:
    """A film with the whole paths of its files, for this computer's own use. Goes into JSON."""
    files = list(file_names(film))
    numbered = {file: Path(str(number)) for number, file in enumerate(files)}
    parts = [_part_record(_renamed(part, numbered)) for part in film.parts]
    return {"film": film.name, "parts": parts, "paths": [str(file) for file in files]}


def film_of_record(record: dict[str, Any]) -> ExportFilm:
    """Raises ValueError, TypeError, KeyError for what is no such record."""
    files = {Path(str(number)): Path(path) for number, path in enumerate(record["paths"])}
    return ExportFilm(str(record["film"]), tuple(_renamed(_part(each), files) for each in record["parts"]))


def from_json(text: str) -> Papers | None:
    """None when it is not what this program writes: files from elsewhere may hold anything."""
    try:
        record = json.loads(text)
        if record["version"] != VERSION or not 0 < len(record["parts"]) <= _MOST_PARTS:
            return None
        film = ExportFilm(str(record["film"]), tuple(_part(each) for each in record["parts"]))
        sources = tuple(
            Source(_bare(each["name"]), str(each["sha256"]), int(each["bytes"])) for each in record["sources"]
        )
        return Papers(film, sources, str(record.get("format", "")))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, ZeroDivisionError, RecursionError):
        return None


def is_newer(text: str) -> bool:
    """Whether a newer version of this program may have written what `from_json` cannot read."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return False
    version = record.get("version") if isinstance(record, dict) and "parts" in record else None
    return type(version) is int and version > VERSION


def exact(text: object) -> Fraction:
    """A number as records hold it: whole, a fraction, or with decimals. Raises ValueError for anything else: a power of
    ten, which Fraction takes as well, may fill the memory. ZeroDivisionError.
    """
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return Fraction(text)


def _renamed(part: ExportPart, files: dict[Path, Path]) -> ExportPart:
    alternates = tuple(_renamed(each, files) for each in part.alternates)
    return replace(part, file=files.get(part.file, part.file), alternates=alternates)


def _part_record(part: ExportPart) -> dict[str, Any]:
    colour = part.colour
    record = {
        "file": part.file.name,
        "start": str(part.start),
        "end": None if part.end is None else str(part.end),
        "colour": None if colour is None else {"luma": colour.luma, "chroma": colour.chroma},
        "clip_id": part.clip_id,
        "prompt": part.prompt,
        "negative_prompt": part.negative_prompt,
        "task_ids": part.task_ids,
        "seams": [{"at": str(each.at)} | {name: getattr(each, name) for name in _SEAM_TEXTS} for each in part.seams],
        "alternates": [_part_record(each) for each in part.alternates],
        "form": {name: value for name, value in part.form if "://" not in value},  # an address may be signed
    }
    return {name: value for name, value in record.items() if value not in (None, "", (), [], {})}


def _part(record: dict[str, Any]) -> ExportPart:
    colour, end = record.get("colour"), record.get("end")
    return ExportPart(
        Path(_bare(record["file"])),
        exact(record["start"]) if "start" in record else Fraction(0),
        None if end is None else exact(end),
        None if colour is None else _colour(colour),
        str(record.get("clip_id", "")),
        str(record.get("prompt", "")),
        str(record.get("negative_prompt", "")),
        tuple(str(each) for each in record.get("task_ids", ())),
        tuple(
            ExportSeam(exact(each["at"]), **{name: str(each.get(name, "")) for name in _SEAM_TEXTS})
            for each in record.get("seams", ())
        ),
        tuple(_part(each) for each in record.get("alternates", ())),
        tuple((str(name), str(value)) for name, value in record.get("form", {}).items()),
    )


def _colour(record: dict[str, Any]) -> ColourMap:
    a, b, c = (float(each) for each in record["luma"])
    bb, br, b0, rb, rr, r0 = (float(each) for each in record["chroma"])
    return ColourMap((a, b, c), (bb, br, b0, rb, rr, r0))


def _bare(name: str) -> str:
    """A file's name without any folder: papers from elsewhere must not point anywhere."""
    bare = str(name).replace("\\", "/").rsplit("/", 1)[-1]
    if bare in ("", ".", ".."):
        raise ValueError("no name")
    return bare
