"""Rows stay where the eye is, and cost nothing while nobody looks."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.tasks import Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import PosterMade, TaskChanged, TaskForgotten
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_delegate import still_box
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.takes.task_table import TaskTable
from tests.harness.tasks import LibraryRows, asked, done


class Seat:
    """A table of 300 tasks, scrolled to its middle."""

    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.rows = LibraryRows(library, [done(n) for n in range(300)])
        self.model = TaskModel(self.rows)
        self.table = TaskTable(self.model, Posters())
        qtbot.addWidget(self.table)
        self.table.resize(360, 500)
        self.table.show()
        qtbot.waitExposed(self.table)
        self.table.verticalScrollBar().setValue(150 * self.table.rowHeight(0) + 20)

    def note(self, *tasks: Task) -> None:
        for task in tasks:
            self.rows.library.put(task)
        self.model.on_facts([TaskChanged(task) for task in tasks])

    def top(self) -> tuple[str, int]:
        """The first task in sight, and where it begins."""
        row = self.table.rowAt(0)
        task = self.model.task(row)
        assert task
        return task.id, self.table.rowViewportPosition(row)


@pytest.fixture
def seat(qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Seat(qtbot, library)
    library.close()


def test_what_is_in_sight_stays_when_tasks_come_above(seat: Seat) -> None:
    before = seat.top()
    seat.note(asked(400))
    assert seat.top() == before
    seat.note(asked(401), asked(402))
    assert seat.top() == before


def test_what_is_in_sight_stays_when_tasks_leave_above(seat: Seat) -> None:
    before = seat.top()
    assert seat.model.task(2)
    seat.rows.library.forget("own-000297")
    seat.model.on_facts([TaskForgotten("own-000297")])
    assert seat.top() == before


def test_what_is_in_sight_stays_when_rows_are_counted_anew(seat: Seat) -> None:
    before = seat.top()
    seat.note(asked(400), replace(asked(2), id="adopted"))
    assert seat.top() == before


def test_a_list_at_its_top_shows_what_comes(seat: Seat) -> None:
    seat.table.scrollToTop()
    seat.note(asked(400))
    assert seat.top() == ("own-000400", 0)


def test_posters_are_wanted_for_rows_that_stay_in_sight(seat: Seat, qtbot: QtBot) -> None:
    bar = seat.table.verticalScrollBar()
    for row in (200, 100, 50):
        bar.setValue(row * seat.table.rowHeight(0))
    qtbot.waitUntil(lambda: bool(seat.rows.posters_wanted))
    wanted = {int(clip_id[1:]) for clip_id in seat.rows.posters_wanted}
    assert wanted == {299 - row for row in seat.table.rows_in_sight()}


def test_a_still_appears_when_it_is_made(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    seat.table.scrollToTop()
    still = QImage(480, 270, QImage.Format.Format_RGB32)
    still.fill(QColor("#40c080"))
    assert still.save(str(tmp_path / "still.png"))
    newest = done(299).clip
    assert newest
    seat.model.on_facts([PosterMade(newest.id, tmp_path / "still.png")])
    middle = still_box(seat.table.visualRect(seat.model.index(0, 0))).center()
    qtbot.waitUntil(lambda: QColor(seat.table.viewport().grab().toImage().pixel(middle)) == QColor("#40c080"))


def test_letters_search_nothing(seat: Seat, qtbot: QtBot) -> None:
    read = seat.rows.pages_read
    QTest.keyClicks(seat.table, "take 7")
    assert not seat.table.currentIndex().isValid()
    assert seat.rows.pages_read == read


def test_selecting_everything_reads_next_to_nothing(seat: Seat, qtbot: QtBot) -> None:
    seat.rows.pages_read = 0
    QTest.keyClick(seat.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert seat.rows.pages_read <= 1
    assert len(list(seat.table.selected_tasks())) == 300
    QTest.keyClick(seat.table, Qt.Key.Key_Escape)
    assert list(seat.table.selected_tasks()) == []


def test_time_is_told_only_while_the_table_is_seen(seat: Seat, qtbot: QtBot) -> None:
    seat.note(asked(400))
    seat.table.scrollToTop()
    with qtbot.waitSignal(seat.model.dataChanged) as ticked:
        pass
    assert ticked.args
    assert ticked.args[0].row() == 0
    seat.table.hide()
    assert not seat.table._timer.isActive()


def test_without_a_running_task_in_sight_time_is_told_once_a_minute(seat: Seat, qtbot: QtBot) -> None:
    seat.note(asked(400))
    seat.table.scrollToTop()
    qtbot.waitUntil(lambda: seat.table._timer.interval() == 1000)
    seat.note(done(400))
    qtbot.waitUntil(lambda: seat.table._timer.interval() == 60_000)


def test_rows_fill_the_width_and_have_one_height(seat: Seat) -> None:
    assert seat.table.columnWidth(0) == seat.table.viewport().width()
    assert {seat.table.rowHeight(row) for row in (0, 10, 299)} == {seat.table.rowHeight(150)}
    assert not seat.table.indexAt(QPoint(5, 5)).parent().isValid()


def test_a_table_that_is_gone_is_not_held_by_its_model(qtbot: QtBot, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite3")
    table = TaskTable(TaskModel(LibraryRows(library, [done(1)])), Posters())
    gone, model_gone = weakref.ref(table), weakref.ref(table.model())
    del table
    gc.collect()
    library.close()
    assert (gone(), model_gone()) == (None, None)
