"""Each export has a row that says how far it is, with the buttons that make sense now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.errors import ExportFull, ExportUnfit, FileGone, NotAVideo
from kling_desktop.ui.export.export_queue import ExportQueue

WAITING = ExportJob("e1", "Fox", "h264-anywhere", Path("/out/fox.mp4"))
RUNNING = replace(WAITING, state=ExportState.RUNNING, done=120, total=480, seconds_left=9.0)
DONE = replace(WAITING, state=ExportState.DONE, file=Path("/out/fox -1.mp4"), notes=("It has no sound.",))
FAILED = replace(WAITING, state=ExportState.FAILED, trouble=ExportFull("fox.mp4: No space left on device").trouble)
TOO_SMALL = replace(FAILED, trouble=ExportFull("about 53 MB are needed, 2 MB are free").trouble)
UNFIT = replace(FAILED, trouble=ExportUnfit("It has no seam.").trouble)
NO_VIDEO = replace(FAILED, trouble=NotAVideo("a.mp4: no picture in it").trouble)
LOST = replace(FAILED, trouble=FileGone("/film/a.mp4: gone").trouble)
STOPPED = replace(WAITING, state=ExportState.STOPPED)


@pytest.fixture
def queue(qtbot: QtBot) -> ExportQueue:
    queue = ExportQueue()
    qtbot.addWidget(queue)
    return queue


@pytest.mark.parametrize(
    ("job", "words", "shown"),
    [
        (WAITING, "Waits", {"stop"}),
        (RUNNING, "120 of 480 frames, 9 s left", {"stop"}),
        (replace(RUNNING, format_key="original", done=1_000_000, total=4_000_000, seconds_left=None),
         "1.0 MB of 4.0 MB", {"stop"}),
        (replace(RUNNING, done=480, seconds_left=0.0), "480 of 480 frames, being read back", {"stop"}),
        (DONE, "Written. It has no sound.", {"shown", "copied", "forgotten"}),
        (FAILED, f"The disk is full. {ExportFull.advice}", {"again", "forgotten"}),
        (TOO_SMALL, f"The disk is full. {ExportFull.advice} About 53 MB are needed, 2 MB are free.",
         {"again", "forgotten"}),
        (UNFIT, "The film cannot be exported like this. It has no seam.", {"again", "forgotten"}),
        (NO_VIDEO, "What came is not a video. a.mp4: no picture in it", {"again", "forgotten"}),
        (LOST, f"The file is no longer where it was. {FileGone.advice} /film/a.mp4: gone", {"again", "forgotten"}),
        (STOPPED, "Stopped; nothing of it was left", {"again", "forgotten"}),
    ],
)  # fmt: skip
def test_a_row_says_how_it_stands(queue: ExportQueue, job: ExportJob, words: str, shown: set[str]) -> None:
    queue.show_job(job)
    row = queue.row("e1")
    assert row.words.text() == words
    buttons = ("stop", "again", "shown", "copied", "forgotten")
    assert {name for name in buttons if not getattr(row, name).isHidden()} == shown


def test_the_buttons_say_what_is_wished(queue: ExportQueue, qtbot: QtBot) -> None:
    queue.show_job(RUNNING)
    queue.show()
    with qtbot.waitSignal(queue.pause_asked) as paused:
        QTest.mouseClick(queue.pause, Qt.MouseButton.LeftButton)
    assert paused.args == [True]
    queue.show_paused(True)
    assert (queue.text(), queue.pause.text()) == ("120 of 480 frames, paused", "Resume")
    with qtbot.waitSignal(queue.stop_asked) as stopped:
        QTest.mouseClick(queue.row("e1").stop, Qt.MouseButton.LeftButton)
    assert stopped.args == ["e1"]
    queue.show_job(DONE)
    with qtbot.waitSignal(queue.copy_asked) as copied:
        QTest.mouseClick(queue.row("e1").copied, Qt.MouseButton.LeftButton)
    assert copied.args == [Path("/out/fox -1.mp4")]


def test_it_takes_room_only_while_there_are_exports(queue: ExportQueue) -> None:
    assert queue.isHidden()
    queue.show_job(RUNNING)
    assert (queue.isHidden(), queue.under_way) == (False, 1)
    queue.show_job(DONE)
    assert queue.under_way == 0
    queue.forget("e1")
    assert queue.isHidden()


def test_many_exports_with_long_names_stay_within_their_place(qtbot: QtBot) -> None:
    host = QWidget()
    column = QVBoxLayout(host)
    queue = ExportQueue(host)
    column.addWidget(queue)
    column.addStretch(1)
    host.resize(240, 700)
    qtbot.addWidget(host)
    host.show()
    long = Path("/out") / f"{'A lantern over the lake ' * 5}.mp4"
    jobs = [replace(job, id=f"e{n}", target=long, file=job.file and long) for n, job in enumerate([DONE, FAILED] * 6)]
    queue.show_job(jobs[0])
    qtbot.waitUntil(lambda: 0 < queue.height() < 110)
    for job in jobs[1:]:
        queue.show_job(job)
    qtbot.waitUntil(lambda: queue.height() > 150)
    assert queue.height() < 350
    row = queue.row("e0")
    assert row.name.text().endswith(".mp4")
    assert "…" in row.name.text()
    right = row.forgotten.mapTo(queue, row.forgotten.rect().topRight()).x()
    assert right < queue.width()
