"""How long the program takes to a recovered list with 10 000 takes, against the same with 10.

All but two of them have ended: their films lie on the disk, or they failed. Apart from that, the same with 500 tasks
that are followed again. Goal: 1.2 times, for the takes.

Run as `python -m tests.benchmarks.relaunch`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from kling_desktop.domain.tasks import Task
from kling_desktop.store.library import Library
from tests.benchmarks.noise import noise
from tests.benchmarks.start_up import Taken, against, processor_seconds
from tests.harness.media.films import film
from tests.harness.tasks import asked, done, refused, uncertain

SIZES = (10, 10_000)
RUNNING = 500
RUNS = 5

_CHILD = """
import asyncio, os, sys
from pathlib import Path
import qasync
from kling_desktop import app as program

async def shown(folder):
    async with program.opened(program.Options(sandbox=True, data_dir=Path(folder)), {}) as running:
        running.window.show()
        while "did not close properly" not in " ".join(running.window.notices.texts()):
            await asyncio.sleep(0.001)
        running.window.tasks.table.viewport().repaint()
        sys.stdout.write(str(running.window.tasks.model.rowCount()))
        sys.stdout.flush()
        os._exit(0)

app = program.make_application()
with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
    runner.run(shown(sys.argv[1]))
"""


def main() -> int:
    worlds = {
        f"{SIZES[0]} takes": (SIZES[0], 1),
        f"{SIZES[1]} takes": (SIZES[1], 1),
        f"{SIZES[1]} takes, {RUNNING} of them running": (SIZES[1], RUNNING),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in worlds}
    with tempfile.TemporaryDirectory() as folder:
        for name, (size, running) in worlds.items():
            fill(Path(folder) / name, size, running)
            taken_by(f"{folder}/{name}", size)  # warms the disk; thrown away
        for _ in range(RUNS):  # by turns, so that all meet the same weather
            for name, (size, _) in worlds.items():
                taken[name].append(taken_by(f"{folder}/{name}", size))
    few = next(iter(taken.values()))
    walls = noise([run.wall for run in few])
    sys.stdout.write(f"relaunch after a kill to the recovered list, medians of {RUNS}; {walls}\n")
    for name, runs in taken.items():
        wall, wall_ratio = against(runs, few, lambda run: run.wall)
        used, used_ratio = against(runs, few, lambda run: run.processor)
        sys.stdout.write(
            f"{name:<36}{wall * 1000:6.0f} ms, ratio {wall_ratio:.2f};"
            f" of the processor {used * 1000:4.0f} ms, ratio {used_ratio:.2f}\n"
        )
    return 0


def fill(folder: Path, size: int, running: int) -> None:
    """A library of so many takes. Each that is done has a file: one film under many names."""
    takes = folder / "takes"
    takes.mkdir(parents=True)
    one = film(takes / "film.mp4", range(24))
    library = Library.open(folder / "library.sqlite3")
    with library._connection:
        for number in range(size - running - 1):
            library.put(_ended(number, one))
        for number in range(size - running - 1, size - 1):
            library.put(asked(number))
        library.put(uncertain(size - 1))
    library.close()


def _ended(number: int, one: Path) -> Task:
    if number % 2:
        return refused(number)
    file = one.with_name(f"{number}.mp4")
    file.hardlink_to(one)
    return done(number, file=file)


def taken_by(folder: str, size: int) -> Taken:
    """From the start of the process to the list that says what was recovered."""
    (Path(folder) / "running.mark").write_text("killed\n")
    start, used = perf_counter(), processor_seconds()
    command = [sys.executable, "-c", _CHILD, folder]
    child = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    if not child.stdout.isdigit() or int(child.stdout) < size:  # each film has a head above its takes
        raise SystemExit(f"{child.stdout!r} rows, not even {size}\n{child.stderr}")
    return Taken(perf_counter() - start, processor_seconds() - used)


if __name__ == "__main__":
    raise SystemExit(main())
