"""Takes stand under their films: folded, opened, sorted and chosen by mouse and keys, whatever comes in meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.tasks import Order, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import SeamsFound, TaskChanged, TaskForgotten
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.takes.task_words import Told
from tests.harness.tasks import LibraryRows, done

Key = Qt.Key


def of_film(number: int, parent: str) -> Task:
    task = done(number)
    return replace(task, extension=replace(task.extension, video_id=parent))


class Shelf:
    """A list of two films, A with takes 1, 3, 5 and B with 2 and 4, in a window of its own."""

    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.rows = LibraryRows(library, [of_film(n, "ab"[n % 2 == 0]) for n in range(1, 6)])
        self.model = TaskModel(self.rows, order=Order.FILM)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Warning)
        self.list = TaskList(self.model)
        self.list.resize(300, 700)
        qtbot.addWidget(self.list)
        self.list.show()
        qtbot.waitExposed(self.list)
        self.list.activateWindow()
        self.list.table.setFocus()
        qtbot.waitUntil(self.list.table.hasFocus)

    @property
    def lines(self) -> list[str | int]:
        """Heads by how many takes they count, takes by their numbers."""
        said: list[str | int] = []
        for row in range(self.model.rowCount()):
            head, task = self.model.head(row), self.model.task(row)
            said.append(f"head of {head.stretch.count}" if head else int(task.id[4:]) if task else "nothing")
        return said

    def note(self, task: Task) -> None:
        self.rows.library.put(task)
        self.model.on_facts([TaskChanged(task)])

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.list.table, key)


@pytest.fixture
def shelf(qtbot: QtBot, tmp_path: Path) -> Iterator[Shelf]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Shelf(qtbot, library)
    library.close()


def test_each_film_has_a_head_that_counts_its_takes(shelf: Shelf) -> None:
    assert shelf.lines == ["head of 3", 5, 3, 1, "head of 2", 4, 2]


def test_a_click_on_a_head_folds_it_and_another_opens_it(shelf: Shelf) -> None:
    table = shelf.list.table
    for folded in (True, False):
        place = table.visualRect(shelf.model.index(0, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        head = shelf.model.head(0)
        assert head is not None
        assert head.folded is folded
    assert shelf.lines == ["head of 3", 5, 3, 1, "head of 2", 4, 2]


def test_left_goes_to_the_head_and_folds_it_and_right_opens_it(shelf: Shelf) -> None:
    shelf.list.select("own-000003")
    shelf.press(Key.Key_Left)
    assert shelf.list.table.currentIndex().row() == 0
    shelf.press(Key.Key_Left)
    assert shelf.lines == ["head of 3", "head of 2", 4, 2]
    shelf.press(Key.Key_Right)
    assert shelf.lines[:3] == ["head of 3", 5, 3]
    shelf.press(Key.Key_Return)
    assert shelf.lines == ["head of 3", "head of 2", 4, 2]


def test_a_take_that_is_folded_away_is_opened_to_be_chosen(shelf: Shelf) -> None:
    shelf.model.fold(0, True)
    assert shelf.list.select("own-000001")
    chosen = shelf.list.selected()
    assert chosen is not None
    assert chosen.id == "own-000001"


def test_heads_are_lower_than_takes(shelf: Shelf) -> None:
    table = shelf.list.table
    assert table.rowHeight(0) < table.rowHeight(1)
    assert table.rowHeight(4) == table.rowHeight(0)
    shelf.model.fold(0, True)
    assert table.rowHeight(1) == table.rowHeight(0)
    assert table.rowHeight(2) > table.rowHeight(0)


def test_a_new_take_brings_its_film_to_the_top(shelf: Shelf) -> None:
    shelf.list.select("own-000003")
    shelf.note(of_film(6, "b"))
    assert shelf.lines == ["head of 3", 6, 4, 2, "head of 3", 5, 3, 1]
    chosen = shelf.list.selected()
    assert chosen is not None
    assert chosen.id == "own-000003"


def test_a_new_take_of_the_first_film_enters_alone(shelf: Shelf) -> None:
    told: list[int] = []
    shelf.model.rowsInserted.connect(lambda _parent, first, last: told.append(first))
    shelf.model.modelReset.connect(lambda: told.append(-1))
    shelf.note(of_film(7, "a"))
    assert told == [1]
    assert shelf.lines == ["head of 4", 7, 5, 3, 1, "head of 2", 4, 2]


def test_a_forgotten_take_is_no_longer_counted(shelf: Shelf) -> None:
    assert len(shelf.lines) == 7
    shelf.rows.library.forget("own-000004")
    shelf.model.on_facts([TaskForgotten("own-000004")])
    assert shelf.lines == ["head of 3", 5, 3, 1, "head of 1", 2]


def test_what_comes_into_a_folded_film_is_counted(shelf: Shelf) -> None:
    shelf.model.fold(0, True)
    shelf.note(of_film(8, "a"))
    assert shelf.lines == ["head of 4", "head of 2", 4, 2]


def test_the_menu_sorts_and_stars_move_a_take(shelf: Shelf) -> None:
    by_words = {action.text(): action for action in shelf.list.filter.order.menu().actions()}
    by_words["Most stars first"].trigger()
    assert shelf.lines == ["head of 5", 5, 4, 3, 2, 1]
    shelf.note(replace(of_film(2, "b"), stars=3))
    assert shelf.lines == ["head of 1", 2, "head of 4", 5, 4, 3, 1]
    by_words["Newest first"].trigger()
    assert shelf.lines == [5, 4, 3, 2, 1]


def test_each_row_is_as_high_as_what_stands_there_wherever_heads_stood_before(shelf: Shelf) -> None:
    def heights(heads: bool) -> set[int]:
        rows = range(shelf.model.rowCount())
        return {shelf.list.table.rowHeight(row) for row in rows if (shelf.model.head(row) is not None) is heads}

    before = heights(True), heights(False)
    assert [len(known) for known in before] == [1, 1]
    shelf.note(of_film(6, "c"))
    assert shelf.lines == ["head of 1", 6, "head of 3", 5, 3, 1, "head of 2", 4, 2]
    assert (heights(True), heights(False)) == before


def test_a_verdict_moves_a_take_where_verdicts_are_heads(shelf: Shelf) -> None:
    shelf.model.order_by(Order.VERDICT)
    assert shelf.lines == ["head of 5", 5, 4, 3, 2, 1]
    clip = of_film(3, "a").clip
    assert clip is not None
    shelf.rows.listing.note_verdict(clip.id, Verdict.BAD)
    shelf.rows.seams["own-000003"] = Told(1, Verdict.BAD, "colour shifts")
    shelf.model.on_facts([SeamsFound(clip.id, ())])
    assert shelf.lines == ["head of 1", 3, "head of 4", 5, 4, 2, 1]
    assert "colour shifts" in str(shelf.model.index(1, 0).data())


def test_the_foot_counts_takes_and_films(shelf: Shelf) -> None:
    from PySide6.QtWidgets import QLabel

    assert "5 takes in 2 films" in [label.text() for label in shelf.list.findChildren(QLabel)]


def test_another_list_stands_as_this_one_was_left(shelf: Shelf) -> None:
    shelf.model.fold(4, True)
    shelf.model.order_by(Order.STARS)
    shelf.model.fold(0, True)
    kept = shelf.model.folds
    shelf.model.order_by(Order.NEWEST)
    shelf.model.fold_all(False)
    shelf.list.stand(Order.FILM, ())
    assert shelf.lines == ["head of 3", 5, 3, 1, "head of 2", 4, 2]
    shelf.list.stand(Order.STARS, [*kept, "nonsense", "nothing:of the kind"])
    assert (shelf.lines, shelf.model.folds) == (["head of 5"], kept)
    shelf.list.stand(Order.FILM, kept)
    assert shelf.lines == ["head of 3", 5, 3, 1, "head of 2"]
    assert shelf.list.filter.order.menu().actions()[0].isChecked()
