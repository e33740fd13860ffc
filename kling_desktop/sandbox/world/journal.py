"""Keeps what must survive a restart: an append-only file of JSON lines, the last line about a thing wins."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

Record = dict[str, Any]
"""One line: {"what": "task" | "settings" | ..., "id": ..., ...}."""


class Journal:
    """The state file. Appending does not fsync: it is to survive a killed process, not a power cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._is_torn = False

    def read(self) -> list[Record]:
        """The newest record of each thing, in the order of first mention; a line torn by a kill is left out."""
        newest: dict[tuple[str, str], Record] = {}
        for record in self._lines():
            newest[str(record.get("what")), str(record.get("id"))] = record
        return list(newest.values())

    def rewrite(self, records: Iterable[Record]) -> None:
        """Replaces the whole file, atomically: a temporary one, fsync, rename."""
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(_line(record) for record in records)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def append(self, record: Record) -> None:
        """Adds one record in one write, so that a killed process leaves whole lines or one torn last line.

        Raises OSError when there is no room; a line that it tore is closed before the next one.
        """
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
        line = b"\n" * self._is_torn + _line(record)
        self._is_torn = True
        if self._file.write(line) < len(line):
            raise OSError(errno.ENOSPC, "no room for a whole line", str(self._path))
        self._is_torn = False

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _lines(self) -> Iterable[Record]:
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield record


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
