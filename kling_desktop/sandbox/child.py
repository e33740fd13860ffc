"""Runs the sandbox as a child process: the program's window stays smooth while it renders."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_STOP_SECONDS = 5


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
            str(state_dir),
            "--speed",
            speed,
            "--size",
            size,
            "--with-parent",
            "--prepare",
        ]
        if cache_dir:
            self._arguments += ["--cache-dir", str(cache_dir)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Doorway:
        """Start it and wait until it answers, which takes about a second: call it from a worker thread.

        Raises OSError when it cannot be started or ends at once.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            [sys.executable, "-m", "kling_desktop.sandbox", "--port", "0", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            raise OSError(f"the sandbox ended with code {self._process.wait()} before it was ready")
        return Doorway(**json.loads(line))

    def stop(self) -> None:
        """End it, gently first. It has written down its world, and goes on from there at the next start."""
        if self._process is None:
            return
        process, self._process = self._process, None
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
