"""The film that is being taken in: kept in a file until all of it is, so that the next start takes in the rest."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kling_desktop.errors import FileTrouble, LibraryFull
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers.record import Papers, film_of_record, film_record, from_json, to_json
from kling_desktop.store.files import write_atomically

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Half:
    """A film that is being taken in."""

    library: Mapping[str, Any]
    """What the library knew of it that it comes from."""
    film: ExportFilm
    """On the files that are here; others are called by a name only."""
    papers: Papers | None = None
    """By which a file that is not here is known when it comes; None when none can be looked for."""


class HalfTaken:
    """One small file. Reading and writing belong to a worker thread."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def keep(self, half: Half) -> None:
        """This film is about to be taken in. Raises FileTrouble when the disk does not take it."""
        papers = None if half.papers is None else to_json(half.papers)
        try:
            record = json.dumps({"library": half.library, "film": film_record(half.film), "papers": papers})
        except RecursionError as error:
            raise FileTrouble("the record of the film cannot be read") from error
        write_atomically(self._file, record.encode(), LibraryFull)

    def drop(self) -> None:
        """All of it is in, or nothing is to be."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:  # it is taken in once more at the next start, which changes nothing
            _log.info("what is taken in cannot be dropped: %s", type(error).__name__)

    def read(self) -> Half | None:
        """What an earlier session left in the middle; None when there is nothing, or nothing that can be read."""
        try:
            record = json.loads(self._file.read_bytes())
            papers = from_json(record["papers"]) if isinstance(record.get("papers"), str) else None
            return Half(dict(record["library"]), film_of_record(record["film"]), papers)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
            _log.info("a film that was not taken in whole is not known: %s", type(error).__name__)
            return None
