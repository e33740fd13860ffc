"""A film that comes from a disk as slow as the test wants."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

MB = 1 << 20


class Trickle:
    """A pipe that is read like a slow disk: as much of a film comes as the test lets through."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        os.mkfifo(path)
        self._thread = Thread(target=self._write)
        self._thread.start()

    def let_through(self, pieces: int) -> None:
        for _ in range(pieces):
            self._pieces.put(b"x" * MB)

    def end(self) -> None:
        self._pieces.put(b"")
        self._thread.join(10)

    def _write(self) -> None:
        with suppress(BrokenPipeError), self.path.open("wb", buffering=0) as pipe:  # broken: the copy was stopped
            while piece := self._pieces.get():
                pipe.write(piece)
