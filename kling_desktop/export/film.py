"""What is handed out: a film as export knows it, made of stretches of files, with what was asked and judged.

Texts become writable here: so the papers that are read back are those that were meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.takes import ColourMap
from kling_desktop.export.writable import writable


@dataclass(frozen=True, slots=True)
class ExportSeam:
    """Where one hop ends and the next begins, inside a part or at its beginning."""

    at: Fraction
    """In seconds from the first frame of the part's file."""
    verdict: str = ""
    """One word for machines: clean, slight, bad, or doubtful where it is only about there; empty when nobody looked."""
    words: str = ""
    """What the window says of it, and what was measured."""
    prompt: str = ""
    """What the hop that begins here was asked with."""
    title: str = ""
    """Its name and verdict in a few words, as the window says them: what a marker is called."""

    def __post_init__(self) -> None:
        _make_writable(self, "verdict", "words", "prompt", "title")


@dataclass(frozen=True, slots=True)
class ExportPart:
    """A stretch of one clip's file, and what made the clip."""

    file: Path
    start: Fraction = Fraction(0)
    """When the first frame that is shown is due, in seconds from the file's first."""
    end: Fraction | None = None
    """When the first frame that is no longer shown is due; None shows the file to its end."""
    colour: ColourMap | None = None
    clip_id: str = ""
    """Kling's video id, or `file:` and the SHA-256 of a file that the creator brought in."""
    prompt: str = ""
    negative_prompt: str = ""
    task_ids: tuple[str, ...] = ()
    """Kling's ids of the tasks that made the clip, the newest last."""
    seams: tuple[ExportSeam, ...] = ()
    """In the order of time; the one at `start` joins this part to the one before."""
    alternates: tuple[ExportPart, ...] = ()
    """Other takes of the same hop."""
    form: tuple[tuple[str, str], ...] = ()
    """What else the form said when it was asked for, name and value: way, guidance, options."""

    def __post_init__(self) -> None:
        _make_writable(self, "clip_id", "prompt", "negative_prompt")
        object.__setattr__(self, "task_ids", tuple(map(writable, self.task_ids)))
        object.__setattr__(self, "form", tuple((writable(name), writable(value)) for name, value in self.form))

    @property
    def is_own_footage(self) -> bool:
        return self.clip_id.startswith("file:")


@dataclass(frozen=True, slots=True)
class ExportFilm:
    """A film, a take or a stretch of either."""

    name: str
    parts: tuple[ExportPart, ...]
    """At least one."""

    def __post_init__(self) -> None:
        _make_writable(self, "name")


def _make_writable(made: object, *texts: str) -> None:
    for name in texts:
        object.__setattr__(made, name, writable(getattr(made, name)))


def stretch(film: ExportFilm, lengths: tuple[Fraction, ...], begin: Fraction, end: Fraction) -> ExportFilm:
    """What is shown between two times of the film, in seconds; `lengths` are its parts', as they are shown.

    Raises ValueError when that is nothing.
    """
    kept, place = [], Fraction(0)
    for part, length in zip(film.parts, lengths, strict=True):
        first, last = max(begin - place, Fraction(0)), min(end - place, length)
        if first < last:
            until = part.end if last == length else part.start + last
            kept.append(_cut(part, part.start + first, until))
        place += length
    if not kept:
        raise ValueError("nothing lies between these times")
    return ExportFilm(film.name, tuple(kept))


def hops(film: ExportFilm) -> tuple[ExportFilm, ...]:
    """Each hop as a film of its own: cut at every seam, first to last."""
    found: list[ExportPart] = []
    for part in film.parts:
        inner = [seam.at for seam in part.seams if part.start < seam.at and (part.end is None or seam.at < part.end)]
        edges = [part.start, *inner]
        for first, last in zip(edges, [*inner, part.end], strict=True):
            found.append(_cut(part, first, last))
    return tuple(ExportFilm(film.name, (part,)) for part in found)


def tail(film: ExportFilm) -> ExportFilm:
    """The newest hop alone: what the last extension or continuation added."""
    return hops(film)[-1]


def _cut(part: ExportPart, start: Fraction, end: Fraction | None) -> ExportPart:
    seams = tuple(seam for seam in part.seams if start <= seam.at and (end is None or seam.at < end))
    asked = next((seam.prompt for seam in seams if seam.at == start and seam.prompt), part.prompt)
    return ExportPart(
        part.file, start, end, part.colour, part.clip_id, asked, part.negative_prompt, part.task_ids, seams,
        part.alternates, part.form,
    )  # fmt: skip
