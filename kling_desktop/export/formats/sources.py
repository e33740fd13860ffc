"""The files that a film is made of: whether they are there, and whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kling_desktop.errors import KlingDesktopError, NotAVideo, Truncated
from kling_desktop.export.film import ExportFilm
from kling_desktop.media.film.conform import shape_and_transfer
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.probe import verify


def require_whole(film: ExportFilm, stopped: Callable[[], bool] = lambda: False) -> None:
    """Reads every file of the film, not of its other takes. Raises NotAVideo and its family, naming the file: a film
    has many; FileGone, FileTrouble; Abandoned.
    """
    for file in dict.fromkeys(part.file for part in film.parts):
        if stopped():
            raise Abandoned
        try:
            verify(file)
        except (NotAVideo, Truncated) as error:
            raise type(error)(f"{file.name}: {error.message}") from error


def without_absent(film: ExportFilm) -> ExportFilm:
    """The film without those other takes whose files are not there: they are beside it, and must not keep the film from
    being handed out.
    """
    parts = tuple(
        replace(part, alternates=tuple(each for each in part.alternates if each.file.is_file())) for part in film.parts
    )
    return replace(film, parts=parts)


def is_readable(file: Path) -> bool:
    """Whether there is a video at all. Never raises."""
    try:
        shape_and_transfer(file)
    except KlingDesktopError:
        return False
    return True
