"""Single keys judge takes, the same star again clears, and judging one goes on to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Extension, Filter, Order, Pick, Status, Stretch, Task
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.takes.culling import Cull, commands
from kling_desktop.ui.takes.task_commands import list_commands
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.takes.task_words import Told
from kling_desktop.ui.viewer.viewer_keys import commands as player_commands

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Rows:
    """Six finished tasks, newest first; the third has no take."""

    def __init__(self) -> None:
        self.tasks = [
            Task(
                f"kd-{n}", Extension("7"), SANDBOX, Status.SUCCEEDED, NOON - timedelta(n), stars=2 if n == 4 else 0,
                clip=None if n == 2 else Clip(f"clip-{n}"),
            )
            for n in range(6)
        ]  # fmt: skip

    def listed(self, wanted: Filter, order: Order, /) -> Listed:
        return Listed([Stretch("", len(self.tasks))], range(len(self.tasks)), len(self.tasks))

    def ask(self, wanted: Filter, order: Order, then: Callable[[Listed], None], /) -> None:
        then(self.listed(wanted, order))

    def page(self, numbers: Sequence[int], /) -> list[Task | None]:
        return [self.tasks[number] for number in numbers]

    def number(self, task_id: str, /) -> int | None:
        return next((number for number, task in enumerate(self.tasks) if task.id == task_id), None)

    def passes(self, wanted: Filter, task_id: str, /) -> bool:
        return True

    def told(self, task: Task, /) -> Told:
        return Told()

    def typical_seconds(self, profile_name: str, /) -> tuple[float, float] | None:
        return None

    def file_of(self, task: Task, /) -> Path | None: ...
    def want_poster(self, clip: Clip, /) -> None: ...


class Desk(NamedTuple):
    window: QWidget
    tasks: TaskList
    cull: Cull
    field: QLineEdit
    judged: list[tuple[str, Pick | None, int | None]]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    window = QWidget()
    keys = KeyMap((*player_commands(), *list_commands(), *commands()))
    tasks, field = TaskList(TaskModel(Rows()), keys=keys), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(tasks)
    column.addWidget(field)
    cull = Cull(tasks, keys, window)
    judged: list[tuple[str, Pick | None, int | None]] = []
    cull.judged.connect(lambda tasks, pick, stars: judged.extend((task.id, pick, stars) for task in tasks))
    window.resize(500, 600)
    window.show()
    window.activateWindow()
    tasks.table.setFocus()
    qtbot.waitUntil(tasks.table.hasFocus)
    tasks.select("kd-0")
    yield Desk(window, tasks, cull, field, judged)
    window.close()


def chosen(desk: Desk) -> str:
    task = desk.tasks.selected()
    return task.id if task else ""


def test_picking_goes_on_past_what_has_no_take(desk: Desk) -> None:
    desk.cull.set_advancing(True)
    QTest.keyClicks(desk.tasks.table, "pxp")
    assert desk.judged == [("kd-0", Pick.PICKED, None), ("kd-1", Pick.REJECTED, None), ("kd-3", Pick.PICKED, None)]
    assert chosen(desk) == "kd-4"


def test_without_going_on_it_stays(desk: Desk) -> None:
    QTest.keyClicks(desk.tasks.table, "pu3")
    assert desk.judged == [("kd-0", Pick.PICKED, None), ("kd-0", Pick.UNDECIDED, None), ("kd-0", None, 3)]
    assert chosen(desk) == "kd-0"


def test_the_same_star_again_clears_and_so_does_zero(desk: Desk) -> None:
    desk.cull.set_advancing(True)
    desk.tasks.select("kd-4")
    QTest.keyClicks(desk.tasks.table, "20")
    assert desk.judged == [("kd-4", None, 0), ("kd-4", None, 0)]
    assert chosen(desk) == "kd-4"


def test_many_are_judged_at_once_and_none_is_left(desk: Desk) -> None:
    desk.cull.set_advancing(True)
    desk.tasks.table.selectAll()
    QTest.keyClicks(desk.tasks.table, "x")
    assert [task for task, _, _ in desk.judged] == ["kd-0", "kd-1", "kd-3", "kd-4", "kd-5"]


def test_typing_judges_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.field.setFocus()
    qtbot.waitUntil(desk.field.hasFocus)
    QTest.keyClicks(desk.field, "pux 0123")
    assert desk.field.text() == "pux 0123"
    assert desk.judged == []


def test_zero_belongs_to_the_list_while_it_has_the_focus(desk: Desk) -> None:
    assert "0" in desk.tasks.table.property("own_keys")
    assert "0" in KeyMap(player_commands()).keys("louder")
