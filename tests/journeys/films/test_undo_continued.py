"""What was done to a film of continued takes is taken back: its cards, its length and its joined film are as before."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from kling_desktop.domain.tasks import Task
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import ALL_TAKES, TREE
from kling_desktop.ui.sweep.sweep_dialog import SweepDialog
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, listed_tasks, made
from tests.journeys.handing_over.exporting import next_take

ONE, TWO, NEXT = "A duck lands", "A heron lands", "It swims off"


async def _grown(creator: Creator, folder: Path) -> dict[str, Task]:
    """A dropped video, two takes that continue it, and one that continues the newer; by their words."""
    drops(creator.window, film(folder / "Pond.mp4", range(30), size=(320, 180)))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
    root = creator.form.extension().video_id
    await next_take(creator, root, ONE)
    clip = await next_take(creator, root, TWO)
    await next_take(creator, clip.id, NEXT)
    tasks = {task.extension.prompt: task for task in listed_tasks(creator)}
    creator.tasks.select(tasks[NEXT].id)
    await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film")
    await creator.sees(lambda: len(creator.window.seams.seams) == 2, "its seams")
    return tasks


def _told(creator: Creator) -> tuple[object, ...]:
    """The film as the lane has it."""
    shown = [(card.words, card.seconds, card.take, card.takes) for card in cards(creator, CardKind.MADE)]
    return (*shown, creator.window.film.ruler.maximum())


def _forgets(creator: Creator, task: Task) -> None:
    creator.window.show_rail(ALL_TAKES)
    creator.tasks.select(task.id)
    creator.tasks.table.setFocus()
    creator.presses(creator.tasks.table, Qt.Key.Key_Delete)


async def _undoes(creator: Creator, before: tuple[object, ...]) -> None:
    creator.window.menu_bar.commands["undo"].trigger()
    await creator.sees(lambda: _told(creator) == before, "the film as it was")


@pytest.mark.timeout(120)
async def test_forgets_picks_and_merges_of_continued_takes_are_taken_back(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        tasks = await _grown(creator, tmp_path)
        before, tree = _told(creator), creator.window.tree.tree

        _forgets(creator, tasks[NEXT])
        await creator.sees(lambda: made(creator)[1:] == [TWO], "it out of the film")
        await _undoes(creator, before)

        _forgets(creator, tasks[TWO])
        await creator.sees(lambda: made(creator)[1:] == ["", NEXT], "its place kept, as another take hangs on it")
        assert creator.window.film.ruler.maximum() == before[-1], "the film is as long as it was"
        creator.window.show_rail(TREE)
        tree.choose(tasks[TWO].id)
        tree.chosen.emit(tasks[TWO].id)
        await creator.sees(lambda: 4 < creator.viewer.duration_seconds < 5, "all up to it, and not its clip alone")
        await _undoes(creator, before)

        tree.choose(tasks[ONE].id)
        creator.presses(tree, Qt.Key.Key_P)
        await creator.sees(lambda: made(creator)[1:] == [ONE], "the other take in the film")
        await creator.sees(lambda: 4 < creator.viewer.duration_seconds < 5, "its film on the stage")
        await _undoes(creator, before)

        drops(creator.window, film(tmp_path / "Lake.mp4", range(36), size=(320, 180)))
        await creator.sees(lambda: made(creator) == ["Lake"], "another film")
        menu = creator.window.film_menu
        menu.aboutToShow.emit()
        merge = next(action.menu() for action in menu.actions() if action.text() == "Merge into it")
        assert isinstance(merge, QMenu)
        next(action for action in merge.actions() if action.text() == "Pond").trigger()
        await creator.sees(lambda: cards(creator, CardKind.MADE)[0].takes == 2, "both roots in one film")
        assert made(creator) == ["Lake"], "which goes on to show what it showed"
        creator.window.menu_bar.commands["undo"].trigger()
        await creator.sees(lambda: cards(creator, CardKind.MADE)[0].takes == 1, "two films again")
        creator.tasks.select(tasks[NEXT].id)
        await creator.sees(lambda: _told(creator) == before, "the film as it was")
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "all of it on the stage")


async def test_a_rejected_take_is_not_swept_from_under_what_continues_it(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        tasks = await _grown(creator, tmp_path)
        creator.window.show_rail(ALL_TAKES)
        for words in (ONE, TWO):
            creator.tasks.select(tasks[words].id)
            creator.tasks.table.setFocus()
            creator.presses(creator.tasks.table, Qt.Key.Key_X)
        await creator.sees(lambda: made(creator) == ["Pond"], "both rejected")
        creator.window.cull.commands["sweep"].trigger()
        dialog = await creator.sees(lambda: creator.window.findChild(SweepDialog), "what would be swept")
        assert dialog.count.text().startswith("1 rejected take · 1 file · ")
        creator.clicks(dialog.sweep)
        await creator.sees(lambda: "in the trash" in creator.banners(), "the word that it is swept")
        kept = {words: task.clip.file for words, task in tasks.items() if task.clip and task.clip.file}
        assert [kept[words].exists() for words in (ONE, TWO, NEXT)] == [False, True, True]
        creator.tasks.select(tasks[NEXT].id)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film, whole")
        creator.window.menu_bar.commands["undo"].trigger()
        await creator.sees(kept[ONE].exists, "the file again")
        creator.tasks.select(tasks[ONE].id)
        await creator.sees(lambda: 4 < creator.viewer.duration_seconds < 5, "its film")
