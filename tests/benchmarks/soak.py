"""The real window at work for hours: its memory stays flat, and no thread, file or socket is left over.

Run as `python -m tests.benchmarks.soak [--minutes N]` (120 unless said); on a machine without a screen add
`QT_QPA_PLATFORM=offscreen`. Each round sends takes while the network drops, runs a plan, plays the film and exports it.
It begins with its bounded stores full, as after weeks of work (`full_stores`): what fills once is no leak.
The sandbox renders at demo speed in this process, the window is another's. Ends with 1 when memory rises by more than
1 MB an hour after the first tenth (a short run may rise by 4 MB in all: its slope is mostly chance), or when something
is left over.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import qasync

from kling_desktop import app as program
from kling_desktop.domain.tasks import Extension, Filter, Pick, Status, Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.studio.pace import Pace
from kling_desktop.ui.extend.extend_form import Submission
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import ALL_TAKES
from tests.benchmarks.full_stores import fill_stores
from tests.harness.waiting import until
from tests.journeys.creator import Creator
from tests.journeys.films.lane import cards
from tests.journeys.handing_over.exporting import exported

MINUTES = 120.0
FLAT = 1.0
"""Most MB an hour by which memory may rise."""
CHANCE = 4.0
"""MB that a run of any length may rise: pools fill, and the allocator keeps what it was given."""
PATIENCE = 300.0
_KEPT = Filter(states=frozenset({Status.SUCCEEDED}))
_POOLS = ("download_N", "posters_N", "sandbox-render_cache_N")
"""Workers that a pool makes when they are first needed, up to its few, and keeps: none of them is left over."""
_EVERY = "all threads"
_SHARED = (_EVERY, "socket", "anon_inode")
"""What Qt and kept connections hold now more and now less of."""


@dataclass(frozen=True)
class Held:
    """What the process holds of the system."""

    threads: Counter[str]
    files: Counter[str]

    @classmethod
    def now(cls) -> Held:
        """Python's own threads by name (it never forgets a foreign one that it met), and how many there are in all."""
        named = Counter(_plain(thread.name) for thread in threading.enumerate() if "Dummy" not in thread.name)
        pooled = sum(named.pop(name, 0) for name in _POOLS)
        every = len(list(Path("/proc/self/task").glob("*"))) - pooled
        return cls(named | Counter({_EVERY: every}), Counter(_files()))

    def left_over(self, before: Held) -> dict[str, int]:
        """What is there now and was not before, with how many of it."""
        return {**(self.threads - before.threads), **(self.files - before.files)}

    def left_by_us(self, before: Held) -> dict[str, int]:
        """The same, without what comes and goes by itself: after a few seconds there is nothing else to count."""
        left = self.left_over(before).items()
        return {name: count for name, count in left if not name.startswith(_SHARED)}


def _files() -> list[str]:
    """Names of the open files; all sockets and pipes have one name. Where there is no /proc, none are told."""
    found = []
    for each in Path("/proc/self/fd").glob("*"):
        with suppress(OSError):  # the one through which they are listed
            found.append(_plain(str(each.readlink())))
    return [name for name in found if not name.startswith("/proc/")]


def _plain(name: str) -> str:
    return re.sub(r"\d+", "N", name)


