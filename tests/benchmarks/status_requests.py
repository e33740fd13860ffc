"""Status requests per cycle with 1, 10 and 500 running tasks, as the sandbox counts them.

Run as `python -m tests.benchmarks.status_requests`. The goal: 500 tasks cost as many requests as one does.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.tasks import Filter, Status
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.waiting import until

SIZES = (1, 10, 500)
CYCLES = 5
_PACE = Pace(scale=1.0)


@dataclass(frozen=True)
class Counted:
    """Requests while every task was told of `CYCLES` times."""

    singles: int
    lists: int

    @property
    def per_cycle(self) -> float:
        return (self.singles + self.lists) / CYCLES


def main() -> int:
    counted = {size: asyncio.run(count(size)) for size in SIZES}
    one = counted[SIZES[0]].per_cycle
    sys.stdout.write(f"{'running tasks':>14}{'requests/cycle':>16}{'against one':>13}{'naively':>9}\n")
    for size, found in counted.items():
        ratio = found.per_cycle / one
        sys.stdout.write(f"{size:>14}{found.per_cycle:>16.2f}{ratio:>12.2f}x{size:>8}x\n")
    return 0


async def count(size: int) -> Counted:
    """Run so many tasks that never end, and count what is asked in five cycles of all of them."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder) / "sandbox", speed="instant") as sandbox:
        sandbox.world.switch(slots=size + 1, granted_units=1e6)
        sandbox.fault("stuck", on="create", times=size)
        async with running(sandbox, Path(folder) / "data", _PACE) as engine:
            return await _counted(engine, size)


async def _counted(engine: Engine, size: int) -> Counted:
    tasks = [engine.submit(f"take {number}") for number in range(size)]
    at_kling = Filter(states=frozenset({Status.SUBMITTED, Status.PROCESSING}))
    await until(lambda: engine.library.count(at_kling) == size, 300, "all tasks to run")
    await engine.answered(tasks[-1:], 3, 120)  # in step by now
    engine.facts.clear()
    before = len(engine.ask("requests"))
    await engine.answered(tasks[-1:], CYCLES, 120)
    asked = [
        r["path"] for r in engine.ask("requests")[before:] if r["method"] == "GET" and r["path"].startswith("/v1/")
    ]
    lists = sum(path.endswith("/video-extend") for path in asked)
    return Counted(len(asked) - lists, lists)


if __name__ == "__main__":
    sys.exit(main())
