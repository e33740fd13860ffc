"""The queue's page: heads over tasks, words when it is empty, keys that open and move, rows that stay chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.ui.queue.held_hops import HeldHop, held_height
from kling_desktop.ui.queue.queue_list import QueueList, QueueRows
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_model import TaskModel
from tests.harness.tasks import LibraryRows

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def task(name: str, status: Status = Status.QUEUED) -> Task:
    return Task(name, Extension("7" * 18, f"words of {name}"), SANDBOX, status, NOON)


ROWS = QueueRows((task("a", Status.PROCESSING),), (task("b"), task("c")), (task("d", Status.SUCCEEDED),))


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[QueueList]:
    library = Library.open(tmp_path / "library.sqlite3")
    made = QueueList(TaskModel(LibraryRows(library)), Posters())
    qtbot.addWidget(made)
    made.resize(280, 500)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    library.close()


def said(page: QueueList) -> list[str]:
    return [str(page.rows.index(row).data()).split(",")[0] for row in range(page.rows.rowCount())]


def test_each_stretch_has_its_head_and_an_empty_one_has_none(page: QueueList) -> None:
    assert page.rows.rowCount() == 0
    page.show_rows(ROWS)
    heads = [words for words in said(page) if words[-1].isdigit()]
    assert heads == ["At Kling 1", "Waiting here 2", "Done today 1"]
    page.show_rows(replace(ROWS, at_kling=(), today=()))
    assert said(page)[0] == "Waiting here 2"
    assert page.rows.rowCount() == 3


def test_those_that_are_not_listed_are_counted(page: QueueList) -> None:
    page.show_rows(replace(ROWS, unlisted=70))
    assert "Waiting here 72" in said(page)


def test_a_head_cannot_be_chosen_and_a_task_can(page: QueueList) -> None:
    page.show_rows(ROWS)
    assert page.rows.flags(page.rows.index(0)) == Qt.ItemFlag.NoItemFlags
    assert page.rows.flags(page.rows.index(1)) & Qt.ItemFlag.ItemIsSelectable


def test_keys_open_and_move_the_chosen_task(page: QueueList, qtbot: QtBot) -> None:
    page.show_rows(ROWS)
    page.setCurrentIndex(page.rows.index(page.rows.row_of("c") or 0))
    with qtbot.waitSignal(page.opened) as opened:
        QTest.keyClick(page, Qt.Key.Key_Return)
    assert opened.args == [ROWS.waiting[1]]
    with qtbot.waitSignal(page.moved) as moved:
        QTest.keyClick(page, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert moved.args == [ROWS.waiting[1], -1]


def test_the_chosen_task_stays_chosen_when_the_order_is_another(page: QueueList) -> None:
    page.show_rows(ROWS)
    page.setCurrentIndex(page.rows.index(page.rows.row_of("c") or 0))
    page.show_rows(replace(ROWS, waiting=ROWS.waiting[::-1]))
    chosen = page.chosen()
    assert chosen is not None
    assert chosen.id == "c"


def test_only_what_is_said_changes_where_the_tasks_are_the_same(page: QueueList, qtbot: QtBot) -> None:
    page.show_rows(ROWS)
    with qtbot.waitSignal(page.rows.dataChanged), qtbot.assertNotEmitted(page.rows.modelReset):
        page.show_rows(replace(ROWS, at_kling=(task("a", Status.SUBMITTED),)))


def test_alt_moves_too_and_only_who_waits(page: QueueList, qtbot: QtBot) -> None:
    page.show_rows(ROWS)
    page.setCurrentIndex(page.rows.index(page.rows.row_of("b") or 0))
    with qtbot.waitSignal(page.moved) as moved:
        QTest.keyClick(page, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert moved.args == [ROWS.waiting[0], 1]
    page.setCurrentIndex(page.rows.index(page.rows.row_of("d") or 0))
    with qtbot.assertNotEmitted(page.moved):
        QTest.keyClick(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)


def test_a_waiting_task_is_dropped_between_others_and_nothing_else_is(page: QueueList, qtbot: QtBot) -> None:
    page.show_rows(ROWS)
    rows, top = page.rows, QModelIndex()
    b, c, d = (rows.row_of(name) or 0 for name in "bcd")
    can_drag = [bool(rows.flags(rows.index(row)) & Qt.ItemFlag.ItemIsDragEnabled) for row in (1, b, c, d)]
    assert can_drag == [False, True, True, False]
    data = rows.mimeData([rows.index(c)])
    move = Qt.DropAction.MoveAction
    with qtbot.waitSignal(page.placed) as placed:
        rows.dropMimeData(data, move, b, 0, top)
    assert placed.args == ["c", "b"]
    with qtbot.waitSignal(page.placed) as placed:
        rows.dropMimeData(rows.mimeData([rows.index(b)]), move, c + 1, 0, top)
    assert placed.args == ["b", ""]
    assert not rows.canDropMimeData(data, move, 0, 0, top)
    assert not rows.canDropMimeData(data, move, d + 1, 0, top)
    assert rows.rowCount() == 7, "the queue itself moves it"


def test_what_waits_for_tomorrow_or_for_its_film_has_a_head_of_its_own(page: QueueList) -> None:
    page.show_rows(replace(ROWS, tomorrow=(task("e"),), over_cap=(task("f"), task("g"))))
    heads = [words for words in said(page) if words[-1].isdigit()]
    assert heads == [
        "At Kling 1", "Waiting here 2", "Waiting for tomorrow's budget 1", "Waiting for a film's or plan's budget 2",
        "Done today 1",
    ]  # fmt: skip


HOPS = (HeldHop("h5", "f", 5, "Night falls", "until you decide about hop 4"), HeldHop("h6", "f", 6, "", "after hop 5"))


def test_hops_that_a_plan_holds_are_told_in_words_and_painted(page: QueueList) -> None:
    page.show_rows(replace(ROWS, today=(), held=HOPS))
    assert [str(page.rows.index(row).data()) for row in (5, 6, 7)] == [
        "Held by the plan 2",
        "Hop 5, Night falls, Held by the plan, until you decide about hop 4",
        "Hop 6, No words yet, Held by the plan, after hop 5",
    ]
    assert page.visualRect(page.rows.index(6)).height() == held_height()
    bare = page.grab().toImage()
    page.show_rows(replace(ROWS, today=(), held=(replace(HOPS[0], words="Day breaks"), HOPS[1])))
    assert page.grab().toImage() != bare


def test_a_held_hop_is_opened_stays_chosen_and_is_not_dragged(page: QueueList, qtbot: QtBot) -> None:
    page.show_rows(replace(ROWS, held=HOPS))
    index = page.rows.index(page.rows.row_of("h6") or 0)
    page.setCurrentIndex(index)
    with qtbot.waitSignal(page.hop_opened) as opened, qtbot.assertNotEmitted(page.opened):
        QTest.keyClick(page, Qt.Key.Key_Return)
    assert opened.args == [HOPS[1]]
    assert not page.rows.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    page.show_rows(replace(ROWS, at_kling=(), held=HOPS))
    assert page.currentIndex().row() == page.rows.row_of("h6")
