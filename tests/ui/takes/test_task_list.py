"""The list is used by keyboard and mouse alone, over a real library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Filter, Pick, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import ClipChanged, TaskChanged, TaskForgotten
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from tests.harness.tasks import LibraryRows, asked, done, held_back, refused, uncertain

Key, Button, No = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier.NoModifier
Ctrl = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A list in a window of its own, with a hand on mouse and keyboard and an ear for its signals."""

    def __init__(self, qtbot: QtBot, library: Library, tasks: list[Task]) -> None:
        self.qtbot = qtbot
        self.rows = LibraryRows(library, tasks)
        self.model = TaskModel(self.rows)
        self.list = TaskList(self.model)
        self.heard: list[tuple[str, object]] = []
        for name in ("chosen", "activated", "forget_asked"):
            self._hear(name)
        for name in ("extend", "save", "folder", "retry", "look_up", "send_again", "stop_watching"):
            self._hear(f"{name}_asked")
        self.list.resize(360, 500)
        qtbot.addWidget(self.list)
        self.list.show()
        qtbot.waitExposed(self.list)
        self.list.activateWindow()
        self.list.table.setFocus()
        qtbot.waitUntil(self.list.table.hasFocus)

    def _hear(self, name: str) -> None:
        getattr(self.list, name).connect(lambda task: self.heard.append((name, task)))

    def note(self, *tasks: Task) -> None:
        for task in tasks:
            self.rows.library.put(task)
        self.model.on_facts([TaskChanged(task) for task in tasks])

    def forget(self, task_id: str) -> None:
        self.rows.library.forget(task_id)
        self.model.on_facts([TaskForgotten(task_id)])

    def click(self, row: int, *, double: bool = False, modifier: Qt.KeyboardModifier = No) -> None:
        place = self.list.table.visualRect(self.model.index(row, 0)).center()
        viewport = self.list.table.viewport()
        QTest.mouseClick(viewport, Button.LeftButton, modifier, place)
        if double:
            QTest.mouseDClick(viewport, Button.LeftButton, modifier, place)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = No) -> None:
        """Press a key where the focus is, as the keyboard does."""
        focused = QApplication.focusWidget()
        assert focused
        QTest.keyClick(focused, key, modifier)

    def type_filter(self, text: str) -> None:
        self.list.filter.begin()
        self.qtbot.waitUntil(self.list.filter.box.hasFocus)
        for letter in text:
            QTest.keyClicks(self.list.filter.box, letter)
        self.qtbot.waitUntil(lambda: self.model.filter.text == text)

    @property
    def shown(self) -> list[str]:
        tasks = (self.model.task(row) for row in range(self.model.rowCount()))
        return [task.id for task in tasks if task]

    @property
    def words(self) -> str:
        return " / ".join(label.text() for label in _seen(self.list, QLabel) if label.text())

    @property
    def offered(self) -> set[str]:
        return {name for name, action in self.list.actions_by_name.items() if action.isEnabled()}

    def asked_for(self, name: str) -> list[object]:
        return [task for signal, task in self.heard if signal == name]


def _seen(parent: QWidget, kind: type[QLabel]) -> list[QLabel]:
    return [label for label in parent.findChildren(kind) if label.isVisible()]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


@pytest.fixture
def desk(qtbot: QtBot, library: Library, tmp_path: Path) -> Desk:
    """Rows: 0 waiting, 1 uncertain, 2 failed, 3 rendering, 4 done and kept, 5 done and not kept."""
    kept = done(4, "A red kite over the sea", file=tmp_path / "kite.mp4")
    return Desk(qtbot, library, [held_back(8), uncertain(7), refused(6), asked(5), kept, done(3)])


def test_arrows_choose_and_enter_plays(desk: Desk) -> None:
    for _ in range(5):
        desk.press(Key.Key_Down)
    chosen = desk.list.selected()
    assert chosen
    assert chosen.id == "own-000004"
    assert desk.asked_for("chosen")[-1] == chosen
    desk.press(Key.Key_Return)
    assert desk.asked_for("activated") == [chosen]


def test_a_double_click_plays_once(desk: Desk) -> None:
    desk.click(4, double=True)
    assert desk.asked_for("activated") == [desk.model.task(4)]


def test_what_cannot_be_played_is_not(desk: Desk) -> None:
    desk.click(3, double=True)
    desk.press(Key.Key_Return)
    assert desk.asked_for("activated") == []


_QUEUEING = {"send_first", "send_earlier", "send_later", "send_last"}


