"""A take that was continued is judged in the film that it was joined to, as an extended one is in its own file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.feed import ClipChanged, Fact
from kling_desktop.ui.rail.rail import ALL_TAKES
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops


async def continued(creator: Creator, folder: Path, *prompts: str) -> list[Task]:
    """A dropped video of 1.25 s, continued once for each prompt; the films that they are joined to are made."""
    drops(creator.window, film(folder / "Pond.mp4", range(30), size=(320, 180)))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
    made = []
    for prompt in prompts:
        creator.writes(prompt)
        creator.form.submit()
        await creator.sees(partial(_asked, creator, prompt), f"the task: {prompt}")
        made.append(await creator.sees_take())
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film")
    return made


async def test_what_becomes_known_of_the_clip_leaves_the_seams_of_the_film_that_is_seen(
    start: Start, tmp_path: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        seams = creator.window.seams
        await creator.sees(lambda: len(seams.seams) == 1, "its seam")
        told: list[Clip] = []

        def hear(facts: Sequence[Fact]) -> None:
            told.extend(fact.clip for fact in facts if isinstance(fact, ClipChanged))

        creator.program.studio.feed.subscribe(hear)
        assert task.clip is not None
        creator.program.studio.clips.note(task.clip)
        await creator.sees(lambda: task.clip in told, "the word of the clip")
        assert len(seams.seams) == 1
        assert len(creator.viewer.transport.strip.marks) == 1
        seams.commands["worst_seam"].trigger()
        await creator.sees(lambda: seams.stage.stills, "the frames of its seam")


async def test_a_continued_take_is_saved_as_the_film_that_plays_or_as_its_clip_alone(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        assert task.clip is not None
        assert task.clip.file is not None
        (joined,) = data_dir.glob("renders/*.mp4")  # noqa: ASYNC240 - a moment
        creator.window.show_rail(ALL_TAKES)
        creator.clicks_row(0)
        for number, source in enumerate((joined, task.clip.file)):
            creator.presses(creator.tasks.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            dialog = await creator.sees(lambda: creator.window.findChild(QFileDialog), "the dialog")
            dialog.selectNameFilter(dialog.nameFilters()[number])
            saved = tmp_path / f"saved {number}.mp4"
            creator.saves_as(dialog, saved)
            await creator.sees(partial(_is_copy, saved, source), "the copy")
            await creator.sees(lambda: not creator.window.findChild(QFileDialog), "the dialog to be gone")


def _taken(creator: Creator, names: list[str]) -> bool:
    creator.viewer.take_snapshot()
    return bool(names)


def _failed(creator: Creator, prompt: str) -> Task | None:
    task = creator.newest()
    return task if task is not None and task.extension.prompt == prompt and task.status is Status.FAILED else None


def _is_copy(saved: Path, source: Path) -> bool:
    return saved.exists() and saved.read_bytes() == source.read_bytes()


def _asked(creator: Creator, prompt: str) -> bool:
    task = creator.newest()
    return task is not None and task.extension.prompt == prompt


async def test_what_leaves_the_window_of_a_continued_take_is_the_film_under_the_names_of_the_take(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        assert task.clip is not None
        assert task.clip.file is not None
        (joined,) = data_dir.glob("renders/*.mp4")  # noqa: ASYNC240 - a moment
        model = creator.tasks.model
        row = model.layout.row(0)
        (url,) = model.mimeData([model.index(row, 0)]).urls()
        dragged = Path(url.toLocalFile())
        assert _is_copy(dragged, joined), "as by its card"
        assert dragged.stem != joined.stem
        taken: list[str] = []
        creator.viewer.snapshot_asked.connect(lambda image, name: taken.append(name))
        await creator.sees(partial(_taken, creator, taken), "a picture")
        assert [name.rpartition("_f")[0] for name in taken[:1]] == [task.clip.file.stem]


async def test_behind_a_failed_take_the_film_before_it_is_seen_though_it_was_deleted(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        assert task.clip is not None
        creator.program.window.tasks.extend_asked.emit(task)
        await creator.sees(lambda: task.clip and creator.form.extension().video_id == task.clip.id, "it in the form")
        creator.tell("faults", on="create", do="refuse", code=1301, message="risk control", times=1)
        creator.writes("Rain begins")
        creator.form.submit()
        failed = await creator.sees(partial(_failed, creator, "Rain begins"), "that it has failed")
        assert creator.viewer.duration_seconds > 6
        creator.tasks.select(task.id)
        await creator.sees(lambda: creator.tasks.selected() == creator.take(1), "the take before it")
        creator.viewer.show_clip(None)
        for joined in data_dir.glob("renders/*.mp4"):  # noqa: ASYNC240 - a moment
            joined.unlink()
        creator.tasks.select(failed.id)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "the whole film before it")
        assert creator.viewer.clip is not None
        assert creator.viewer.clip.id == task.clip.id


async def test_a_film_whose_first_file_was_away_is_joined_again_as_soon_as_it_is_brought_in(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        assert task.clip is not None
        root = creator.program.studio.clips.find(task.extension.video_id)
        assert root is not None
        assert root.file is not None
        assert root.file != tmp_path / "Pond.mp4"
        creator.tasks.select("")
        creator.viewer.show_clip(None)
        root.file.unlink()
        for joined in data_dir.glob("renders/*.mp4"):  # noqa: ASYNC240 - a moment
            joined.unlink()
        creator.tasks.chosen.emit(task)
        await creator.sees(lambda: "no longer where it was" in creator.banners(), "the word that a file is missing")
        await creator.sees(lambda: 0 < creator.viewer.duration_seconds < 6, "its clip alone meanwhile")
        alone = creator.viewer.duration_seconds
        creator.viewer.seek(1.0)
        await creator.sees(lambda: creator.viewer.position_seconds > 0.9, "a place in its clip")
        await creator.sees(lambda: 2000 < creator.window.film.ruler.value() < 2300, "it in the film, behind the seam")
        creator.viewer.marks.mark_start(1.0)
        creator.viewer.marks.mark_end(2.0)
        drops(creator.window, tmp_path / "Pond.mp4")
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "the whole film")
        await creator.sees(lambda: len(creator.window.seams.seams) == 1, "its seam")
        marks, left_out = creator.viewer.marks, 1.25 + alone - creator.viewer.duration_seconds
        assert left_out > 1 / 48, "at least the frame that repeats the last one"
        assert marks.start is not None
        assert marks.end is not None
        assert marks.end - marks.start == pytest.approx(1.0)
        assert marks.start == pytest.approx(1.25 + 1.0 - left_out, abs=1 / 48), "at the same picture"
        assert "no longer where it was" not in creator.banners()


async def test_a_film_whose_drive_was_away_is_joined_and_shown_as_soon_as_that_is_back(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        root = creator.program.studio.clips.find(task.extension.video_id)
        assert root is not None
        assert root.file is not None
        drive, unplugged = root.file.parent, tmp_path / "unplugged"
        creator.tasks.select("")
        creator.viewer.show_clip(None)
        for joined in data_dir.glob("renders/*.mp4"):  # noqa: ASYNC240 - a moment
            joined.unlink()
        drive.rename(unplugged)
        creator.tasks.chosen.emit(task)
        await creator.sees(lambda: "drive or share" in creator.banners(), "the word that the drive is away")
        assert creator.viewer.duration_seconds < 6
        unplugged.rename(drive)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "the whole film, of which nobody asked")
        await creator.sees(lambda: len(creator.window.seams.seams) == 1, "its seam")
        assert "drive or share" not in creator.banners()
