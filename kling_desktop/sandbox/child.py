"""Runs the sandbox as a child process: the program's window stays smooth while it renders."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

_STOP_SECONDS = 5
_HOME = Path(__file__).resolve().parents[2]
"""Where the package lies. Python looks for modules first in the folder that a child is started in: one where the
creator keeps a `random.py` would stop it."""
_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows would open one for an interpreter that a program without a console starts."""
_OWN_GROUP = 0
"""Ctrl+C in a terminal is for the parent, which may want to save something first: out of its reach from the first
moment on. An interpreter that is being loaded would end with a traceback."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where a running sandbox answers, and the keys that it accepts."""

    url: str
    access_key: str
    secret_key: str = field(repr=False)
    api_key: str = field(repr=False)


class SandboxChild:
    """A sandbox that lives no longer than this program: it ends when its standard input closes."""

    def __init__(self, state_dir: Path, *, speed: str, size: str = "full", cache_dir: Path | None = None) -> None:
        self._arguments = [
            "--state-dir",
            str(state_dir.absolute()),
            "--speed",
            speed,
            "--size",
            size,
            "--with-parent",
            "--prepare",
        ]
        if cache_dir:
            self._arguments += ["--cache-dir", str(cache_dir.absolute())]
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Of the process, once it was started."""
        return self._process.pid if self._process else None

    def start(self, port: int = 0) -> Doorway:
        """Start it and wait until it answers, which takes about a second: call it from a worker thread.

        0 is any free port; one that ended is started again on its own, which the addresses of its films name. Not to
        be called while it runs: two of them would write the same world. Raises OSError when it cannot be started, ends
        at once, or was stopped.
        """
        process = self._begun(port)
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = process.stdout.readline()
        if not line:
            raise OSError(f"the sandbox ended with code {process.wait()} before it was ready")
        told = json.loads(line)
        if "trouble" in told:
            process.wait()
            raise OSError(told["trouble"])
        return Doorway(**told)

    def wait(self) -> int:
        """Its exit code, as soon as it has ended: call it from a worker thread."""
        return self._process.wait() if self._process else 0

    def _begun(self, port: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise OSError("the sandbox was stopped")
            if self._process is not None:
                _close(self._process)
            self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
                [sys.executable, "-m", "kling_desktop.sandbox", "--port", str(port), *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=_HOME,
                process_group=_OWN_GROUP,
                creationflags=_NO_CONSOLE,
            )
            return self._process

    def stop(self) -> None:
        """End it for good, gently first. It has written down its world; the program's next start goes on from there."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is None:
            return
        _close(process)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
