"""How long the window's thread stands still for garbage, while a creator works in a library of 10 000 takes.

Takes are chosen, starred and filtered for 90 s. Goal: no pause over 10 ms of the processor. Run as
`python -m tests.benchmarks.garbage [SECONDS]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import qasync

from kling_desktop import app as program
from kling_desktop.domain.tasks import Filter
from kling_desktop.running.loop.garbage import garbage_collected_here
from kling_desktop.store.library import Library, put_task
from tests.benchmarks.films import a_take
from tests.harness.media.films import film

FILMS, TAKES = 200, 50
SECONDS = 90.0
PAUSE = 0.03
LONG_MS = 10.0


class Pauses:
    """Milliseconds of the processor that each look for garbage took, by generation."""

    def __init__(self) -> None:
        self.taken: defaultdict[int, list[float]] = defaultdict(list)
        self._began = 0.0

    def hear(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.taken[info["generation"]].append((time.thread_time() - self._began) * 1000)


def fill(data: Path) -> None:
    """Films whose takes all have their file: one film under many names."""
    takes = data / "takes"
    takes.mkdir(parents=True)
    one = film(takes / "film.mp4", range(24))
    with closing(Library.open(data / "library.sqlite3")) as library, library.database.transaction() as connection:
        for number in range(FILMS):
            parent = ""
            for take in range(TAKES):
                task = a_take(str(number), number * TAKES + take, parent, take)
                assert task.clip is not None
                file = takes / f"{task.id}.mp4"
                file.hardlink_to(one)
                put_task(connection, replace(task, clip=replace(task.clip, file=file)))
                parent = parent or task.clip.id


async def work(running: program.Program, seconds: float) -> None:
    """What a creator does, over and over."""
    tasks, ledger = running.window.tasks, running.studio.ledger
    ids = [task.id for task in ledger.page(Filter(), 0, 3000)]
    until, number = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        number += 1
        tasks.table.select_task(ids[number * 37 % len(ids)])
        if number % 4 == 0:
            ledger.note(replace(ledger.current(ids[number * 11 % len(ids)]), stars=number % 5))
        if number % 10 == 0:
            tasks.filter.box.setText(f"take {number % 50}" if number % 20 else "")
        await asyncio.sleep(PAUSE)


async def measured(data: Path, seconds: float) -> Pauses:
    """The pauses of a session, from the first paint on."""
    pauses = Pauses()
    async with program.opened(program.Options(data_dir=data), {}) as running:
        running.window.reveal()
        gc.freeze()  # as the program does
        with garbage_collected_here():
            gc.callbacks.append(pauses.hear)
            await work(running, seconds)
            gc.callbacks.remove(pauses.hear)
        running.window.close()
    return pauses


def main(seconds: float) -> int:
    app = program.make_application()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
            pauses = runner.run(measured(Path(folder), seconds))
    for generation, taken in sorted(pauses.taken.items()):
        sys.stdout.write(
            f"generation {generation}: {len(taken)} times, in the middle {statistics.median(taken):.1f} ms,"
            f" longest {max(taken):.1f} ms, {sum(each > LONG_MS for each in taken)} over {LONG_MS:.0f} ms\n"
        )
    return int(max(max(taken) for taken in pauses.taken.values()) > LONG_MS)


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
