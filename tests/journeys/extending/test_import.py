"""A creator brings videos in: dropped, opened, twice, and some that are none."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

from PySide6.QtCore import Qt

from kling_desktop.domain.takes import Way
from kling_desktop.running.single_instance import acquire
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.harness.media.films import film
from tests.harness.waiting import until
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops

_ROOT = Path(__file__).parents[3]


async def test_a_dropped_video_is_a_film_that_can_be_continued(start: Start, tmp_path: Path, data_dir: Path) -> None:
    mine = film(tmp_path / "Pond.mp4", range(30), size=(320, 180))
    async with start() as creator:
        drops(creator.window, mine)
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        assert creator.form.fields.way.way is Way.CONTINUE
        assert "begins a film" in creator.banners()
        await creator.sees(lambda: creator.window.tree.tree.model().rowCount() == 1, "its tree")
        await creator.sees(lambda: creator.viewer.clip is not None, "the video in the viewer")
        creator.form.fields.prompt.show_text("")
        creator.writes("A duck lands")
        told: list[str] = []
        creator.viewer.clip_shown.connect(lambda clip: told.append(creator.window.seams.place.words))
        creator.form.submit()
        take = await creator.sees_take(60)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "the film with what was continued")
        assert "Joining it to the film…" in told, "as long as the new clip was seen alone"
        await creator.sees(lambda: creator.window.seams.place.words.startswith("Seam 1 of 1"), "it at its seam")
        assert take.extension.generation is not None
        await creator.sees(lambda: creator.window.tree.tree.model().rowCount() == 2, "the tree to grow")
        await _deletes_the_joined_film(creator, data_dir / "renders")
        drops(creator.form.fields.prompt.edit.viewport(), mine)
        await creator.sees(lambda: "in the library already" in creator.banners(), "that it is known")
        assert "Pond.mp4" not in creator.form.fields.prompt.text()


async def test_what_a_second_start_is_given_comes_into_the_window_that_is_open(
    start: Start, tmp_path: Path, data_dir: Path
) -> None:
    """The video lies where that start was made, with a name as creators give it."""
    film(tmp_path / "夏天 的 Pond.mp4", range(30))
    async with start() as creator:
        place = acquire(data_dir)
        assert place is not None
        place.raises(creator.window, creator.window.files_given.emit)
        second = await _started(tmp_path, "--data-dir", str(data_dir), "夏天 的 Pond.mp4")
        await creator.sees(lambda: "夏天 的 Pond.mp4 begins a film" in creator.banners(), "the video")
        assert await second.wait() == 0
        place.close()


async def test_what_the_program_is_started_with_is_taken_in(tmp_path: Path, data_dir: Path) -> None:
    film(tmp_path / "夏天 的 Pond.mp4", range(30))
    program = await _started(tmp_path, "--sandbox", "--data-dir", str(data_dir), "夏天 的 Pond.mp4")
    try:
        await until(lambda: _films(data_dir / "library.sqlite3") == ["夏天 的 Pond"], 60, "its film")
    finally:
        program.terminate()
    assert await program.wait() == 0


async def _started(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """The program, as from a terminal that stands in this folder."""
    command = [sys.executable, "-m", "kling_desktop", *arguments]
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env={**os.environ, "PYTHONPATH": str(_ROOT)})


def _films(library: Path) -> list[str]:
    """Their names; none before there is a library."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{library}?mode=ro", uri=True)) as database:
        return [name for (name,) in database.execute("SELECT name FROM film")]
    return []


async def _deletes_the_joined_film(creator: Creator, folder: Path) -> None:
    """In the settings, while another clip is on the stage; looked at again, it is made again and opens at its seam."""
    tree, viewer = creator.window.tree.tree, creator.viewer
    creator.window.show_rail(TREE)
    creator.window.activateWindow()  # a bare virtual screen does not give it by itself
    await creator.sees(creator.window.isActiveWindow, "the window in front")
    tree.setFocus()
    creator.presses(tree, Qt.Key.Key_Up)
    await creator.sees(lambda: viewer.duration_seconds < 2, "the first clip")
    creator.window.menu_bar.settings_asked.emit()
    dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings")
    await creator.sees(dialog.takes.clear.isEnabled, "what the joined films take")
    assert dialog.takes.joined.text().endswith("B")
    dialog.takes.clear.click()
    await creator.sees(lambda: dialog.takes.joined.text() == "none", "them to be deleted")
    assert not any(folder.glob("*"))  # noqa: ASYNC240 - a moment
    dialog.close()
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window in front again")
    tree.setFocus()
    creator.presses(tree, Qt.Key.Key_Down)
    await creator.sees(lambda: viewer.duration_seconds > 6 and len(viewer.seams) == 1, "the film again")
    await creator.sees(lambda: abs(viewer.position_seconds - viewer.seams[0].seconds) < 0.02, "it at its seam")


async def test_what_is_no_video_is_said_in_a_sentence(start: Start, tmp_path: Path) -> None:
    (tmp_path / "letter.mp4").write_text("Dear reader, " * 40)
    async with start() as creator:
        drops(creator.window, tmp_path / "letter.mp4")
        await creator.sees(lambda: "letter.mp4: " in creator.banners(), "a sentence")
        drops(creator.window)
        await creator.sees(lambda: "Nothing of use was dropped" in creator.banners(), "a word on the empty drop")


async def test_dropped_words_and_ids_go_to_the_form(start: Start) -> None:
    async with start() as creator:
        drops(creator.window, text="The wind comes up")
        assert creator.form.extension().prompt == "The wind comes up"
        wanted = creator.clip_id("dawn-lake")
        drops(creator.window, text=wanted)
        assert creator.form.extension().video_id == wanted
        assert creator.form.extension().prompt == "The wind comes up"
