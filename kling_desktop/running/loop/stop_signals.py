"""Stop signals: Ctrl+C, a polite kill and a terminal that goes close in order what the program has opened.

Python would raise KeyboardInterrupt wherever it happens to be: in Qt's own code, or half-way through closing.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from types import FrameType

NUMBERS = () if sys.platform == "win32" else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""On Windows there is no console to press Ctrl+C in, and its loop could not be woken."""


@contextmanager
def stops_noted() -> Iterator[StopSignals]:
    """While the block runs, a signal to stop interrupts nothing: `StopSignals.handled` acts on it.

    Nor does it after a block that ended well: the program is on its way out. After an error signals do what they did
    before, since that is told in a dialog which waits for the creator.
    """
    reader, writer = socket.socketpair()
    with closing(reader), closing(writer), ExitStack() as undo:
        for end in (reader, writer):
            end.setblocking(False)
        stops = StopSignals(reader)
        heard = [number for number in NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
        if heard:
            woken = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
            undo.callback(signal.set_wakeup_fd, woken)
        with ExitStack() as after_error:
            for number in heard:
                after_error.callback(signal.signal, number, signal.signal(number, stops.note))
            yield stops
            after_error.pop_all()
            for number in heard:  # Python lets go of its own handlers before it has gone
                signal.signal(number, signal.SIG_IGN)


class StopSignals:
    """Whether one has come."""

    def __init__(self, reader: socket.socket) -> None:
        """Something can be read from `reader` as soon as one comes, which wakes a loop that waits for Qt."""
        self._reader = reader
        self._has_come = False

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """What Python calls, in the main thread, wherever that is."""
        self._has_come = True

    @contextmanager
    def handled(self, close: Callable[[], object]) -> Iterator[None]:
        """While the block runs, `close` is called for one that comes, and at once for one that came before.

        Needs a running loop. Before and after it one is only noted: what opens and what closes is not interrupted.
        """
        loop = asyncio.get_running_loop()
        if NUMBERS:
            loop.add_reader(self._reader, self._hear, close)
        if self._has_come:
            close()
        try:
            yield
        finally:
            if NUMBERS:
                loop.remove_reader(self._reader)

    def _hear(self, close: Callable[[], object]) -> None:
        with suppress(BlockingIOError):
            self._reader.recv(4096)
        if self._has_come:
            close()
