"""Killed between the picture and the film: after the next start nothing is sent twice, and the film is whole."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from kling_desktop.domain.tasks import Filter
from kling_desktop.errors import Remedy
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.tasks.recovery import remedy_of
from kling_desktop.ui.film.film_view import CardKind
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import cards, click_card


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seen", ["seed", "sent", "take"])
async def test_a_continuation_that_is_killed_is_sent_once_and_ends_as_a_whole_film(
    start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path, seen: str
) -> None:
    mine = film(tmp_path / "Pond.mp4", range(30), size=(320, 320))
    await asyncio.to_thread(_start_and_kill, data_dir, sandbox, mine, seen)
    async with start() as creator:
        tasks = creator.program.studio.ledger.page(Filter(), 0, 1)
        if not tasks:  # it died before the task was written down: the words are in the form
            assert creator.form.extension().prompt == "A duck lands"
            creator.form.submit()
        await _is_decided(creator)
        await creator.sees_take()
        await creator.sees(lambda: len(cards(creator, CardKind.MADE)) == 2, "the take in the film")
        click_card(creator, 1)  # it is on the stage already if that was noted before the end
        await creator.sees(lambda: len(creator.window.seams.seams) == 1, "the film with its seam")
        whole = 30 / 24 + 5
        await creator.sees(lambda: abs(creator.viewer.duration_seconds - whole) < 0.3, "the whole film")
        books = creator.ask("audit")
        assert books["totals"]["created"] == 1
        assert [entry["created"] for entry in books["tasks"].values()] == [1]


async def _is_decided(creator: Creator) -> None:
    """Killed between the note that it leaves and its leaving: Kling was asked in vain, and the creator decides."""

    def known() -> bool:
        task = creator.newest()
        is_here = task is not None and task.clip is not None and task.clip.file is not None
        return is_here or (task is not None and remedy_of(task) is Remedy.SEND_AGAIN)

    await creator.sees(known, "the take, or the question", 60)
    task = creator.newest()
    if task is not None and remedy_of(task) is Remedy.SEND_AGAIN:
        creator.tasks.select(task.id)
        button = creator.window.doctor.button
        await creator.sees(lambda: button.isVisible() and button.text().startswith("Send again"), "the button")
        creator.clicks(button)


def _start_and_kill(data_dir: Path, sandbox: Sandbox, mine: Path, seen: str) -> None:
    """The program, killed as soon as this can be seen."""
    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    told = {"DROPPED": str(mine), "DATA": str(data_dir)}
    command = [sys.executable, "-m", "tests.journeys.child", str(data_dir), sandbox.url, "go on", seen, "done"]
    with Popen(command, env={**os.environ, **keys, **told}, stdout=PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(3)]
        assert lines == ["go on\n", f"{seen}\n", "done\n"], lines
        child.kill()
