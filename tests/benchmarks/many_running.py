"""How smooth the real window stays while 500 tasks run, against the same window with one.

Run as `python -m tests.benchmarks.many_running [SECONDS]`; on a machine without a screen add
`QT_QPA_PLATFORM=offscreen`. The sandbox answers from this process, the window is another's.
Goals: no turn of the loop over 16 ms, at most 1 % of a core between two questions to Kling.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qasync

from kling_desktop import app as program
from kling_desktop.domain.tasks import Extension, Filter, Status
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.tasks.following import Follower
from kling_desktop.ui.rail.rail import ALL_TAKES
from tests.benchmarks.loop_turns import Heartbeat
from tests.harness.waiting import until

SIZES = (1, 500)
SECONDS = 30.0
AFTER = 0.5
"""So long after an answer its last repaint is over: what is used from there to the next question is between them."""
AT_KLING = Filter(states=frozenset({Status.SUBMITTED, Status.PROCESSING}))


def main(seconds: float) -> int:
    sys.stdout.write(f"real window, {seconds:.0f} s each; reference: the same window with one running task\n")
    shares = {}
    for size in SIZES:
        found = measured(size, seconds)
        shares[size] = found["between"]
        sys.stdout.write(f"{size:>4} running, asked {found['asked']} times: {found['turns']}\n")
        sys.stdout.write(f"     of a core: {found['between']:.2%} between two questions, {found['share']:.2%} in all\n")
    sys.stdout.write(f"between two questions {SIZES[-1]} tasks take {shares[500] / shares[1]:.2f} times one\n")
    return 0


def measured(size: int, seconds: float) -> dict[str, Any]:
    """What a window in a process of its own found with so many tasks that never end."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder) / "sandbox", speed="instant") as sandbox:
        sandbox.world.switch(slots=size + 1, granted_units=1e6)
        sandbox.fault("stuck", on="create", times=size)
        video = next(job.video_id for job in sandbox.world.task_index.jobs.values() if job.external_id == "dawn-lake")
        keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
        command = [sys.executable, "-m", "tests.benchmarks.many_running", "--window", sandbox.url, folder, video]
        child = subprocess.run(
            [*command, str(size), str(seconds)], capture_output=True, text=True, check=False, env={**os.environ, **keys}
        )
    if child.returncode:
        raise SystemExit(child.stderr)
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return found


# --- in the process of the window ---


@dataclass
class Rests:
    """The times between the questions to Kling, and what the process took of a core in them."""

    questions: int = 0
    rested: float = 0.0
    worked: float = 0.0
    _under_way: int = 0
    _since: tuple[float, float] | None = None

    def watch(self) -> None:
        """Note each question that any follower asks from now on."""
        ask = Follower._ask_about

        async def watched(follower: Follower, due: Sequence[Any]) -> None:
            self._begin()
            await ask(follower, due)
            asyncio.get_running_loop().call_later(AFTER, self._end)

        Follower._ask_about = watched  # type: ignore[method-assign,assignment] # the one place that all questions pass

    def clear(self) -> None:
        self.questions, self.rested, self.worked = 0, 0.0, 0.0
        self._since = _now() if self._since else None

    def _begin(self) -> None:
        self.questions += 1
        self._under_way += 1
        if self._since:
            clock, work = _now()
            self.rested += clock - self._since[0]
            self.worked += work - self._since[1]
            self._since = None

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._since = _now()


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


async def shown(url: str, folder: Path, video: str, size: int, seconds: float) -> None:
    async with program.opened(program.Options(data_dir=folder / "data", api_base=url), os.environ) as running:
        window, studio = running.window, running.studio
        window.show()
        window.show_rail(ALL_TAKES)
        profile = running.preferences.profile
        for number in range(size):
            studio.submit(Extension(video, f"take {number}"), profile)
        await until(lambda: studio.ledger.count(AT_KLING) == size, 300, "all tasks to run")
        rests = Rests()
        rests.watch()
        await until(lambda: rests.questions > 2, 120, "all tasks to be asked for in step")
        heartbeat = Heartbeat(window)
        heartbeat.begin()
        await asyncio.sleep(seconds)
        turns, asked = heartbeat.end(), rests.questions - 2
        await until(lambda: rests.questions > asked + 2, 60, "a question without the heart that beats")
        rests.clear()
        start = _now()
        await asyncio.sleep(seconds)
        await until(lambda: rests.questions > 1, 60, "two questions")
        end = _now()
        found = {
            "asked": asked,
            "turns": turns.words(),
            "between": rests.worked / rests.rested,
            "share": (end[1] - start[1]) / (end[0] - start[0]),
        }
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        os._exit(0)


def run_window(url: str, folder: str, video: str, size: str, seconds: str) -> None:
    app = program.make_application()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(shown(url, Path(folder), video, int(size), float(seconds)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--window"]:
        run_window(*sys.argv[2:])
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
