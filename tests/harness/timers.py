"""Which timers run in the program at this moment, by name: each of them wakes the processor again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication


def running_timers() -> dict[str, float]:
    """Name -> seconds between two wake-ups, of all timers of the windows and of the loop's own waits."""
    dispatcher = QAbstractEventDispatcher.instance()
    found: dict[str, float] = {}
    for each in _objects():
        for timer in dispatcher.registeredTimers(each):
            found[name_of(each)] = timer.interval / 1000
    return found | {f"loop: {wait}": 0.0 for wait in loop_waits()}


def name_of(timed: QObject) -> str:
    """As one would look for it in the source: its owner's class, and what it is called there."""
    owner = timed.parent()
    if not isinstance(timed, QTimer) or owner is None:
        return f"{type(owner).__name__}/{timed.metaObject().className()}" if owner else type(timed).__name__
    called = next((name for name, value in vars(owner).items() if value is timed), "QTimer")
    return f"{type(owner).__name__}.{called}"


def loop_waits() -> list[str]:
    """What the loop calls after a while: coroutine or callback. What was called off is left out, and who asks."""
    handles = asyncio.get_running_loop()._timer._SimpleTimer__callbacks.values()  # type: ignore[attr-defined] # qasync's own; nothing else tells
    own = getattr(asyncio.current_task(), "get_coro", lambda: None)()
    waits = [_said(handle) for handle in handles if not handle.cancelled()]
    return [wait for wait in waits if wait != getattr(own, "__qualname__", "")]


def _said(handle: asyncio.Handle) -> str:
    called = getattr(handle, "_callback", None)
    owner = getattr(called, "__self__", None)
    task = getattr(owner, "_task", owner)  # asyncio.timeout knows the task that it would interrupt
    if isinstance(task, asyncio.Task):
        return str(getattr(task.get_coro(), "__qualname__", task))
    return str(getattr(called, "__qualname__", called))


def _objects() -> Iterator[QObject]:
    app = QCoreApplication.instance()
    assert isinstance(app, QApplication)
    yield app
    yield from app.findChildren(QObject)
    for window in app.topLevelWidgets():
        yield window
        yield from window.findChildren(QObject)
