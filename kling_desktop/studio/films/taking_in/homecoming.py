"""Reads what comes back from elsewhere: archives, and exports with their papers. For worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kling_desktop.export.archives.archive import Opened, open_archive, papers_in, remove_copied
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.export.papers.record import Papers, relinked
from kling_desktop.media.frames import Abandoned

__all__ = [
    "Abandoned",
    "ExportFilm",
    "Opened",
    "Papers",
    "files_in",
    "linked",
    "open_archive",
    "papers_in",
    "read_papers",
    "remove_copied",
]

_MOST_FILES = 2000
"""So many files of a folder are looked at for a missing one."""


def linked(papers: Papers, files: Sequence[Path], near: Path | None) -> tuple[ExportFilm, tuple[str, ...]]:
    """The film with its files found by content among these, and among those that lie in the folder `near` under their
    names; and the names of those not found.
    """
    beside = [folder / each.name for folder in (near, near / "media") for each in papers.sources] if near else []
    return relinked(papers, [*files, *(file for file in beside if file.is_file())])


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and of those below it, as far as they can be read and are not too many."""
    found: list[Path] = []
    try:
        for each in folder.rglob("*"):
            if each.is_file():
                found.append(each)
            if len(found) >= _MOST_FILES:
                break
    except OSError:
        return found
    return found
