"""Proves "synced, then sent" by the system calls of a real start: a kill cannot show it, for the cache outlives that.

Before the bytes of a paid request leave, the page of the library's log that says SENDING must have been written and
then synced. Needs `strace`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from kling_desktop.sandbox.server import Sandbox
from tests.faults.actor import Part, play
from tests.faults.campaign import calm_part

_CALLS = "write,pwrite64,writev,sendto,sendmsg,fsync,fdatasync"
_LONGEST_STRING = 9000
"""Bytes of a call that strace shows: more than two pages of the database."""
_LOG = "library.sqlite3-wal>"
_CALL = re.compile(r"^(?P<process>\d+) +[\d.]+ (?P<call>.*)$")
_SENDING = ("write", "writev", "sendto", "sendmsg")
_SYNC_ENDS = re.compile(r"^(<\.\.\. )?(fsync|fdatasync).*= 0$")
_ABOUT_TO_BE_SENT = re.compile("([0-9a-f]{32})sending")
"""A task's row in a page of the log: its id, and its status beside it."""
_ID = re.compile(r'\\"external_task_id\\": ?\\"([^"\\]+)\\"')


@dataclass(frozen=True)
class Sends:
    """The paid requests of a traced start, by our ids."""

    synced: list[str]
    unsynced: list[str]


def is_at_hand() -> bool:
    """Whether system calls can be traced here: there is strace, and it may look at our processes."""
    strace = shutil.which("strace")
    return strace is not None and subprocess.run([strace, "-o", os.devnull, sys.executable, "-c", ""]).returncode == 0


def traced(sandbox: Sandbox, folder: Path, broken: str = "") -> Sends:
    """Two tasks of a calm creator, in a process whose calls are traced."""
    part = asdict(calm_part(sandbox, folder)) | {"broken": broken, "folder": str(folder)}
    calls = folder / "calls.txt"
    strace = ["strace", "-f", "-y", "-ttt", "-s", str(_LONGEST_STRING), "-e", f"trace={_CALLS}", "-o", str(calls)]
    command = [*strace, sys.executable, "-m", "tests.faults.trace", json.dumps(part)]
    subprocess.run(command, check=True, timeout=120)
    return sends_of(calls.read_text(errors="replace").splitlines())


def sends_of(lines: list[str]) -> Sends:
    """Reads a trace line by line: what was written to the log, what of it was synced, and what left when."""
    reading = _Reading()
    for line in lines:
        if found := _CALL.match(line):
            reading.take(found["process"], found["call"])
    return Sends(reading.synced, reading.unsynced)


class _Reading:
    """How far the disk is at each line. A sync that another thread's call interrupts covers what it began with."""

    def __init__(self) -> None:
        self.synced: list[str] = []
        self.unsynced: list[str] = []
        self._written: set[str] = set()
        self._safe: set[str] = set()
        self._syncing: dict[str, set[str]] = {}

    def take(self, process: str, call: str) -> None:
        name, _, rest = call.partition("(")
        if name.endswith("sync") and _LOG in rest:
            self._syncing[process] = set(self._written)
        if _SYNC_ENDS.search(call):
            self._safe |= self._syncing.pop(process, set())
        elif _LOG in rest.partition(",")[0]:
            self._written |= set(_ABOUT_TO_BE_SENT.findall(rest))
        elif name in _SENDING:
            for id in _ID.findall(rest):
                (self.synced if id in self._safe else self.unsynced).append(id)


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    play(Part(**told | {"folder": Path(told["folder"]), "prompts": tuple(told["prompts"]), "hops": ()}))
