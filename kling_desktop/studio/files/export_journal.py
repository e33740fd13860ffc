"""Keeps the exports that are not finished over the end of the program, in one small file."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.errors import FileTrouble
from kling_desktop.export.request import Request, record_of, request_of
from kling_desktop.store.files import write_atomically

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """An export that was asked for and is not finished."""

    id: str
    request: Request
    began: float | None = None
    """When it was begun, in seconds of the epoch; None while it waited."""


def write_journal(file: Path, notes: Sequence[Noted]) -> None:
    """Replace what is kept. Raises FileTrouble."""
    record = [{"id": note.id, "began": note.began, "request": record_of(note.request)} for note in notes]
    write_atomically(file, json.dumps(record, ensure_ascii=False).encode())


def read_journal(file: Path) -> list[Noted]:
    """What was kept, in its order. What cannot be read is left out: nothing depends on it but a wish."""
    try:
        records = json.loads(file.read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        _log.info("journal of exports not read: %s", type(error).__name__)
        return []
    notes = []
    for record in records if isinstance(records, list) else []:
        try:
            began = record["began"]
            notes.append(
                Noted(str(record["id"]), request_of(record["request"]), None if began is None else float(began))
            )
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            _log.info("an export in the journal is not read: %s", type(error).__name__)
    return notes


def safely_written(file: Path, notes: Sequence[Noted]) -> bool:
    """Like `write_journal`; False when the disk does not take it: then the exports end with this session."""
    try:
        write_journal(file, notes)
    except FileTrouble as error:
        _log.info("journal of exports not written: %s", error.message)
        return False
    return True
