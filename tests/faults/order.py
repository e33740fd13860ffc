"""Looks at every paid request as it leaves: the library on the disk must know by then that it is about to be sent.

A kill between writing and sending cannot show this order, for what is written survives the death of a process.
"""

from __future__ import annotations

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.faults.acts import Acts

_PAID = re.compile(rb'"external_task_id": ?"([^"]+)"')
_SENDING = "SELECT 1 FROM task WHERE id = ? AND status = 'sending'"


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
