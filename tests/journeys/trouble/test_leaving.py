"""Closing the window over work says once what becomes of it, and what waits can be held."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QMessageBox
from shiboken6 import isValid

from kling_desktop.domain.tasks import Status
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator


async def _asked_on_leaving(creator: Creator) -> QMessageBox:
    creator.window.close()
    box = await creator.sees(lambda: creator.window.findChild(QMessageBox), "the word on leaving")
    await creator.sees(box.isVisible, "it to be shown")
    return box


async def test_that_work_goes_on_is_said_once(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck")
        creator.asks(creator.clip_id("dawn-lake"), "The tide turns")
        await creator.sees(lambda: (task := creator.newest()) and task.status is Status.PROCESSING, "Kling to render")
        box = await _asked_on_leaving(creator)
        assert box.text() == "1 take goes on at Kling and is followed again at the next start."
        creator.clicks(box.button(QMessageBox.StandardButton.Cancel))
        assert creator.window.isVisible()
        creator.window.close()
        await creator.sees(creator.window.closed.is_set, "the program to end without a word")


async def test_what_would_be_sent_is_named_and_can_be_held(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck", times=6)
        for number in range(6):
            creator.asks(creator.clip_id("dawn-lake"), f"Wave <b>{number}</b>")
            await creator.sees(lambda: creator.form.sent, "the words to be safe")
        waiting = creator.program.studio.lines.waiting
        await creator.sees(lambda: len(waiting()) == 1, "one to wait")
        box = await _asked_on_leaving(creator)
        assert box.text() == "1 take waits here and is sent at the next start."
        (words,) = [label for label in box.findChildren(QLabel) if label.text() == box.informativeText()]
        assert "“Wave <b>5</b>”" in words.text()
        assert words.textFormat() is Qt.TextFormat.PlainText
        creator.clicks(next(button for button in box.buttons() if button.text() == "Hold them and close"))
        await creator.sees(creator.window.closed.is_set, "the program to end")
    async with start() as creator:
        assert creator.program.preferences.now.paused == ("This session",)
        await creator.sees(lambda: "Queue paused: 1 wait" in creator.window.queue.text(), "it to be held still")


async def test_nothing_ticks_on_when_the_program_has_closed(start: Start) -> None:
    """A clock of the window that fires then would ask a library that is closed."""
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A kite climbs")
        await creator.sees_take()
        timers = creator.window.findChildren(QTimer)
        assert [timer for timer in timers if timer.isActive()]
    assert not [timer for timer in timers if isValid(timer) and timer.isActive()]
