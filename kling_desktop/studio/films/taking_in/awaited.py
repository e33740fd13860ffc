"""Films that were taken in while files of theirs were missing: kept until the last of these has come."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from kling_desktop.errors import FileTrouble
from kling_desktop.export.papers.record import Papers, from_json, to_json
from kling_desktop.store.files import write_atomically

_log = logging.getLogger(__name__)


class AwaitedFilms:
    """Their papers, in one small file. Changes belong to the loop's thread, reading and writing to a worker's."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._films: tuple[Papers, ...] = ()

    @property
    def films(self) -> tuple[Papers, ...]:
        """Those that still lack a file, oldest first."""
        return self._films

    def add(self, papers: Papers) -> None:
        """Files of this film are missing."""
        if papers not in self._films:
            self._films = (*self._films, papers)

    def drop(self, papers: Papers) -> None:
        """It has all its files, or is gone."""
        self._films = tuple(each for each in self._films if each != papers)

    def read(self) -> tuple[Papers, ...]:
        """What an earlier session left; what cannot be read is left out. Changes nothing here."""
        try:
            records = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            _log.info("films that lack files are not known: %s", type(error).__name__)
            return ()
        found = (
            (from_json(record) for record in records if isinstance(record, str)) if isinstance(records, list) else ()
        )
        return tuple(papers for papers in found if papers is not None)

    def write(self) -> bool:
        """Keep them for the next session; False where the disk does not take it."""
        try:
            if self._films or self._file.exists():
                write_atomically(self._file, json.dumps([to_json(each) for each in self._films]).encode())
        except FileTrouble as error:
            _log.info("films that lack files are not noted: %s", error.message)
            return False
        return True
