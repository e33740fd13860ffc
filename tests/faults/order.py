"""Looks at two orders as they happen: written before sent, and a film read to its end before it is named.

A kill in between shows neither reliably: what is written survives a process, and the moment is short.
"""

from __future__ import annotations

import re
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from kling_desktop.errors import KlingDesktopError
from kling_desktop.media import probe
from tests.faults.acts import Acts

_PAID = re.compile(rb'"external_task_id": ?"([^"]+)"')
_SENDING = "SELECT 1 FROM task WHERE id = ? AND status = 'sending'"


def watch_names(folder: Path) -> None:
    """From here on: notes files that get the name of a film without being whole. Goes before anything is broken."""
    verify, acts = probe.verify, Acts(folder)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event in ("os.rename", "os.link") and str(args[1]).endswith(".mp4"):
            try:
                verify(Path(args[0]))
            except KlingDesktopError as error:
                acts.note("unsound", file=f"{Path(args[1]).name}: {error}")

    sys.addaudithook(heard)


def watch_order(folder: Path) -> None:
    """From here on: notes the ids of creates that leave too early. Goes before anything that replaces sqlite's door."""
    real, connect, acts = socket.socket.send, sqlite3.connect, Acts(folder)

    def is_written(task_id: str) -> bool:
        with closing(connect(folder / "library.sqlite3")) as library:
            return library.execute(_SENDING, (task_id,)).fetchone() is not None

    def watched(self: socket.socket, data: Any, *args: Any) -> int:
        found = _PAID.search(bytes(data))
        if found and not is_written(found[1].decode()):
            acts.note("unwritten", task=found[1].decode())
        return real(self, data, *args)

    socket.socket.send = watched  # type: ignore[assignment, method-assign]  # stands before the real one in this process only