@pytest.mark.parametrize(
    ("row", "offered"),
    [
        (0, {"copy_task", "explain", "forget", *_QUEUEING}),
        (1, {"copy_task", "explain", "look_up", "send_again"}),
        (2, {"copy_task", "copy_request", "explain", "retry", "forget"}),
        (3, {"copy_task", "stop_watching"}),
        (4, {"play", "extend", "save", "folder", "copy_video", "copy_task", "forget"}),
        (5, {"extend", "copy_video", "copy_task", "forget"}),
    ],
)
def test_only_what_makes_sense_is_offered(desk: Desk, row: int, offered: set[str]) -> None:
    desk.click(row)
    assert desk.offered == offered


@pytest.mark.parametrize(
    ("row", "key", "modifier", "signal"),
    [
        (4, Key.Key_E, Ctrl, "extend_asked"),
        (4, Key.Key_S, Ctrl, "save_asked"),
        (4, Key.Key_O, Ctrl | Qt.KeyboardModifier.ShiftModifier, "folder_asked"),
        (2, Key.Key_R, Ctrl, "retry_asked"),
        (4, Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "activated"),
    ],
)
def test_keys_ask_for_the_current_task(
    desk: Desk, row: int, key: Qt.Key, modifier: Qt.KeyboardModifier, signal: str
) -> None:
    desk.click(row)
    desk.press(key, modifier)
    assert desk.asked_for(signal) == [desk.model.task(row)]


@pytest.mark.parametrize(("row", "name"), [(1, "look_up"), (1, "send_again"), (3, "stop_watching")])
def test_rare_deeds_are_in_the_menu_of_their_task_only(desk: Desk, row: int, name: str) -> None:
    desk.click(4)
    assert not desk.list.actions_by_name[name].isVisible()
    desk.click(row)
    assert desk.list.actions_by_name[name].isVisible()
    desk.list.actions_by_name[name].trigger()
    assert desk.asked_for(f"{name}_asked") == [desk.model.task(row)]


def test_delete_forgets_all_selected_but_those_whose_outcome_is_open(desk: Desk) -> None:
    desk.click(2)
    desk.click(5, modifier=Qt.KeyboardModifier.ShiftModifier)
    desk.press(Key.Key_Delete)
    (asked_for,) = desk.asked_for("forget_asked")
    assert asked_for == [desk.model.task(row) for row in (2, 4, 5)]


@pytest.mark.parametrize(
    ("row", "name", "text"),
    [
        (4, "copy_video", "9" + "4".zfill(17)),
        (4, "copy_task", "8" + "4".zfill(17)),
        (2, "copy_request", "req-6"),
    ],
)
def test_ids_are_copied(desk: Desk, row: int, name: str, text: str) -> None:
    desk.click(row)
    desk.list.actions_by_name[name].trigger()
    assert QGuiApplication.clipboard().text() == text


def test_the_menu_opens_by_mouse_and_by_key_and_leads_to_the_deed(desk: Desk) -> None:
    desk.click(4)
    viewport = desk.list.table.viewport()
    place = desk.list.table.visualRect(desk.model.index(4, 0)).center()
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.setActiveAction(desk.list.actions_by_name["extend"])
        QTest.keyClick(menu, Key.Key_Return)
        desk.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert desk.asked_for("extend_asked") == [desk.model.task(4)] * 2


def test_no_menu_opens_beside_the_rows(desk: Desk) -> None:
    viewport = desk.list.table.viewport()
    desk.list.resize(desk.list.width(), desk.list.height() + 200)  # so that there is a place beside them
    last = desk.list.table.visualRect(desk.model.index(desk.model.rowCount() - 1, 0))
    desk.qtbot.waitUntil(lambda: viewport.height() > last.bottom() + 20)
    beside = QPoint(20, viewport.height() - 4)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, beside, viewport.mapToGlobal(beside))
    QApplication.sendEvent(viewport, event)
    assert QApplication.activePopupWidget() is None


def test_typing_filters_and_escape_brings_all_back(desk: Desk) -> None:
    desk.type_filter("KITE")
    assert desk.shown == ["own-000004"]
    assert "1 of 6 takes" in desk.words
    desk.press(Key.Key_Down)
    assert desk.list.table.hasFocus()
    assert desk.asked_for("chosen")[-1] == desk.model.task(0)
    desk.list.filter.box.setFocus()
    desk.press(Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: len(desk.shown) == 6)
    assert "6 takes" in desk.words
    desk.press(Key.Key_Escape)
    assert desk.list.table.hasFocus()