def resident() -> float:
    """MB of memory that are in use: what the allocator could give back is given back first."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Work:
    """One creator, round after round."""

    def __init__(self, creator: Creator, out: Path, *, takes: int = 2, hops: int = 2) -> None:
        self._creator = creator
        self._window = creator.window
        self._out = out
        self._takes = takes
        self._hops = hops
        self._rounds = 0
        self._clip_id = creator.clip_id("dawn-lake")

    async def round(self) -> None:
        """Takes, a plan, a look at the film, an export; then nothing is under way any more."""
        self._rounds += 1
        for request in ("query", "list", "media"):  # not of what is sent: whether to send again, the creator decides
            self._creator.tell("faults", on=request, do="media_drop" if request == "media" else "drop_before", times=2)
        await self._send()
        if self._hops:
            await self._plan()
        self._window.viewer.play()
        await self._creator.sees(lambda: self._window.viewer.playing, "the film to play", PATIENCE)
        self._window.viewer.play()
        for file in await exported(self._creator, What.TAKE, "h264-small", self._out):
            file.unlink()
        for job in self._window.exports.jobs:
            self._window.exports.forget_asked.emit(job.id)
        await self._creator.sees(_at_rest, "everything to end", PATIENCE)

    async def _send(self) -> None:
        studio = self._creator.program.studio
        kept = studio.ledger.count(_KEPT)
        for number in range(self._takes):
            wish = Extension(self._clip_id, f"round {self._rounds}, take {number}")
            self._window.form.asked.emit(Submission(wish))
        await self._creator.sees(
            lambda: studio.ledger.count(_KEPT) == kept + self._takes and self._all_here(), "its takes", PATIENCE
        )
        newest = self._creator.newest()
        assert newest is not None
        self._window.tasks.select(newest.id)
        self._window.cull.commands["pick"].trigger()  # the film of an earlier plan keeps its path
        await self._creator.sees(
            lambda: any(task.id == newest.id and task.pick is Pick.PICKED for task in self._newest()),
            "the newest take to be picked",
            PATIENCE,
        )

    def _all_here(self) -> bool:
        return all(task.clip and task.clip.file for task in self._newest())

    def _newest(self) -> list[Task]:
        """Of this round. The list is looked at no further: pages that nobody sees would be read, and kept."""
        return [task for number in range(self._takes) if (task := self._creator.take(number)) is not None]

    async def _plan(self) -> None:
        words = [f"round {self._rounds}, hop {number}" for number in range(self._hops)]
        await self._creator.sees(lambda: len(cards(self._creator, CardKind.MADE)) == 2, "the newest film", PATIENCE)
        self._window.film.cards.pasted.emit("\n".join(words))
        await self._creator.sees(
            lambda: len(cards(self._creator, CardKind.PLANNED)) == self._hops, "the plan", PATIENCE
        )
        head = self._window.film.head
        head.run_asked.emit()

        def ended() -> bool:
            if head.accept.isVisible():
                head.accepted.emit()
            return [card.words for card in cards(self._creator, CardKind.MADE)][2:] == words

        await self._creator.sees(ended, "the plan to end", PATIENCE)


def _at_rest() -> bool:
    """Whether nothing runs but what does for as long as the program."""
    own = asyncio.current_task()
    names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks() if task is not own}
    return names <= _LASTING


_LASTING = {"Budget.run", "Exports.run"}
"""Coroutines that run as long as the program."""


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """MB an hour: the middle of the slopes between any two samples, so that no single one decides."""
    return statistics.median((b[1] - a[1]) / (b[0] - a[0]) * 3600 for a, b in combinations(samples, 2))


async def left_over(before: Held, patience: float = 60.0) -> dict[str, int]:
    """What is still there after a while; kept connections are closed by themselves."""
    with suppress(AssertionError):
        await until(lambda: not Held.now().left_over(before), patience)
    return Held.now().left_over(before)


def main(minutes: float) -> int:
    sys.stdout.write(f"a soak of {minutes:g} minutes\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder) / "sandbox", speed="demo") as sandbox:
        sandbox.world.switch(granted_units=1e6)
        keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
        keys["MALLOC_ARENA_MAX"] = "1"  # each thread's own arena goes up and down by more than what is looked for
        command = [sys.executable, "-m", "tests.benchmarks.soak", "--window", sandbox.url, folder, str(minutes)]
        return subprocess.run(command, check=False, env={**os.environ, **keys}).returncode


# --- in the process of the window ---


@dataclass(frozen=True)
class At:
    """Where the sandbox is that another process runs."""

    url: str


async def soaked(url: str, folder: Path, seconds: float) -> int:
    out = folder / "out"
    await asyncio.to_thread(out.mkdir)
    options = program.Options(data_dir=folder / "data", api_base=url, pace=Pace(scale=0.2))
    async with program.opened(options, os.environ) as running:
        running.window.resize(1440, 900)
        running.window.show()
        running.window.show_rail(ALL_TAKES)
        creator = Creator(running, At(url))
        creator.leaves_library()
        await fill_stores(running, folder)
        work = Work(creator, out)
        samples: list[tuple[float, float]] = []
        began, before = time.monotonic(), Held.now()
        while (elapsed := time.monotonic() - began) < seconds:
            await work.round()
            if elapsed < seconds / 10:
                before = Held.now()
            else:
                samples.append((time.monotonic(), resident()))
                sys.stdout.write(f"  {elapsed / 60:5.1f} min {samples[-1][1]:7.1f} MB\n")
                sys.stdout.flush()
        left = await left_over(before)
        running.window.close()
    return report(samples, left)


def report(samples: Sequence[tuple[float, float]], left: dict[str, int]) -> int:
    """The code to end with."""
    hours = (samples[-1][0] - samples[0][0]) / 3600
    rise, allowed = slope(samples), max(FLAT, CHANCE / hours)
    sys.stdout.write(
        f"{len(samples)} rounds after the first tenth: memory {rise:+.1f} MB an hour over {hours * 60:.0f} minutes "
        f"(at most {allowed:.1f}); left over: {left or 'nothing'}\n"
    )
    sys.stdout.flush()
    return int(rise > allowed or bool(left))


def run_window(url: str, folder: str, minutes: str) -> int:
    app = program.make_application()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(soaked(url, Path(folder), float(minutes) * 60))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--window"]:
        raise SystemExit(run_window(*sys.argv[2:]))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    raise SystemExit(main(parser.parse_args().minutes))
