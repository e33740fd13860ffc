"""The dialog of finds says what is going on, and lets some or all be adopted by mouse or keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.errors import RiskControl, Unreachable
from kling_desktop.studio.feed import HistoryAdopted, HistoryEnded, HistoryRead
from kling_desktop.ui.history import history_words
from kling_desktop.ui.history.history_dialog import HistoryDialog, Work
from tests.harness.tasks import PROFILE, asked, done, refused
from tests.harness.words.reading import said

NOW = datetime.now(UTC)
WELL = HistoryEnded(complete=True, trouble=None)


def find(number: int, days: int = 10, file: Path | None = None) -> Task:
    clip = Clip(
        f"9{number}",
        Kind.TEXT,
        url="https://h/x",
        seconds=Decimal(5),
        expires_at=NOW + timedelta(days, hours=6),
        file=file,
    )
    bare = replace(done(number), id=f"find-{number}", kind=Kind.TEXT, extension=Extension(""), clip=clip)
    return replace(bare, kling_id=f"8{number}")


FAILED = replace(refused(8), kling_id="88", trouble=RiskControl("Failure to pass").trouble)
RUNNING = replace(asked(7), kling_id="87")


@pytest.fixture
def dialog(qtbot: QtBot) -> HistoryDialog:
    dialog = HistoryDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    dialog.begin_reading("Studio A")
    return dialog


def filled(dialog: HistoryDialog, *tasks: Task, ended: HistoryEnded | None = WELL) -> None:
    dialog.show_read(HistoryRead(PROFILE, 1502, tasks))
    if ended:
        dialog.show_ended(ended)


def test_a_row_is_put_into_words_once_however_often_it_is_painted(
    dialog: HistoryDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def fate(task: Task, now: datetime) -> str:
        told.append(task.id)
        return real(task, now)

    real = history_words.fate
    monkeypatch.setattr(history_words, "fate", fate)
    filled(dialog, find(1), find(2))
    for _ in range(3):
        dialog.view.grab()
    assert sorted(told) == ["find-1", "find-2"]
    filled(dialog, find(2, days=3))  # Kling tells of it once more
    assert told.count("find-2") == 1
    assert len(set(column(dialog, 3))) == 2
    assert told.count("find-2") == 2


def column(dialog: HistoryDialog, number: int) -> list[object]:
    return [dialog.finds.index(row, number).data() for row in range(dialog.finds.rowCount())]


def test_the_reading_is_told_as_it_goes_and_can_be_stopped(dialog: HistoryDialog, qtbot: QtBot) -> None:
    assert "Asking Kling…" in said(dialog)
    assert dialog.empty_text().startswith("Looking…")
    filled(dialog, find(1), ended=None)
    assert "Read 1\u202f502 tasks…" in said(dialog)
    assert not dialog.adopt_all.isEnabled()
    with qtbot.waitSignal(dialog.stop_asked):
        QTest.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    dialog.show_ended(HistoryEnded(complete=False, trouble=None))
    assert "Stopped after 1\u202f502 tasks. What is shown can be added." in said(dialog)
    assert dialog.adopt_all.isEnabled()


def test_each_find_says_what_it_is_and_how_long_it_lives(dialog: HistoryDialog) -> None:
    lost = replace(find(4, days=-1), accepted_at=NOW)
    nameless = replace(find(5), clip=None)
    filled(dialog, lost, find(2), RUNNING, find(1, 1), find(3, 20, Path("/a.mp4")), nameless)
    assert column(dialog, 3) == [
        "expires in 2 days",
        "expires in 11 days",
        "a file on your disk · expires in 21 days",
        "still being made",
        "gone: Kling keeps a video for 30 days",
        "gone: Kling names no file any more",
    ]
    assert column(dialog, 0)[0] == "Text to video · find-1"
    assert column(dialog, 1)[0] == "0:05.0"
    assert column(dialog, 4)[0] == "2"
    assert "Text to video · find-1. 0:05.0" in str(dialog.finds.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_failed_ones_are_hidden_until_they_are_asked_for(dialog: HistoryDialog) -> None:
    filled(dialog, find(1), FAILED)
    assert dialog.finds.rowCount() == 1
    assert dialog.with_failed.text() == "Show failed tasks (1)"
    assert dialog.adopt_all.text() == "Add all 1"
    QTest.mouseClick(dialog.with_failed, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.with_failed.height() // 2))
    assert column(dialog, 3)[1] == "Kling's content check stopped this take"
    dialog.finds.check([1], is_chosen=True)
    dialog.with_failed.setChecked(False)
    assert dialog.finds.chosen == [], "what is not seen is not adopted"


def test_some_are_chosen_by_space_or_by_their_boxes(dialog: HistoryDialog, qtbot: QtBot) -> None:
    filled(dialog, find(1, 1), find(2, 2), find(3, 3))
    assert not dialog.adopt_chosen.isEnabled()
    QTest.keyClick(dialog.view, Qt.Key.Key_Space)
    row = dialog.view.visualRect(dialog.finds.index(1, 0))
    box = QPoint(row.left() + 10, row.center().y())
    QTest.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert [task.id for task in dialog.finds.chosen] == ["find-1", "find-2"]
    with qtbot.waitSignal(dialog.adopt_asked) as asked_for:
        QTest.mouseClick(dialog.adopt_chosen, Qt.MouseButton.LeftButton)
    assert [task.id for task in asked_for.args[0]] == ["find-1", "find-2"]


def test_adopting_is_counted_and_leaves_what_was_not_adopted(dialog: HistoryDialog, qtbot: QtBot) -> None:
    filled(dialog, find(1, 1), find(2, 2))
    with qtbot.waitSignal(dialog.adopt_asked):
        QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    dialog.begin_adopting(2)
    dialog.show_adopted([HistoryAdopted("81", 1)])
    assert "Added 1 of 2…" in said(dialog)
    assert column(dialog, 0) == ["Text to video · find-2"]
    assert not dialog.adopt_all.isEnabled()
    dialog.show_adopted([HistoryAdopted("82", 0)])
    dialog.show_ended(WELL)
    assert "Added 2 takes. What Kling still has" in said(dialog)
    assert dialog.empty_text().startswith("Nothing is missing.")


def test_what_went_wrong_is_said_and_what_was_found_stays(dialog: HistoryDialog) -> None:
    dialog.show_ended(HistoryEnded(complete=False, trouble=Unreachable().trouble))
    assert dialog.empty_text().startswith("Kling cannot be reached. Check the network")
    dialog.begin_reading("Studio A")
    filled(dialog, find(1), ended=HistoryEnded(complete=False, trouble=Unreachable().trouble))
    assert "Kling cannot be reached" in said(dialog)
    assert dialog.adopt_all.isEnabled()


def test_closing_ends_a_reading_but_not_an_adopting(dialog: HistoryDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.stop_asked):
        dialog.reject()
    dialog.begin_adopting(3)
    with qtbot.assertNotEmitted(dialog.stop_asked):
        dialog.reject()
    assert dialog.work is Work.ADOPTING