def test_what_expires_this_week_is_picked_from_the_menu_or_at_once(desk: Desk, library: Library) -> None:
    dying = replace(done(4), clip=Clip("94", expires_at=datetime.now(UTC) + timedelta(days=3)))
    library.put(dying)
    desk.list.filter.box.setText("something else")
    desk.list.show_dying()
    assert desk.shown == [dying.id]
    assert desk.list.filter.asks_for_dying
    assert desk.list.selected() == dying
    assert desk.list.filter.states.text() == "Expires this week"
    desk.list.filter.clear()
    assert len(desk.shown) == 6
    by_words = {action.text(): action for action in desk.list.filter.states.menu().actions()}
    by_words["Expires this week"].trigger()
    assert desk.shown == [dying.id]


def test_states_are_picked_from_a_menu(desk: Desk) -> None:
    menu = desk.list.filter.states.menu()
    by_words = {action.text(): action for action in menu.actions()}
    by_words["Running"].trigger()
    assert desk.shown == ["own-000008", "own-000007", "own-000005"]
    assert desk.list.filter.states.text().startswith("Running")
    by_words["Failed"].trigger()
    assert desk.shown == ["own-000006"]
    by_words["Done"].trigger()
    assert desk.shown == ["own-000004", "own-000003"]
    by_words["All"].trigger()
    assert len(desk.shown) == 6


def test_a_state_a_judgement_and_stars_are_combined(desk: Desk, library: Library) -> None:
    done = ["own-000004", "own-000003"]
    for task_id, pick, stars in ((done[0], Pick.PICKED, 2), (done[1], Pick.PICKED, 4), ("own-000006", Pick.PICKED, 5)):
        task = library.get(task_id)
        assert task is not None
        library.put(replace(task, pick=pick, stars=stars))
    by_words = {action.text(): action for action in desk.list.filter.states.menu().actions()}
    by_words["Picked"].trigger()
    assert desk.shown == ["own-000006", *done]
    assert desk.list.filter.states.text() == "Picked"
    by_words["Done"].trigger()
    assert desk.shown == done
    by_stars = {action.text(): action for action in desk.list.filter.stars.menu().actions()}
    by_stars["≥ ★★★"].trigger()
    assert desk.shown == done[1:]
    assert desk.list.filter.states.text() == "Done · Picked"
    assert desk.list.filter.stars.text() == "≥ ★★★"
    by_words["Picked"].trigger()  # taken back
    by_stars["≥ ★★★"].trigger()
    assert desk.shown == done
    by_words["Rejected"].trigger()
    assert "No take matches the filter." in desk.words
    desk.list.filter.clear()
    assert len(desk.shown) == 6


def test_a_filter_that_hides_everything_says_so_and_can_be_cleared(desk: Desk) -> None:
    desk.type_filter("no such words")
    assert "No take matches the filter." in desk.words
    assert not desk.list.table.isVisible()
    button = next(b for b in desk.list.findChildren(QPushButton) if b.isVisible())
    QTest.mouseClick(button, Button.LeftButton)
    assert len(desk.shown) == 6
    assert desk.list.table.isVisible()


def test_an_empty_list_says_how_to_begin(qtbot: QtBot, library: Library) -> None:
    desk_list = TaskList(TaskModel(LibraryRows(library)))
    qtbot.addWidget(desk_list)
    desk_list.show()
    assert any(label.text().startswith("No takes yet.") for label in _seen(desk_list, QLabel))
    assert not any(button.isVisible() for button in desk_list.findChildren(QPushButton))
    library.put(asked(1))
    desk_list.model.on_facts([TaskChanged(asked(1))])
    assert desk_list.table.isVisible()
    assert [label.text() for label in _seen(desk_list, QLabel)] == ["1 take"]


def test_a_new_task_is_shown_past_a_filter(desk: Desk) -> None:
    desk.type_filter("KITE")
    new = asked(9)
    desk.note(new)
    assert desk.shown == ["own-000004"]
    desk.list.show_new(new)
    assert desk.list.selected() == new
    assert desk.list.filter.box.text() == ""
    assert desk.model.filter == Filter()


def test_select_tells_whether_there_is_such_a_task(desk: Desk) -> None:
    assert desk.list.select("own-000003")
    assert desk.asked_for("chosen") == [done(3)]
    assert not desk.list.select("nobody")


