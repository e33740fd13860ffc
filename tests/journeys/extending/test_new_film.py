"""A creator begins a film from nothing: with words, with a picture, by mouse and by keyboard; each is paid once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.media.film.conform import film_shape
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.library.library_page import LibraryPage
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.viewer.playing.source import awaited_notice
from tests.harness.media.pictures import HEIC, png
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards

CONTROL = Qt.KeyboardModifier.ControlModifier


def _charged(creator: Creator) -> dict[str, int]:
    """How often the sandbox has made what was asked for, by our ids."""
    return {id: task["created"] for id, task in creator.ask("audit")["tasks"].items()}


def _film_name(creator: Creator) -> str:
    creator.window.film_menu.aboutToShow.emit()
    open_one = [action.text() for action in creator.window.film_menu.actions() if action.isChecked()]
    return open_one[0] if open_one else ""


def _rows(creator: Creator) -> int:
    return creator.window.tree.tree.model().rowCount()


async def test_words_become_a_film_by_keyboard_alone(start: Start) -> None:
    async with start() as creator:
        creator.presses(creator.window, Qt.Key.Key_N, CONTROL)
        edit = creator.form.fields.prompt.edit
        await creator.sees(edit.hasFocus, "the cursor where the words go")
        creator.types(edit, "A small harbour at dawn")
        creator.presses(edit, Qt.Key.Key_Return, CONTROL)
        await creator.sees(lambda: _rows(creator) == 1, "the tree of the new film, at once")
        assert _film_name(creator) == "A small harbour at dawn"
        waits = awaited_notice()
        await creator.sees(lambda: creator.viewer.picture.notice == waits, "the stage to wait for it")
        await creator.sees(lambda: [card.hop for card in cards(creator, CardKind.RUNNING)] == [0], "it in the lane")
        task = await creator.sees_take()
        assert task.kind is Kind.TEXT
        assert task.clip is not None
        assert task.clip.file is not None
        shape = film_shape(task.clip.file)
        assert shape.width > shape.height
        await creator.sees(lambda: creator.viewer.clip is not None, "the film on the stage")
        assert _charged(creator) == {task.id: 1}
        creator.presses(creator.window, Qt.Key.Key_N, CONTROL)
        await creator.sees(
            lambda: (edit.toPlainText(), creator.form.button.isEnabled()) == ("", False), "an empty form"
        )


async def test_three_takes_by_mouse_from_the_library_are_one_film(start: Start) -> None:
    async with start() as creator:
        creator.window.bar.film.menu().aboutToShow.emit()
        next(act for act in creator.window.film_menu.actions() if act.text() == "Library").trigger()
        page = creator.window.findChild(LibraryPage, "library")
        assert isinstance(page, LibraryPage)
        await creator.sees(page.isVisible, "the library")
        creator.clicks(page.new_film)
        await creator.sees(creator.form.isVisible, "the form")
        assert creator.form.fields.begins
        creator.writes("Snow falls on a village")
        creator.clicks(creator.form.fields.options.title)
        creator.form.fields.generation.seconds.activated.emit(0)
        creator.form.foot.show_count(3)
        creator.clicks(creator.form.button)
        await creator.sees(lambda: _rows(creator) == 3, "three roots in one tree")

        def all_kept() -> list[Task] | None:
            tasks = [task for row in range(3) if (task := creator.take(row))]
            kept = [task for task in tasks if task.status is Status.SUCCEEDED and task.clip and task.clip.file]
            return kept if len(kept) == 3 else None

        tasks = await creator.sees(all_kept, "all three takes", 40)
        assert _charged(creator) == dict.fromkeys((task.id for task in tasks), 1)
        assert "Sent" in creator.form.button.text()


async def test_a_dropped_picture_is_the_first_frame_of_a_film(start: Start, tmp_path: Path) -> None:
    picture = tmp_path / "Harbour.png"
    picture.write_bytes(png(480, 640))
    async with start() as creator:
        drops(creator.window, picture)
        row = creator.form.fields.picture
        await creator.sees(lambda: "480 × 640" in row.facts(), "the picture in the form")
        picture.unlink()
        creator.writes("The water begins to move")
        creator.clicks(creator.form.button)
        task = await creator.sees_take()
        assert task.kind is Kind.IMAGE
        assert task.clip is not None
        assert task.clip.file is not None
        shape = film_shape(task.clip.file)
        assert shape.width < shape.height, "the film has the picture's shape"
        assert creator.ask("openings")[task.clip.id]["picture"], "the sandbox's books know the picture"
        assert _film_name(creator) == "The water begins to move"
        creator.window.show_rail(TREE)
        creator.window.tree.tree.setFocus()
        creator.presses(creator.window.tree.tree, Qt.Key.Key_E)
        await creator.sees(lambda: not creator.form.fields.begins, "the form for how the film goes on")
        assert creator.form.extension().video_id == task.clip.id


async def test_a_picture_is_chosen_refused_and_removed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "IMG_1.heic").write_bytes(HEIC)
    (tmp_path / "stamp.png").write_bytes(png(200, 200))
    async with start() as creator:
        drops(creator.window, tmp_path / "IMG_1.heic")
        row = creator.form.fields.picture
        await creator.sees(lambda: "HEIC" in row.findings_text(), "why not")
        creator.clicks(row.choose)
        dialog = await creator.sees(lambda: creator.window.findChild(QFileDialog), "the dialog")
        dialog.fileSelected.emit(str(tmp_path / "stamp.png"))
        dialog.close()
        await creator.sees(lambda: "at least 300 pixels" in row.findings_text(), "why not this one")
        creator.writes("A stamp comes to life")
        creator.form.submit()
        assert creator.newest() is None, "nothing was sent"
        creator.clicks(row.drop)
        creator.form.submit()
        task = await creator.sees_take()
        assert task.kind is Kind.TEXT


async def test_a_refused_film_keeps_its_words_and_goes_again_after_a_restart(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", on="create", do="content")
        creator.presses(creator.window, Qt.Key.Key_N, CONTROL)
        creator.writes("A quiet street in the rain")
        creator.form.submit()
        refused = await creator.sees(lambda: (t := creator.newest()) and t.status is Status.FAILED and t, "a refusal")
        assert creator.form.extension().prompt == "A quiet street in the rain"
        assert not creator.form.button.isEnabled()
    async with start() as creator:
        assert creator.form.fields.begins, "the form is as it was left"
        creator.tell("speed", speed="instant")
        creator.tasks.retry_asked.emit(refused)
        task = await creator.sees_take()
        assert task.retry_of == refused.id
        await creator.sees(lambda: _rows(creator) == 2, "the second try beside the first, in one film")
        assert _charged(creator)[task.id] == 1
