"""The program in a process of its own, driven by a script of steps, so that it can be killed in the middle.

Run as `python -m tests.journeys.child DATA_DIR URL STEP...`; says each step on stdout when it begins.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import qasync

from kling_desktop.app import Options, make_application, opened
from kling_desktop.domain.tasks import Task
from kling_desktop.errors import OverBudget
from kling_desktop.running.loop.garbage import garbage_collected_here
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.wiring import session
from tests.harness.engine import QUICK
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.handing_over.exporting import opened as opened_dialog

if TYPE_CHECKING:
    from kling_desktop.ui.export.export_dialog import ExportDialog

DRAFT = "a half-written thou"
SEEN_SECONDS = 2.0


@dataclass(frozen=True)
class Address:
    """As much of the sandbox as a creator needs to know."""

    url: str


async def run(data_dir: Path, url: str, steps: Sequence[str]) -> None:
    async with opened(Options(data_dir=data_dir, api_base=url, pace=QUICK), os.environ) as program:
        program.window.show()
        creator = Creator(program, Address(url))
        await creator.sees(program.window.windowHandle().isExposed, "the window")
        program.window.activateWindow()  # a bare virtual screen has no window manager to do it
        await creator.sees(program.window.isActiveWindow, "the window to be active")
        creator.leaves_library()
        for step in steps:
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            await STEPS[step](creator)
        await program.window.closed.wait()


async def ask(creator: Creator) -> None:
    creator.asks(creator.clip_id("dawn-lake"), f"Snow begins to fall, {os.getpid()}")
    await creator.sees(lambda: creator.form.sent, "the words to be safe")


async def write(creator: Creator) -> None:
    creator.writes(DRAFT)


async def wait_for_take(creator: Creator) -> None:
    await creator.sees_take()


async def look(creator: Creator) -> None:
    creator.clicks_row(0)
    await creator.sees(lambda: creator.viewer.duration_seconds > SEEN_SECONDS, "the film")
    creator.viewer.seek(SEEN_SECONDS)
    await creator.sees(lambda: abs(creator.viewer.position_seconds - SEEN_SECONDS) < 0.2, "the frame")
    creator.window.resize(1111, 777)


async def watch_plan(creator: Creator) -> None:
    """Say when a hop of the plan is seen to be under way."""
    await creator.sees(lambda: any(task.status.at_kling for task in _tasks(creator)), "a hop at Kling", 60)
    sys.stdout.write("running\n")
    sys.stdout.flush()


async def watch_parked(creator: Creator) -> None:
    """Say when a hop of the plan is seen to wait for the budget."""
    await creator.sees(lambda: any(_is_parked(task) for task in _tasks(creator)), "a hop without a budget", 60)
    sys.stdout.write("running\n")
    sys.stdout.flush()


def _is_parked(task: Task) -> bool:
    return task.trouble is not None and task.trouble.error == OverBudget.__name__


def _tasks(creator: Creator) -> list[Task]:
    rows = creator.tasks.model.rowCount()
    return [task for row in range(rows) if (task := creator.tasks.model.task(row))]


async def go_on(creator: Creator) -> None:
    """Drop the video that the surroundings name, and send how it goes on."""
    drops(creator.window, Path(os.environ["DROPPED"]))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
    creator.writes("A duck lands")
    creator.form.submit()


async def see_seed(creator: Creator) -> None:
    """The picture with which the new clip begins lies on the disk; nothing may have been sent."""
    await creator.sees(lambda: any(Path(os.environ["DATA"]).rglob("seeds/*.png")), "the picture")


async def see_sent(creator: Creator) -> None:
    await creator.sees(lambda: (task := creator.newest()) and task.kling_id, "Kling to have it")


async def hand_over(creator: Creator) -> None:
    """Ask in the dialog for the film in each way that the surroundings name; say so when all stand in the queue."""
    dialog: ExportDialog | None = None
    for number, key in enumerate(os.environ["WAYS"].split(), 1):
        dialog = await opened_dialog(creator, What.FILM, key, Path(os.environ["OUT"]) / key, timeout=60)
        creator.clicks(dialog.export_button)
        await creator.sees(partial(_holds, creator, number), f"{key} in the queue")
    if dialog is not None:
        dialog.close()
    sys.stdout.write("queued\n")
    sys.stdout.flush()


def _holds(creator: Creator, exports: int) -> bool:
    return len(creator.window.exports.jobs) == exports


async def see_handed_over(creator: Creator) -> None:
    """All that was asked for has ended; how, is told."""
    await creator.sees(lambda: all(job.state.ended for job in creator.window.exports.jobs), "all to be written", 300)
    for job in creator.window.exports.jobs:
        sys.stdout.write(f"{job.format_key} {job.state} {job.file} {job.trouble}\n")
    sys.stdout.write("handed\n")
    sys.stdout.flush()


async def leave(creator: Creator) -> None:
    creator.window.close()


async def part(creator: Creator) -> None:
    """As the creator does who is asked about what waits."""
    creator.window.leave()


STEPS = {
    "ask": ask,
    "write": write,
    "take": wait_for_take,
    "look": look,
    "plan": watch_plan,
    "parked": watch_parked,
    "go on": go_on,
    "seed": see_seed,
    "sent": see_sent,
    "hand over": hand_over,
    "see handed over": see_handed_over,
    "done": part,
    "leave": leave,
    "part": part,
}


def main(arguments: Sequence[str]) -> int:
    session._REMEMBER_SECONDS = 0.1  # so that a test need not wait for what the creator does not see
    data_dir, url, *steps = arguments
    app = make_application()
    with garbage_collected_here(), asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(run(Path(data_dir), url, steps))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
