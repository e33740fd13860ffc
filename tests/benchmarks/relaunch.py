"""How long the program takes to a recovered list with 10 000 takes, against the same with 10.

Run as `python -m tests.benchmarks.relaunch`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from kling_desktop.domain.tasks import Task
from kling_desktop.store.library import Library
from tests.harness.tasks import asked, done, refused, uncertain

SIZES = (10, 10_000)
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
    taken = {size: measured(size) for size in SIZES}
    few, many = (taken[size] for size in SIZES)
    sys.stdout.write(
        f"relaunch after a kill to the recovered list, median of {RUNS}: {SIZES[0]} takes {few * 1000:.0f} ms, "
        f"{SIZES[1]} takes {many * 1000:.0f} ms, ratio {many / few:.2f}\n"
    )
    return 0


def measured(size: int) -> float:
    """Seconds from the start of the process to the list that says what was recovered."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "library.sqlite3", size)
        seconds(folder, size)  # warms the disk; thrown away
        return statistics.median(seconds(folder, size) for _ in range(RUNS))


def fill(file: Path, size: int) -> None:
    kinds: tuple[Callable[[int], Task], ...] = (done, refused, done, refused)
    library = Library.open(file)
    with library._connection:
        for number in range(size - 2):
            take = kinds[number % len(kinds)](number)
            library.put(take)
        library.put(asked(size - 2))
        library.put(uncertain(size - 1))
    library.close()


def seconds(folder: str, size: int) -> float:
    (Path(folder) / "running.mark").write_text("killed\n")
    start = perf_counter()
    command = [sys.executable, "-c", _CHILD, folder]
    child = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    if child.stdout != str(size):
        raise SystemExit(f"{child.stdout!r} rows instead of {size}\n{child.stderr}")
    return perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())