def test_the_choice_stays_on_its_task_whatever_happens_around_it(desk: Desk, tmp_path: Path) -> None:
    desk.click(4)
    kite = desk.list.selected()
    desk.note(asked(9))
    desk.note(asked(11), replace(asked(1), id="adopted"))  # in two places: counted anew
    desk.forget("own-000006")
    desk.type_filter("KITE")
    desk.press(Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: desk.model.filter == Filter())
    assert desk.list.selected() == kite
    assert [task.id for task in desk.list.table.selected_tasks()] == ["own-000004"]
    assert desk.asked_for("chosen") == [kite]


def test_what_is_offered_follows_the_task(desk: Desk) -> None:
    desk.click(3)
    assert "extend" not in desk.offered
    desk.note(done(5))
    assert "extend" in desk.offered
    assert "stop_watching" not in desk.offered


def test_a_take_can_be_saved_as_soon_as_it_is_kept(desk: Desk, tmp_path: Path) -> None:
    desk.click(5)
    assert "save" not in desk.offered
    kept = done(3, file=tmp_path / "take.mp4").clip
    assert kept
    desk.model.on_facts([ClipChanged(kept)])
    assert "save" in desk.offered


def test_a_chosen_task_that_is_forgotten_gives_way_to_its_neighbour(desk: Desk) -> None:
    desk.click(4)
    desk.forget("own-000004")
    assert desk.asked_for("chosen")[-1] == desk.list.selected() == asked(5)


def test_the_last_task_leaves_no_choice(qtbot: QtBot, library: Library) -> None:
    desk = Desk(qtbot, library, [refused(1)])
    desk.click(0)
    desk.forget("own-000001")
    assert desk.asked_for("chosen")[-1] is None
    assert desk.offered == set()
    assert desk.model.rowCount() == 0


def test_running_means_all_that_have_not_ended(desk: Desk) -> None:
    actions = {action.text(): action.data() for action in desk.list.filter.states.menu().actions()}
    assert actions["Running"] == frozenset(Status) - {Status.SUCCEEDED, Status.FAILED}


def test_a_take_behind_a_filter_is_chosen_once_it_is_counted(desk: Desk) -> None:
    desk.type_filter("KITE")
    desk.rows.held = []
    assert desk.list.select("own-000003")
    assert desk.shown == ["own-000004"]
    desk.rows.answer()
    assert desk.list.selected() == done(3)
    assert not desk.list.select("nobody")


def test_what_is_chosen_while_another_take_is_counted_stays_chosen(desk: Desk) -> None:
    """Two keys, one after the other: the first one's take came onto the stage in the second one's place."""
    desk.type_filter("KITE")
    desk.rows.held = []
    assert desk.list.select("own-000003")
    assert desk.list.select("own-000004")
    seen = desk.list.selected()
    assert seen is not None
    assert seen.id == "own-000004"
    desk.rows.answer()
    assert desk.list.selected() == seen


def test_enter_goes_to_the_first_row_that_is_counted(desk: Desk) -> None:
    desk.rows.held = []
    desk.list.filter.begin()
    QTest.keyClicks(desk.list.filter.box, "KITE")
    desk.press(Key.Key_Return)
    assert desk.list.table.hasFocus()
    assert desk.asked_for("chosen") == []
    desk.rows.answer()
    (chosen,) = desk.asked_for("chosen")
    assert chosen == desk.list.selected() == desk.model.task(0)


def test_choice_and_place_stay_while_rows_are_counted(qtbot: QtBot, library: Library) -> None:
    desk = Desk(qtbot, library, [done(number) for number in range(60)])
    assert desk.list.select("own-000030")
    bar = desk.list.table.verticalScrollBar()
    before = desk.list.table.visualRect(desk.list.table.currentIndex())
    desk.rows.held = []
    desk.note(asked(60))
    desk.note(asked(62), replace(asked(1), id="adopted"))
    assert desk.list.table.visualRect(desk.list.table.currentIndex()) == before
    while desk.rows.held:
        desk.rows.answer()
    assert len(desk.shown) == 63
    assert desk.list.selected() == done(30)
    assert desk.list.table.visualRect(desk.list.table.currentIndex()) == before
    assert bar.value() > 0
    assert desk.asked_for("chosen") == [done(30)]


def test_a_new_task_that_is_not_counted_yet_keeps_the_filter_that_lets_it_through(desk: Desk) -> None:
    desk.type_filter("KITE")
    desk.rows.held = []
    new = asked(9, "A kite again")
    desk.note(new)
    desk.list.show_new(new)
    desk.rows.answer()
    assert desk.list.selected() == new
    assert desk.list.filter.box.text() == "KITE"
