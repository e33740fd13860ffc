"""Whatever goes wrong with a take, one button helps; and the report that is saved is the one that was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import (
    EVERY_ERROR,
    AccountEmpty,
    DiskFull,
    DuplicateId,
    KlingDesktopError,
    OverBudget,
    Remedy,
    RiskControl,
    SignInRefused,
    SlotsFull,
    TaskFailed,
    TimedOut,
    Truncated,
    Untraced,
    VideoUnknown,
)
from kling_desktop.studio.tasks.recovery import remedy_of
from kling_desktop.ui.accounts.keys_dialog import KeysDialog
from kling_desktop.ui.help.report_dialog import ReportDialog
from kling_desktop.ui.library.clip_picker import ClipPicker
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

KEPT_DRAFT = "words that stood in the form"
_numbers = count()


def troubled(creator: Creator, error: KlingDesktopError, status: Status, prompt: str = "The fog lifts") -> Task:
    """A task of this account that stands so; nobody follows it, unless Kling shall get it once more."""
    number = next(_numbers)
    clip = Clip(f"9{number:017}") if status is Status.SUCCEEDED else None
    return Task(
        f"planted-{number}",
        Extension(creator.clip_id("dawn-lake"), prompt),
        creator.program.preferences.profile,
        status,
        datetime.now(UTC),
        trouble=error.trouble,
        watched=isinstance(error, Untraced),
        clip=clip,
    )


async def chosen(creator: Creator, task: Task) -> None:
    """The task is in the list and selected, and something is said about it."""
    creator.program.studio.restore(task)
    await creator.sees(lambda: (newest := creator.newest()) and newest.id == task.id, "the task in the list")
    creator.tasks.select(task.id)
    doctor = creator.window.doctor
    await creator.sees(lambda: doctor.isVisible() and doctor.details.toPlainText().find(task.id) > 0, "the doctor")


async def test_a_take_that_kling_stopped_is_explained_and_its_words_come_back(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck")
        creator.asks(creator.clip_id("dawn-lake"), "Snow begins to fall")
        task = await creator.sees(lambda: (now := creator.newest()) and now.status.at_kling and now, "Kling to take it")
        creator.tell("finish", id=task.kling_id, status="failed", message="Failure to pass the risk control system")
        doctor = creator.window.doctor
        await creator.sees(lambda: doctor.isVisible() and doctor.button.text() == "Edit prompt", "the doctor")
        said = doctor.accessibleName()
        assert "content check stopped this take" in said
        assert "Was I charged? No." in said
        assert "asking again is safe" in said
        creator.clicks(doctor.fold)
        creator.clicks(doctor.copy)
        copied = QGuiApplication.clipboard().text()
        for fact in ("Failure to pass the risk control system", task.id, task.kling_id, "Request ID: "):
            assert fact in copied
        creator.writes(KEPT_DRAFT)
        creator.clicks(doctor.button)
        assert creator.form.extension().prompt == "Snow begins to fall"
        bar = creator.window.notices.bar("The form holds the words of this take now.")
        assert bar is not None
        assert bar.action is not None
        creator.clicks(bar.action)
        assert creator.form.extension().prompt == KEPT_DRAFT


async def test_what_is_closed_stays_closed_until_it_is_asked_for(start: Start) -> None:
    async with start() as creator:
        task = troubled(creator, RiskControl(), Status.FAILED)
        await chosen(creator, task)
        doctor = creator.window.doctor
        creator.clicks(doctor.close_button)
        creator.program.studio.restore(replace(task, message="again"))
        await creator.sees(lambda: (now := creator.newest()) and now.message == "again", "the change")
        assert not doctor.isVisible()
        creator.tasks.actions_by_name["explain"].trigger()
        assert doctor.isVisible()
        assert doctor.details.isVisible()


async def test_every_button_does_what_it_says(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browsed: list[str] = []

    def browse(url: QUrl) -> bool:
        browsed.append(url.host())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", browse)
    async with start() as creator:
        creator.program.studio.lines.queue(creator.program.preferences.profile).pause(True)

        def opens(kind: type[ClipPicker | KeysDialog | QFileDialog]) -> Callable[[], bool]:
            def is_open() -> bool:
                found = creator.window.findChild(kind)
                if found is None or not found.isVisible():
                    return False
                found.close()
                return True

            return is_open

        def asked_anew() -> bool:
            newest = creator.newest()
            return newest is not None and newest.retry_of.startswith("planted-")

        def is_now(status: Status) -> Callable[[], bool]:
            return lambda: (task := creator.tasks.selected()) is not None and task.status is status

        def without_trouble() -> bool:
            return (task := creator.tasks.selected()) is not None and (task.watched or task.trouble is None)

        def identified() -> bool:
            return creator.form.extension().video_id.startswith("planted-")

        cases: list[tuple[Remedy, KlingDesktopError, Status, Callable[[], object]]] = [
            (
                Remedy.EDIT_PROMPT,
                RiskControl(),
                Status.FAILED,
                lambda: creator.form.extension().prompt == "EDIT_PROMPT",
            ),
            (Remedy.PICK_CLIP, VideoUnknown(), Status.FAILED, opens(ClipPicker)),
            (Remedy.CHECK_KEYS, SignInRefused(), Status.QUEUED, opens(KeysDialog)),
            (Remedy.OPEN_CONSOLE, AccountEmpty(), Status.QUEUED, lambda: browsed),
            (Remedy.TRY_AGAIN, TaskFailed(), Status.FAILED, asked_anew),
            (Remedy.SEND_AGAIN, Untraced(), Status.UNCERTAIN, is_now(Status.QUEUED)),
            (Remedy.LOOK_UP, TimedOut(), Status.UNCERTAIN, lambda: _looked_up(creator)),
            (Remedy.IDENTIFY, DuplicateId(), Status.FAILED, identified),
            (Remedy.SEND_NOW, SlotsFull(), Status.QUEUED, lambda: True),
            (Remedy.SEND_ANYWAY, OverBudget(), Status.QUEUED, lambda: True),
            (Remedy.FETCH, Truncated(), Status.SUCCEEDED, without_trouble),
            (Remedy.FREE_SPACE, DiskFull(), Status.SUCCEEDED, opens(QFileDialog)),
        ]
        for remedy, error, status, happened in cases:
            task = troubled(creator, error, status, remedy.name)
            assert remedy_of(task) is remedy
            await chosen(creator, task)
            creator.clicks(creator.window.doctor.button)
            await creator.sees(happened, f"what {remedy} promises")
        elsewhere = {Remedy.USE_MODEL}  # test_model_gone.py presses that button
        assert {case[0] for case in cases} == set(Remedy) - {Remedy.NONE, Remedy.WAIT, Remedy.CHECK_CLOCK} - elsewhere


async def test_each_error_can_be_read_about(start: Start) -> None:
    async with start() as creator:
        task = troubled(creator, KlingDesktopError(), Status.FAILED)
        await chosen(creator, task)
        doctor = creator.window.doctor
        for error in EVERY_ERROR:
            for status in Status:
                trouble = error("raw words", code=1301, request_id="r-1", http=429).trouble
                now = replace(task, status=status, trouble=trouble)
                doctor.show_task(now)
                assert error.title in doctor.accessibleName()
                assert "Was I charged?" in doctor.accessibleName()
                assert doctor.button.isVisible() == (remedy_of(now) is not Remedy.NONE)
                facts = ("raw words", "1301", "r-1", error.__name__, "HTTP status: 429")
                assert all(fact in doctor.details.toPlainText() for fact in facts)
        doctor.show_task(None)
        assert not doctor.isVisible()


async def test_the_report_is_shown_before_it_is_saved(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "something forbidden")
        await creator.sees(lambda: (now := creator.newest()) and now.status is Status.FAILED, "the refusal")
        creator.window.menu_bar.report_asked.emit()
        dialog = await creator.sees(lambda: creator.window.findChild(ReportDialog), "the report")
        await creator.sees(lambda: "1301" in dialog.text.toPlainText(), "what happened in the report")
        assert "something forbidden" not in dialog.text.toPlainText()
        dialog.prompts.setFocus()
        creator.presses(dialog.prompts, Qt.Key.Key_Space)
        await creator.sees(lambda: "something forbidden" in dialog.text.toPlainText(), "the prompt")
        shown = dialog.text.toPlainText()
        creator.clicks(dialog.save)
        files = await creator.sees(lambda: dialog.findChild(QFileDialog), "the save dialog")
        target = tmp_path / "report.txt"
        creator.saves_as(files, target)
        await creator.sees(lambda: "report.txt" in creator.banners(), "the word that it is saved")
        assert _read(target) == shown


def _looked_up(creator: Creator) -> bool:
    task = creator.tasks.selected()
    return task is not None and any(request["path"].endswith(task.id) for request in creator.ask("requests"))


def _read(file: Path) -> str:
    return file.read_text("utf-8")
