"""A film grows, leaves by the dialog, and is looked for on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.exports import ExportState
from kling_desktop.domain.tasks import Extension, Generation, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.studio.films.tree import Tree
from kling_desktop.ui.extend.extend_form import Submission
from tests.journeys.creator import Creator

if TYPE_CHECKING:
    from kling_desktop.ui.export.export_dialog import ExportDialog


async def grown(creator: Creator, extended: int, continued: int) -> Clip:
    """A film with so many hops of each kind; its newest clip."""
    clip_id = creator.clip_id("dawn-lake")
    for number in range(extended):
        creator.window.form.asked.emit(Submission(Extension(clip_id, f"extended {number}")))
        clip_id = (await _next(creator, f"extended {number}")).id
    clip: Clip | None = None
    for number in range(continued):
        clip = await next_take(creator, clip_id, f"continued {number}")
        clip_id = clip.id
    assert clip is not None
    return clip


async def next_take(creator: Creator, clip_id: str, words: str) -> Clip:
    """Continue a clip with these words, and wait for the file."""
    wish = Extension(clip_id, words, generation=Generation("kling-v3", seconds=3))
    creator.window.form.asked.emit(Submission(wish))
    return await _next(creator, words)


async def _next(creator: Creator, words: str) -> Clip:
    def kept() -> Clip | None:
        task: Task | None = creator.newest()
        is_it = task is not None and task.extension.prompt == words and task.clip is not None and task.clip.file
        return task.clip if task is not None and is_it else None

    return await creator.sees(kept, f"the take {words}", timeout=60)


async def opened(
    creator: Creator,
    what: What,
    format_key: str,
    folder: Path,
    timeout: float = 15,  # noqa: ASYNC109 - handed on
) -> ExportDialog:
    """The dialog with a choice that can be exported."""
    creator.window.menu_bar.commands["export"].trigger()
    dialog = await creator.sees(shown_dialog, "the dialog")
    dialog.folder.setText(str(folder))
    dialog.choose(what, format_key)
    await creator.sees(
        lambda: dialog.preview.text() and dialog.export_button.isEnabled(), f"{format_key} to be allowed", timeout
    )
    return dialog


def shown_dialog() -> ExportDialog | None:
    """The dialog of exports, while it is seen."""
    found = (each for each in QApplication.topLevelWidgets() if type(each).__name__ == "ExportDialog")
    return cast("ExportDialog | None", next((each for each in found if each.isVisible()), None))


async def exported(creator: Creator, what: What, format_key: str, folder: Path, count: int = 1) -> list[Path]:
    """Export by the dialog's button, and wait for the files."""
    before = set(written(creator))
    dialog = await opened(creator, what, format_key, folder)
    creator.clicks(dialog.export_button)
    done: Callable[[], bool] = lambda: len(set(written(creator)) - before) == count  # noqa: E731 - asked again and again
    await creator.sees(done, f"{format_key} to be written", timeout=120)
    dialog.close()
    return [file for file in written(creator) if file not in before]


def written(creator: Creator) -> list[Path]:
    """The files that were exported so far; none has failed."""
    jobs = creator.window.exports.jobs
    assert not [job.trouble for job in jobs if job.state is ExportState.FAILED]
    return [job.file for job in jobs if job.state is ExportState.DONE and job.file is not None]


def kept_film(data_dir: Path) -> list[tuple[str, str, bool]]:
    """The path of the only film, as the library has it: take, words, whether its file is here."""
    library = Library.open(data_dir / "library.sqlite3")
    try:
        records = FilmRecords(library.database)
        (film,) = records.films(0, 10)
        path = Tree(records).path(film.id).takes
        return [
            (each.take.id, each.words, bool(each.clip and each.clip.file and each.clip.file.exists())) for each in path
        ]
    finally:
        library.close()


def _newest_clip(creator: Creator) -> Clip | None:
    task = creator.newest()
    return task.clip if task is not None else None
