"""Counts what a process does to its disk and its sockets, and ends it between any two of these steps.

Nothing of the product knows of this: the steps are seen from below, by sqlite's trace, Python's audit events and
the socket class.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

_FILE_EVENTS = {"os.link", "os.rename", "os.remove", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR


def die_at_step(last: int) -> None:
    """From here on: SIGKILL at step number `last`. A step is a statement for SQLite, a file opened for writing, linked,
    renamed or removed, or bytes that go to or came from a socket.
    """
    steps = count(1)

    def step() -> None:
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch_sqlite(step)
    _watch_files(step)
    for name in ("send", "sendall", "recv", "recv_into"):
        _watch_socket(name, step)


def _watch_sqlite(step: Callable[[], None]) -> None:
    connect = sqlite3.connect

    def connected(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)
        connection.set_trace_callback(lambda statement: step())
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]  # stands before the real one in this process only


def _watch_files(step: Callable[[], None]) -> None:
    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS or (event == "open" and isinstance(args[2], int) and args[2] & _WRITES):
            step()

    sys.addaudithook(heard)


def _watch_socket(name: str, step: Callable[[], None]) -> None:
    real = getattr(socket.socket, name)

    def watched(self: socket.socket, *args: Any) -> Any:
        outgoing = name.startswith("send")
        if outgoing:
            step()
        done = real(self, *args)
        step()
        return done

    setattr(socket.socket, name, watched)
