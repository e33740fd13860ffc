"""A drive goes away and comes back while the program runs: what lay there is there again, and nothing spins."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.domain.tasks import Task
from kling_desktop.errors import DriveAbsent, FileOutOfReach
from kling_desktop.studio.feed import SeamsFound, TailExamined
from kling_desktop.ui.wiring.films.film import FilmWiring
from tests.harness.desk.stick import Stick
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import click_card
from tests.journeys.judging.test_joined_films import continued


def _absent(creator: Creator) -> Task | None:
    task = creator.newest()
    return task if task and task.trouble and task.trouble.error == DriveAbsent.__name__ else None


def _lose(file: Path) -> None:
    """As when a cache is cleared."""
    file.unlink()


def _looks(creator: Creator, *, asked: bool = False) -> bool:
    """Whether a tail is examined, or will be; with `asked` only whether the open film still asks for what it lacks."""
    names = ("_look_into_each",) if asked else ("_look_into_each", "examine_tail")
    running = [repr(job.get_coro()) for job in creator.program.studio.background._running]
    return any(name in each for name in names for each in running)


async def _looks_again(creator: Creator) -> None:
    """At the other take, and back."""
    for row in (1, 0):
        creator.clicks_row(row)
        await creator.sees(partial(_shows, creator, row), f"take {row}")


def _shows(creator: Creator, row: int) -> bool:
    task, clip = creator.take(row), creator.viewer.clip
    return bool(task and task.clip and clip and clip.id == task.clip.id)


async def test_a_joined_film_is_there_again_with_its_drive(start: Start, tmp_path: Path, data_dir: Path) -> None:
    drive, away = tmp_path / "drive", tmp_path / "away"
    (drive / "Kling" / "Takes").mkdir(parents=True)
    async with start() as creator:
        creator.program.preferences.change(library_folder=drive / "Kling" / "Takes")
        creator.asks(creator.clip_id("dawn-lake"), "It begins to rain")
        await creator.sees_take()
        await continued(creator, tmp_path, "A duck lands")
        assert (files := sorted((drive / "Kling" / "Takes").glob("*.mp4")))
        drive.rename(away)
        for film in (data_dir / "renders").glob("*.mp4"):
            film.unlink()  # a cache, which may be cleared at any time
        await _looks_again(creator)
        await creator.sees(lambda: _absent(creator), "the word of the drive")
        await creator.sees(lambda: FileOutOfReach.title in creator.banners(), "that its film cannot be made")
        away.rename(drive)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "the film, by itself")
        await creator.sees(lambda: FileOutOfReach.title not in creator.banners(), "the banner to go")
        await _looks_again(creator)
        await creator.sees(lambda: not _absent(creator), "the word to go")
        assert sorted((drive / "Kling" / "Takes").glob("*.mp4")) == files
        assert list((data_dir / "renders").glob("*.mp4"))


async def test_a_drive_that_is_away_is_not_looked_for_at_every_drawing(start: Start, tmp_path: Path) -> None:
    """Each drawing asks for what it lacks; were each answer that it cannot be had drawn too, that had no end."""
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        wiring = creator.window.findChild(FilmWiring)
        assert isinstance(wiring, FilmWiring)
        await creator.sees(lambda: not wiring._soon.isActive(), "all to be drawn")
        assert task.clip is not None
        trouble = DriveAbsent("it is away").trouble
        wiring.on_facts([TailExamined(task.clip.id, None, trouble), SeamsFound(task.clip.id, (), trouble)])
        assert not wiring._soon.isActive()
        wiring.on_facts([SeamsFound(task.clip.id, ())])
        assert wiring._soon.isActive()


async def test_a_take_is_looked_into_once_and_again_once_that_was_in_vain(start: Start, tmp_path: Path) -> None:
    """A film of many takes is drawn for each of their pictures that comes."""
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        wiring = creator.window.findChild(FilmWiring)
        assert isinstance(wiring, FilmWiring)
        assert task.clip is not None
        assert task.clip.file is not None
        tail = creator.program.data_dir / "tails" / f"{task.clip.id}.jpg"
        await creator.sees(
            lambda: tail.exists() and not wiring._soon.isActive() and not _looks(creator), "all to be drawn"
        )
        _lose(tail)
        wiring._draw()
        await creator.sees(lambda: not _looks(creator, asked=True), "all to be asked for")
        assert not _looks(creator), "it was asked for already"
        wiring.on_facts([TailExamined(task.clip.id, None, DriveAbsent("it is away").trouble)])
        wiring._draw()
        await creator.sees(tail.exists, "the still, once more")
        _lose(tail)
        click_card(creator, 0)  # what is under way for the one on the stage is called off
        await creator.sees(tail.exists, "the still of the take that was left")


async def test_what_is_left_of_the_drive_of_an_earlier_session_is_told_from_deleted_takes(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = Stick(tmp_path / "nas", monkeypatch)
    async with start() as creator:
        creator.program.preferences.change(library_folder=stick.folder)
        creator.asks(creator.clip_id("dawn-lake"), "It begins to rain")
        await creator.sees_take()
        files = sorted(stick.folder.glob("*.mp4"))
        assert files
    stick.pull()
    DRIVES._seen_now.clear()  # as a new process has it
    async with start() as creator:
        creator.clicks_row(0)
        await creator.sees(lambda: _absent(creator), "the word of the drive")
        assert list(stick.folder.iterdir()) == []
        stick.plug()
        task = creator.newest()
        assert task is not None
        creator.program.studio.check_file(task)  # as each look at it does
        await creator.sees(lambda: not _absent(creator), "the word to go")
        assert sorted(stick.folder.glob("*.mp4")) == files
