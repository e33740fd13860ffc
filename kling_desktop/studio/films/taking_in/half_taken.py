"""The film that is being taken in: kept in a file until all of it is, so that the next start takes in the rest."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers.record import film_of_record, film_record
from kling_desktop.store.files import write_atomically

_log = logging.getLogger(__name__)


class HalfTaken:
    """One small file. Reading and writing belong to a worker thread."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def keep(self, library: Mapping[str, Any], film: ExportFilm) -> None:
        """This film is about to be taken in. Raises FileTrouble when the disk does not take it."""
        try:
            record = json.dumps({"library": library, "film": film_record(film)})
        except RecursionError as error:
            raise FileTrouble("the record of the film cannot be read") from error
        write_atomically(self._file, record.encode())

    def drop(self) -> None:
        """All of it is in, or nothing is to be."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:  # it is taken in once more at the next start, which changes nothing
            _log.info("what is taken in cannot be dropped: %s", type(error).__name__)

    def read(self) -> tuple[Mapping[str, Any], ExportFilm] | None:
        """What an earlier session left in the middle; None when there is nothing, or nothing that can be read."""
        try:
            record = json.loads(self._file.read_bytes())
            return dict(record["library"]), film_of_record(record["film"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
            _log.info("a film that was not taken in whole is not known: %s", type(error).__name__)
            return None
