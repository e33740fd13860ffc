"""The child: writes one export, tells how far it is, and stops when its standard input ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import traceback
from typing import Any, NoReturn

from kling_desktop.errors import KlingDesktopError
from kling_desktop.export.exporting import export
from kling_desktop.export.request import Exported, request_of
from kling_desktop.media.frames import Abandoned

_STDIN, _STDOUT, _STDERR = 0, 1, 2
"""The pipes to the parent. A frozen program on Windows has these, but neither `sys.stdin` nor `sys.stdout`."""

_TELL_SECONDS = 0.05
_NICENESS = 10
"""The window goes first: a film takes minutes, and a picture of the player's 40 ms."""


class Parent:
    """Hears and tells. Each word about progress is answered before the work goes on, which is how it is held."""

    def __init__(self) -> None:
        # What a library prints must not come between the words.
        self._told = os.dup(_STDOUT)
        with contextlib.suppress(OSError):
            os.dup2(_STDERR, _STDOUT)
        self._gone = threading.Event()
        self._answers = threading.Semaphore(0)
        self._due = 0.0

    def request(self) -> dict[str, Any]:
        """The first line that comes. The parent says nothing more before it was told something."""
        line = b""
        while not line.endswith(b"\n") and (piece := os.read(_STDIN, 65536)):
            line += piece
        threading.Thread(target=self._hear, daemon=True).start()
        record: dict[str, Any] = json.loads(line)
        return record

    def tell(self, **word: object) -> None:
        line = memoryview(json.dumps(word).encode() + b"\n")
        with contextlib.suppress(OSError):  # nobody is left to be told
            while line:
                line = line[os.write(self._told, line) :]

    def progress(self, done: int, total: int) -> None:
        """Now and then, and of the last picture."""
        if time.monotonic() < self._due and done < total:
            return
        self.tell(done=done, total=total)
        self._answers.acquire()
        self._due = time.monotonic() + _TELL_SECONDS

    def stopped(self) -> bool:
        return self._gone.is_set()

    def _hear(self) -> None:
        # Not sys.stdin.read(): its lock, held by this thread, would abort the interpreter's way out.
        while answers := os.read(_STDIN, 64):
            self._answers.release(len(answers))
        self._gone.set()
        self._answers.release(1_000_000)  # nobody answers any more: nothing is waited for


def main() -> NoReturn:
    """Ends the process, always with code 0: how it went is told in words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches both, and is for the parent
    with contextlib.suppress(AttributeError, OSError):  # Windows: the parent has asked for it
        os.nice(_NICENESS)
    parent = Parent()
    try:
        done = export(request_of(parent.request()), progress=parent.progress, stopped=parent.stopped)
    except Abandoned:
        parent.tell(abandoned=True)
    except KlingDesktopError as error:
        parent.tell(error=type(error).__name__, message=error.message)
    except Exception as error:  # noqa: BLE001 - it is logged where the log is
        parent.tell(broken=type(error).__name__, message=traceback.format_exc())
    else:
        parent.tell(**_told(done))
    # The interpreter's own way out unloads everything first, which takes as long as a short export.
    os._exit(0)


def _told(done: Exported) -> dict[str, object]:
    return {"file": str(done.file), "frames": done.frames, "seconds": str(done.seconds), "notes": list(done.notes)}


if __name__ == "__main__":
    main()
