"""The whole program is taken away while it exports, again and again, until all is written."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tests.harness.waiting import until
from tests.journeys.conftest import Start
from tests.journeys.handing_over.exporting import grown

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

START_SECONDS = 4.0
"""About how long the program takes until it goes on: a kill before that meets no export."""


class Program:
    """The real window in a process of its own, which asks for each way and watches the queue."""

    def __init__(self, data_dir: Path, sandbox: Sandbox, ways: Sequence[str], out: Path) -> None:
        self._command = [sys.executable, "-m", "tests.journeys.child", str(data_dir), sandbox.url]
        keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
        self._words = out.with_suffix(".txt")
        temporary = out.with_suffix(".tmp")
        temporary.mkdir(exist_ok=True)
        self._environment = {**os.environ, **keys, "OUT": str(out), "WAYS": " ".join(ways), "TMPDIR": str(temporary)}

    def start(self, *steps: str) -> None:
        with self._words.open("w") as words:
            self._process = subprocess.Popen([*self._command, *steps, "part"], stdout=words, env=self._environment)

    @property
    def said(self) -> list[str]:
        return self._words.read_text("utf-8").splitlines()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """Without a word; what it has started is not told either."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()


async def killed_until_written(
    start: Start, sandbox: Sandbox, data_dir: Path, out: Path, ways: Sequence[str], kills: int, seed: int
) -> None:
    """Ask for a film in each way, end the program at random moments so many times, let it finish, and look at what
    there is.
    """
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
    takes, chance = _sums(data_dir / "takes"), random.Random(seed)  # noqa: S311 - chance, not secrecy
    program = Program(data_dir, sandbox, ways, out)
    program.start("hand over", "see handed over")
    try:
        await until(lambda: "queued" in program.said or program.has_ended, 300, "all to be asked for")
        for number in range(kills):
            rest = chance.uniform(0, len(ways) / 2) + (START_SECONDS if number else 0)
            end = monotonic() + rest
            await until(lambda end=end: monotonic() >= end or program.has_ended, 60)  # type: ignore[misc]  # bound above
            if program.has_ended:
                break
            program.kill()
            program.start("see handed over")
        await until(lambda: program.has_ended, 600, "all to be written")
    finally:
        program.kill()
    _look(out, ways, program.said)
    assert _sums(data_dir / "takes") == takes, "files of the library are as they were"


def _look(out: Path, ways: Sequence[str], said: Sequence[str]) -> None:
    assert "handed" in said
    assert [line for line in said if " failed " in line] == []
    assert list(out.rglob("*.part")) == [], "no trace of what was half written"
    assert [file for file in out.with_suffix(".tmp").rglob("*") if file.is_file()] == []
    for way in ways:
        (folder,) = (out / way).iterdir()
        assert len(list(folder.iterdir())) == 1, f"{way} is written, and once"


def _sums(folder: Path) -> dict[Path, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
