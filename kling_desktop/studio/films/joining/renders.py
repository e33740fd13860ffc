"""Joined films on the disk: a cache, one file for one row of parts, made from the originals when it is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from kling_desktop.domain.takes import Part
from kling_desktop.export.film import ExportFilm
from kling_desktop.studio.files.folder import make_folder
from kling_desktop.studio.films.joining.stretches import Stretch, key_of

_PREVIEW_CRF = 17
"""Of the film that is played here; an export is made from the originals again."""


class Renders:
    """Made in worker threads, one at a time where the caller sees to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._closing = Event()

    def close(self) -> None:
        """What is being made ends after its next frame."""
        self._closing.set()

    def file(self, parts: Sequence[Part]) -> Path:
        """Where the film of these parts lies once it is made."""
        return self._folder / f"{key_of(tuple(parts))}.mp4"

    async def made(self, stretches: Sequence[Stretch], film: ExportFilm | None) -> tuple[int, ...]:
        """The film's frames with which its second and later parts begin, once the film is there; none: called off.

        `film` gives its papers.
        """
        target = self.file([stretch.part for stretch in stretches])
        return await asyncio.to_thread(_render, stretches, target, film, self._closing)


def _render(stretches: Sequence[Stretch], target: Path, film: ExportFilm | None, closing: Event) -> tuple[int, ...]:
    # In a worker thread. The libraries are loaded here: they would slow the start.
    from kling_desktop.export.papers.joined import papers_for
    from kling_desktop.media.film.plan import FilmPart, film_plan
    from kling_desktop.media.film.render import Encoding, render
    from kling_desktop.media.frames import Abandoned

    plan = film_plan([FilmPart(each.file, each.part.start, each.part.end, each.part.colour) for each in stretches])
    if target.exists():
        return plan.seams
    make_folder(target.parent)
    try:
        tags, finish = papers_for(film) if film is not None else ({}, lambda _: None)
        render(plan, target, Encoding(crf=_PREVIEW_CRF), tags=tags, finish=finish, stopped=closing.is_set)
    except Abandoned:
        return ()
    return plan.seams
