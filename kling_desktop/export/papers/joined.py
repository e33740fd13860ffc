"""The papers of a film that is joined for playing: it can be dragged out, and is then an export like others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers import carriers
from kling_desktop.export.papers.record import papers_of


def papers_for(film: ExportFilm) -> tuple[Mapping[str, str], Callable[[Path], object]]:
    """The tags that its file is to have, and what is to be done to it when it is written. Reads the film's files: for a
    thread.

    Other takes are left out: this says what is in the file, and nothing of theirs must keep it from being made. Raises
    what `carriers.tags_for` does, OSError; the second what `carriers.embed` does.
    """
    shown = replace(film, parts=tuple(replace(part, alternates=()) for part in film.parts))
    papers = papers_of(shown)
    return carriers.tags_for(shown, papers), lambda file: carriers.embed(file, shown, papers)
