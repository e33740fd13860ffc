"""How long the frozen program takes until it answers, against the same program started from its sources.

Run as `python -m tests.benchmarks.frozen_start [RUNS]` after `python3 packaging/dev.py package bundle --no-trial`; on a
machine without a screen add `QT_QPA_PLATFORM=offscreen`. It is asked as a second start asks the first one to show its
window: the answer comes from the loop of the window's thread, which is reached when all panels stand. For Linux.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.benchmarks.start_up import Taken, report

RUNS = 7
BUNDLE = Path(__file__).parents[2] / "build" / "package" / "bundle" / "kling-desktop" / "kling-desktop"
"""Where `packaging/dev.py package bundle` leaves it."""
_PAUSE = 0.002
_PATIENCE = 120.0
"""Seconds, after which a program that does not answer has not started."""


def main(runs: int) -> int:
    if not BUNDLE.is_file():
        sys.stdout.write("there is no frozen program here: python3 packaging/dev.py package bundle --no-trial\n")
        return 0
    programs = {"from its sources": [sys.executable, "-m", "kling_desktop"], "frozen": [str(BUNDLE)]}
    taken: dict[str, list[Taken]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        for program in programs.values():
            start(program, Path(folder))  # warms the disk, makes the library and the look; thrown away
        for _ in range(runs):  # by turns, so that both meet the same weather
            for name, program in programs.items():
                taken[name].append(start(program, Path(folder)))
    report(taken)
    return 0


def start(program: Sequence[str], data_dir: Path) -> Taken:
    """Start the program, wait for its answer, and have it close in order."""
    begun = time.perf_counter()
    child = subprocess.Popen([*program, "--sandbox", "--data-dir", str(data_dir)], stderr=subprocess.DEVNULL)
    try:
        while not _answers(data_dir / "running.sock"):
            if child.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                raise SystemExit(f"{program[0]} did not start")
            time.sleep(_PAUSE)
        return Taken(time.perf_counter() - begun, _processor_seconds(child.pid))
    finally:
        child.terminate()
        child.wait()


def _answers(address: Path) -> bool:
    """Whether there is a program that comes forward when it is asked; waits for one that listens already."""
    with socket.socket(socket.AF_UNIX) as asking, suppress(FileNotFoundError, ConnectionError):
        asking.settimeout(_PATIENCE)
        asking.connect(str(address))
        asking.sendall(b"raise []\n")
        return asking.recv(64) == b"raised\n"
    return False


def _processor_seconds(pid: int) -> float:
    """Of a running process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
