"""The parent's side: starts the child, passes on what it tells, holds it, stops it, and clears up after it."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from kling_desktop import errors
from kling_desktop.errors import ExportFull, FileTrouble, KlingDesktopError
from kling_desktop.export import exporting
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.placing import empty_again, new_mark, remove_leftovers
from kling_desktop.export.request import Exported, Request, record_of
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.write_trouble import writing

_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
"""For Windows, which would open a console for an interpreter that a program without one starts."""

_HOME = Path(__file__).resolve().parents[3]
"""Where the package lies. Python looks for modules first in the folder that a child is started in: one where the
creator keeps a `random.py` would stop it."""

_OWN_GROUP = 0
"""Out of reach of Ctrl+C in a terminal from the first moment on: an interpreter that is being loaded would end with a
traceback."""

_LOOK_SECONDS = 0.05
"""How often it is looked whether the export is to stop."""

_END_SECONDS = 0.2
"""How long a child may take to end by itself. One that gives names to finished files needs less; one that is still at a
picture, on a machine with much else to do, is not waited for: what it has written is removed here.
"""

_log = logging.getLogger(__name__)


def export(
    request: Request,
    *,
    progress: Callable[[int, int], object] = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Exported:
    """As `exporting.export`, which it calls right here where no picture is coded: that takes less than a process."""
    form = BY_KEY.get(request.format_key)
    if form is None or not form.bits_per_pixel:
        return exporting.export(request, progress=progress, stopped=stopped)
    request = request if request.mark else replace(request, mark=new_mark())
    with writing(request.target, ExportFull), empty_again(request.target.parent):
        child = _Child(request)
        try:
            return child.followed(progress, stopped)
        finally:
            remove_leftovers(request.target.parent, request.mark)  # it may have been killed


class _Child:
    """One process for one export."""

    def __init__(self, request: Request) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kling_desktop.export.process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=_HOME,
                process_group=_OWN_GROUP,
                creationflags=_FLAGS,
            )
        except OSError as error:
            raise FileTrouble(f"the program cannot start a part of itself: {error.strerror}") from error
        self._words: Queue[bytes] = Queue()
        self._hearing = threading.Thread(target=self._hear, name="export-words", daemon=True)
        self._hearing.start()
        self._send(json.dumps(record_of(request)).encode() + b"\n")

    def followed(self, progress: Callable[[int, int], object], stopped: Callable[[], bool]) -> Exported:
        """Until it ends. Raises what `exporting.export` does."""
        try:
            while True:
                if stopped():
                    return self._stopped()
                with contextlib.suppress(Empty):
                    word = self._words.get(timeout=_LOOK_SECONDS)
                    if not word:
                        self._ended_unheard()
                    if done := self._taken(json.loads(word), progress):
                        return done
        finally:
            self._close()

    def _stopped(self) -> Exported:
        """What it had finished before it heard of it, if it had. Raises Abandoned otherwise."""
        self._close()
        while word := self._words.get():
            if "file" in (told := json.loads(word)):
                return _exported(told)
        raise Abandoned

    def _taken(self, word: dict[str, Any], progress: Callable[[int, int], object]) -> Exported | None:
        if "total" in word:
            progress(word["done"], word["total"])
            self._send(b"\n")
            return None
        if "file" in word:
            return _exported(word)
        if "error" in word:
            kind = getattr(errors, word["error"], KlingDesktopError)
            raise kind(word["message"])
        if "broken" in word:
            _log.error("the export's process broke off: %s", word["message"])
            raise KlingDesktopError(word["broken"])
        raise Abandoned

    def _ended_unheard(self) -> None:
        code = self._process.wait()
        raise KlingDesktopError(f"the export's process ended with code {code}")

    def _hear(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        with self._process.stdout as told:
            for line in told:
                self._words.put(line)
        self._words.put(b"")

    def _send(self, words: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(OSError, ValueError):  # it has ended, or is told to
            self._process.stdin.write(words)
            self._process.stdin.flush()

    def _close(self) -> None:
        """Its standard input ends, which tells it to."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._hearing.join()


def _exported(word: dict[str, Any]) -> Exported:
    return Exported(Path(word["file"]), word["frames"], Fraction(word["seconds"]), tuple(word["notes"]))
