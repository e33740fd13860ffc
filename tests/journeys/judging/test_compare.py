"""Two takes of one clip are seen side by side, in step, and the better one is picked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.ui.compare.compare import Comparison
from kling_desktop.ui.compare.compare_stage import Mode
from kling_desktop.ui.compare.player_panes import PlayerPanes
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops

CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


async def test_two_takes_of_one_clip_are_compared_and_one_is_picked(start: Start, data_dir: Path) -> None:
    async with start() as creator:
        source = creator.clip_id("dawn-lake")
        for prompt in ("A red boat drifts into the picture", "Snow begins to fall on the lake"):
            creator.asks(source, prompt)
            await creator.sees(partial(_asked, creator, prompt), f"the task: {prompt}")
            await creator.sees_take()

        for strip in data_dir.glob("**/strips/*"):  # noqa: ASYNC240 - a moment
            strip.unlink()  # as of takes that were never on the stage
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        creator.presses(creator.tasks.table, Key.Key_D, CTRL)
        comparison = await creator.sees(lambda: creator.window.findChild(Comparison), "the comparison")
        panes, stills = comparison.panes, comparison.bar.strip.stills
        await creator.sees(lambda: panes.is_settled and all(panes.shots), "both films")
        await creator.sees(lambda: stills.there, "the stills of the first of them")
        await creator.sees(lambda: all(entrant.measured for entrant in comparison._entrants), "both seams", timeout=30)
        truth = creator.ask("seams")
        for entrant in comparison._entrants:
            assert entrant.task.clip is not None
            assert entrant.measured is not None
            assert abs(entrant.measured.frame - truth[entrant.task.clip.id]["seams"][-1]["frame"]) <= 1
        await creator.sees(lambda: set(_from_seams(panes)) == {0}, "both at their seams")

        before = panes.frame
        comparison.activateWindow()
        creator.presses(comparison.stage, Key.Key_Space)
        await creator.sees(lambda: panes.frame > before + 15, "both to play")
        creator.presses(comparison.stage, Key.Key_Space)
        await creator.sees(lambda: panes.is_settled and len(set(_from_seams(panes))) == 1, "both to stand")
        creator.presses(comparison.stage, Key.Key_0)
        assert comparison.stage.mode == Mode.DIFFERENCE

        creator.presses(comparison.stage, Key.Key_M)
        creator.presses(comparison.stage, Key.Key_P)
        creator.presses(comparison.stage, Key.Key_Escape)
        assert not comparison.isVisible()
        winner = await creator.sees(partial(_winner, creator), "the winner in the list")
        assert winner.extension.prompt == "A red boat drifts into the picture"


async def test_continued_takes_are_laid_on_each_other_once_their_films_are_made_again(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    """Their films are a cache: deleted, they are made again while what is new in each is seen alone."""
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 180)))
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        for prompt in ("A duck lands", "Rain begins"):
            creator.writes(prompt)
            creator.form.submit()
            await creator.sees(partial(_asked, creator, prompt), f"the task: {prompt}")
            await creator.sees_take()
            await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film")
        takes = [task for number in range(2) if (task := creator.take(number))]
        creator.viewer.seek(3.0)
        await creator.sees(lambda: abs(creator.viewer.position_seconds - 3.0) < 0.05, "a place behind the seam")
        creator.tasks.select(takes[1].id)
        await creator.sees(partial(_shows, creator, takes[1]), "the other take's film")
        assert abs(creator.viewer.position_seconds - 3.0) < 0.05, "at the same place"
        begins = QImage()
        for deleted in (False, True):
            for joined in data_dir.glob("renders/*.mp4") if deleted else ():  # noqa: ASYNC240 - a moment
                joined.unlink()
            creator.tasks.compare_asked.emit(takes)
            comparison = await creator.sees(lambda: creator.window.findChild(Comparison), "the comparison")
            if deleted:
                assert [entrant.seam for entrant in comparison._entrants] == [0.0, 0.0]
                described = comparison.stage.accessibleDescription()
                assert described.count("Joining it to the film") == 2, "why they do not begin at their seams yet"
                comparison.commands["pick"].trigger()
            await creator.sees(partial(_stand, comparison, 1.25), "both of them at their seams")
            await creator.sees(partial(_strip_begins, comparison, begins), "stills of the film, not of its end alone")
            begins = comparison.bar.strip.stills.tile(0)
            assert "Joining" not in comparison.stage.accessibleDescription()
            creator.presses(comparison.stage, Key.Key_Escape)
        winners = [task.id for number in range(2) if (task := creator.take(number)) and task.pick is Pick.PICKED]
        assert len(winners) == 1, "what was judged meanwhile stays"


def _shows(creator: Creator, task: Task) -> bool:
    shown, wanted = creator.viewer.clip, task.clip
    is_it = shown is not None and wanted is not None and shown.id == wanted.id
    return is_it and creator.viewer.duration_seconds > 6


def _stand(comparison: Comparison, seconds: float) -> bool:
    """Whether all takes are seen at their seams, which are there. A loaded machine may show a picture late."""
    panes = comparison.panes
    are_there = all(shot is not None and shot.seconds == pytest.approx(seconds, abs=0.05) for shot in panes.shots)
    return panes.is_settled and are_there and all(entrant.seam == seconds for entrant in comparison._entrants)


def _strip_begins(comparison: Comparison, wanted: QImage) -> bool:
    """With this picture; with any, if that is null."""
    stills = comparison.bar.strip.stills
    return stills.there and (wanted.isNull() or stills.tile(0) == wanted)


def _asked(creator: Creator, prompt: str) -> bool:
    task = creator.newest()
    return task is not None and task.extension.prompt == prompt


def _winner(creator: Creator) -> Task | None:
    task = creator.tasks.selected()
    return task if task is not None and task.pick is Pick.PICKED else None


def _from_seams(panes: PlayerPanes) -> list[int]:
    """How many frames behind its seam, as that is known by now, each presented frame is."""
    return [pane.index(pane.presented) - pane.player.clock.index(pane.seam) for pane in panes._panes if pane.presented]
