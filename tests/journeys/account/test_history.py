"""Find my takes: what the account has comes into the library, once; a damaged one is rebuilt from it and the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.media import probe
from kling_desktop.ui.history.history_dialog import HistoryDialog, Work
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

STOCK = 12
"""Finished clips of the sandbox's account; one more task failed."""


async def test_all_takes_are_found_adopted_and_brought_home_once(start: Start) -> None:
    async with start() as creator:
        dialog = await finds(creator, STOCK)
        fates = [creator_sees(dialog, row) for row in range(STOCK)]
        assert "expires in 2 days" in fates[0], "what dies first stands first"
        assert "gone: Kling keeps a video for 30 days" in fates[-1]
        creator.clicks(dialog.adopt_all)
        await creator.sees(lambda: dialog.empty_text().startswith("Nothing is missing"), "all of them to be adopted")
        creator.clicks(dialog.close_button)

        await creator.sees(lambda: len(kept(creator)) == STOCK - 1, "eleven files", timeout=60)
        assert all(probe.verify(file).seconds > 1 for file in kept(creator))
        lost = task_of(creator, "gone")
        assert lost.trouble is not None
        assert (lost.trouble.error, lost.watched) == ("LinkExpired", False)
        assert task_of(creator, "almost-gone").clip is not None
        await creator.sees(lambda: "1 expires" in creator.window.bar.expiry.accessibleName(), "the badge")
        assert creator.window.bar.expiry.isVisible()
        creator.clicks(creator.window.bar.expiry)
        await creator.sees(lambda: creator.tasks.model.layout.total == 1, "the one that dies")
        assert creator.newest() == task_of(creator, "almost-gone")

        dialog = await finds(creator, 0)
        assert "Read 13 tasks." in said(dialog)
        assert dialog.finds.failed == 1
        assert creator.ask("audit")["totals"]["created"] == 0


async def test_some_are_adopted_by_keyboard_and_a_stop_loses_nothing(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="hang", on="list", times=1)
        creator.window.menu_bar.history_asked.emit()
        dialog = await the_dialog(creator)
        await creator.sees(lambda: creator.ask("faults")["used"], "Kling to be asked, and not to answer")
        creator.clicks(dialog.stop)
        await creator.sees(lambda: dialog.work is Work.NONE, "the reading to stop")
        assert "Stopped" in said(dialog)

        creator.clicks(dialog.again)
        await creator.sees(lambda: dialog.work is Work.NONE and len(dialog.finds.shown) == STOCK, "all finds")
        creator.presses(dialog.view, Qt.Key.Key_Space)
        creator.presses(dialog.view, Qt.Key.Key_Down)
        creator.presses(dialog.view, Qt.Key.Key_Space)
        chosen = {task.kling_id for task in dialog.finds.chosen}
        assert len(chosen) == 2
        creator.clicks(dialog.adopt_chosen)
        await creator.sees(lambda: dialog.work is Work.NONE and len(dialog.finds.shown) == STOCK - 2, "two adopted")
        assert {task.kling_id for task in tasks(creator)} == chosen
    async with start() as creator:
        await finds(creator, STOCK - 2)


@pytest.mark.expects_log("StoreDamaged: library.damaged-")
async def test_a_damaged_library_is_rebuilt_from_the_account_and_the_disk(start: Start, data_dir: Path) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        take = await creator.sees_take()
    assert take.clip is not None
    assert take.clip.file is not None
    file, changed = take.clip.file, take.clip.file.stat().st_mtime_ns
    (data_dir / "library.sqlite3").write_bytes(b"garbage " * 1000)
    async with start() as creator:
        await creator.sees(lambda: "The library was damaged" in creator.banners(), "a banner about the library")
        bar = next(b for t in creator.window.notices.texts() if "damaged" in t and (b := creator.window.notices.bar(t)))
        assert bar.action is not None
        assert bar.action.text() == "Find my takes…"
        creator.clicks(bar.action)
        dialog = await the_dialog(creator)
        await creator.sees(lambda: dialog.work is Work.NONE and len(dialog.finds.shown) == STOCK + 1, "all finds")
        row = next(n for n, task in enumerate(dialog.finds.shown) if task.id == take.id)
        assert "a file on your disk" in creator_sees(dialog, row)
        dialog.finds.check([row], is_chosen=True)
        creator.clicks(dialog.adopt_chosen)
        await creator.sees(lambda: tasks(creator), "the take in the list again")
        again = tasks(creator)[0]
        assert (again.id, again.kling_id, again.units) == (take.id, take.kling_id, take.units)
        assert again.clip is not None
        assert again.clip.file == file
        assert again.clip.parent_id == take.clip.parent_id
        assert file.stat().st_mtime_ns == changed
        assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing was fetched again"


async def finds(creator: Creator, count: int) -> HistoryDialog:
    """Open the dialog by the menu, and wait until the account is read."""
    creator.window.menu_bar.history_asked.emit()
    dialog = await the_dialog(creator)
    await creator.sees(lambda: dialog.work is Work.NONE, "the account to be read")
    assert len(dialog.finds.shown) == count
    return dialog


async def the_dialog(creator: Creator) -> HistoryDialog:
    """The dialog, open; it reads the account, or has done so."""

    def opened() -> HistoryDialog | None:
        dialog = creator.window.findChild(HistoryDialog)
        return dialog if isinstance(dialog, HistoryDialog) and dialog.isVisible() else None

    return await creator.sees(opened, "the dialog")


def creator_sees(dialog: HistoryDialog, row: int) -> str:
    return str(dialog.finds.index(row, 3).data())


def tasks(creator: Creator) -> list[Task]:
    return creator.program.studio.ledger.page(Filter(), 0, 100)


def task_of(creator: Creator, tag: str) -> Task:
    task = creator.program.studio.ledger.find(tag)
    assert task is not None
    assert task.status is Status.SUCCEEDED
    return task


def kept(creator: Creator) -> list[Path]:
    return [task.clip.file for task in tasks(creator) if task.clip and task.clip.file]
