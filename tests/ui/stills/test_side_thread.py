"""Work beside the window ends in the window's thread, or nowhere when whoever wanted it is gone."""

from __future__ import annotations

import threading
from functools import partial

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread
from pytestqt.qtbot import QtBot

from kling_desktop.ui.stills.side_thread import SideThread


class Taker(QObject):
    """Keeps what it is given, and whether that was in its own thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.taken: list[tuple[object, bool]] = []

    def take(self, made: object) -> None:
        self.taken.append((made, QThread.currentThread() is self.thread()))


def test_what_a_thread_makes_is_taken_in_the_windows_in_turn(qtbot: QtBot) -> None:
    taker, thread, window = Taker(), SideThread("test"), threading.get_ident()

    def work(number: int) -> tuple[int, bool]:
        return number, threading.get_ident() == window

    for number in range(3):
        thread.do(partial(work, number), taker.take)
    qtbot.waitUntil(lambda: len(taker.taken) == 3)
    assert taker.taken == [((number, False), True) for number in range(3)]


def test_what_nobody_wants_any_more_is_let_go(qtbot: QtBot) -> None:
    thread, begun, go_on, witness = SideThread("test"), threading.Event(), threading.Event(), Taker()
    owner = QObject()
    forgotten, deleted = Taker(), Taker(owner)

    def work() -> str:
        begun.set()
        go_on.wait()
        return "late"

    for taker in (forgotten, deleted):
        thread.do(work, taker.take)
    thread.do(partial(str, "last"), witness.take)
    begun.wait()
    del forgotten, taker
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(deleted)
    go_on.set()
    qtbot.waitUntil(lambda: bool(witness.taken))
    assert deleted.taken == []
