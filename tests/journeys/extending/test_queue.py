"""The local queue: more than the account runs at once, in the order the creator wants, and nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.ui.rail.rail import QUEUE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _tasks(creator: Creator) -> dict[str, Task]:
    """By prompt."""
    rows = creator.tasks.model.rowCount()
    return {task.extension.prompt: task for row in range(rows) if (task := creator.tasks.model.task(row))}


async def _ask_in_turn(creator: Creator, *prompts: str) -> None:
    source = creator.clip_id("dawn-lake")
    for prompt in prompts:
        creator.asks(source, prompt)
        await creator.sees(lambda: creator.form.sent, "the words to be safe")


def _waiting(creator: Creator) -> list[str]:
    by_id = {task.id: prompt for prompt, task in _tasks(creator).items()}
    return [by_id[id] for id in creator.program.studio.lines.waiting()]


def _tasks_of_all(creator: Creator) -> list[Task]:
    rows = creator.tasks.model.rowCount()
    return [task for row in range(rows) if (task := creator.tasks.model.task(row))]


def _said(creator: Creator, number: int) -> str:
    model = creator.tasks.model
    return str(model.index(model.layout.row(number), 0).data())


def _row(creator: Creator, prompt: str) -> int:
    return list(_tasks(creator)).index(prompt)


async def test_two_of_seven_wait_and_go_in_the_order_wished(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck", times=7)
        await _ask_in_turn(creator, *(f"Wave {n}" for n in range(1, 8)))
        await creator.sees(lambda: _waiting(creator) == ["Wave 6", "Wave 7"], "two to wait")
        at_kling = [task for task in _tasks(creator).values() if task.status.at_kling]
        assert len(at_kling) == 5
        await creator.sees(lambda: "Kling runs 5 at once" in creator.window.queue.text(), "the limit in the bar")
        assert "2 wait here" in creator.window.queue.text()
        assert creator.window.windowTitle() == "5 rendering · 2 waiting — Kling Desktop"
        last = _row(creator, "Wave 7")
        await creator.sees(lambda: "2nd in the queue" in _said(creator, last), "its place")

        creator.clicks_row(last)
        creator.presses(creator.tasks.table, Qt.Key.Key_Up, CTRL)
        await creator.sees(lambda: _waiting(creator) == ["Wave 7", "Wave 6"], "the other order")
        await creator.sees(lambda: "next in the queue" in _said(creator, last), "its new place")
        selected = creator.tasks.selected()
        assert selected is not None
        assert selected.extension.prompt == "Wave 7"

        creator.window.show_rail(QUEUE)
        page = creator.window.queue_list
        await creator.sees(lambda: page.rows.rowCount() == 9, "two heads over seven tasks")
        assert [page.rows.index(row).data() for row in (0, 6)] == ["At Kling 5", "Waiting here 2"]
        page.setCurrentIndex(page.rows.index(8))
        creator.presses(page, Qt.Key.Key_Up, CTRL)
        await creator.sees(lambda: _waiting(creator) == ["Wave 6", "Wave 7"], "the first order again")
        await creator.sees(lambda: page.currentIndex().row() == 7, "the chosen one to go along")
        creator.presses(page, Qt.Key.Key_Down, CTRL)
        await creator.sees(lambda: _waiting(creator) == ["Wave 7", "Wave 6"], "the other order")

        creator.tell("finish", id=at_kling[0].kling_id)
        await creator.sees(lambda: _tasks(creator)["Wave 7"].status.at_kling, "the moved one to be sent first")
        assert _tasks(creator)["Wave 6"].status is Status.QUEUED
        creator.tell("finish", id=at_kling[1].kling_id)
        await creator.sees(lambda: _tasks(creator)["Wave 6"].status.at_kling, "the other one to be sent")
        created = [kept["created"] for kept in creator.ask("audit")["tasks"].values() if kept["created"]]
        assert sum(created) == 7


async def test_a_held_queue_sends_nothing_and_stays_held_over_a_restart(start: Start) -> None:
    async with start() as creator:
        creator.window.menu_bar.pause.trigger()
        await _ask_in_turn(creator, "First", "Second")
        await creator.sees(lambda: "Queue paused: 2 wait." in creator.window.queue.text(), "the bar to say so")
    async with start() as creator:
        await creator.sees(lambda: "Queue paused: 2 wait." in creator.window.queue.text(), "it to be held still")
        assert creator.ask("audit")["totals"]["created"] == 0
        creator.clicks(creator.window.queue.buttons()[0])
        await creator.sees(lambda: _tasks(creator)["Second"].status.at_kling or _tasks(creator)["Second"].clip, "both")
        await creator.sees(lambda: not creator.window.queue.isVisible(), "the bar to go")


async def test_the_queue_is_cleared_and_a_waiting_task_edited_and_both_undone(start: Start) -> None:
    async with start() as creator:
        creator.window.menu_bar.pause.trigger()
        await _ask_in_turn(creator, "First", "Second", "Third")
        creator.writes("half a thou")
        creator.clicks_row(_row(creator, "Second"))
        creator.presses(creator.tasks.table, Qt.Key.Key_E, CTRL, SHIFT)
        assert creator.form.extension().prompt == "Second"
        await creator.sees(lambda: set(_tasks(creator)) == {"First", "Third"}, "it to leave the list")
        _undo(creator, "Taken out of the queue, to be edited.")
        await creator.sees(lambda: set(_tasks(creator)) == {"First", "Second", "Third"}, "it to be back")
        assert creator.form.extension().prompt == "half a thou"

        creator.presses(creator.tasks.table, Qt.Key.Key_X, CTRL, SHIFT)
        await creator.sees(lambda: not _tasks(creator), "the list to be empty")
        _undo(creator, "Took 3 tasks out of the queue.")
        await creator.sees(lambda: _waiting(creator) == ["First", "Second", "Third"], "all to wait again")
        assert creator.ask("audit")["totals"]["created"] == 0


async def test_ctrl_shift_enter_goes_to_the_front(start: Start) -> None:
    async with start() as creator:
        creator.window.menu_bar.pause.trigger()
        await _ask_in_turn(creator, "First")
        creator.writes("Hurry")
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL, SHIFT)
        await creator.sees(lambda: _waiting(creator) == ["Hurry", "First"], "it to stand before the other")


async def test_all_that_failed_is_tried_again_once_after_a_question(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck", times=2)
        await _ask_in_turn(creator, "One", "Two")
        for task in _tasks(creator).values():
            creator.tell("finish", id=task.kling_id, status="failed", message="The renderer stumbled")
        await creator.sees(lambda: [t.status for t in _tasks(creator).values()] == [Status.FAILED] * 2, "both to fail")
        creator.presses(creator.tasks.table, Qt.Key.Key_R, CTRL, SHIFT)
        question = await creator.sees(lambda: creator.window.findChild(QMessageBox), "the question")
        assert question.text() == "Send 2 failed takes again?"
        creator.clicks(next(button for button in question.buttons() if "again" in button.text()))
        await creator.sees(lambda: len(_tasks_of_all(creator)) == 4, "two new tasks")
        assert creator.program.studio.failures() == []


def _undo(creator: Creator, text: str) -> None:
    bar = creator.window.notices.bar(text)
    assert bar is not None
    assert bar.action is not None
    creator.clicks(bar.action)


async def _ask_two_while_held(creator: Creator) -> None:
    """Two tasks wait here, and the form is free."""
    creator.program.studio.lines.pause(creator.program.preferences.profile.name, True)
    await _ask_in_turn(creator, "one", "two")
    await creator.sees(lambda: _waiting(creator) == ["one", "two"], "two to wait")


def _fill(creator: Creator, prompt: str) -> None:
    creator.form.fields.clip_row.field.clear()
    creator.types(creator.form.fields.clip_row.field, creator.clip_id("dawn-lake"))
    creator.writes(prompt)


async def test_what_is_sent_in_front_goes_before_all_that_waits(start: Start) -> None:
    async with start() as creator:
        await _ask_two_while_held(creator)
        _fill(creator, "first")
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL, SHIFT)
        await creator.sees(lambda: _waiting(creator) == ["first", "one", "two"], "the new one to stand first")


async def test_what_is_refused_in_front_moves_nobody(start: Start) -> None:
    async with start() as creator:
        await _ask_two_while_held(creator)
        _fill(creator, "three")
        creator.form.fields.own_id.show_text(_tasks(creator)["two"].id)
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL, SHIFT)
        await creator.sees(creator.form.fields.refusal.isVisible, "the refusal")
        assert _waiting(creator) == ["one", "two"]
