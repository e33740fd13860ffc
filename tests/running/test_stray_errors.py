"""Stray errors are told while the program runs, and nothing holds it afterwards."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from threading import Event, Thread

import pytest

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import LibraryFull
from kling_desktop.running.stray_errors import strays_caught


class Listener:
    """Whoever shows what went wrong."""

    def __init__(self) -> None:
        self.told: list[Trouble] = []

    def tell(self, trouble: Trouble) -> None:
        self.told.append(trouble)


def _raise(error: Exception) -> None:
    """As PySide does with what a slot raises."""
    sys.excepthook(type(error), error, error.__traceback__)


@pytest.mark.expects_log("LibraryFull", "lost")
async def test_what_a_slot_and_the_loop_raise_is_told() -> None:
    listener = Listener()
    with strays_caught(listener.tell):
        _raise(LibraryFull("disk full"))
        asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": LibraryFull("full again")})
    assert [trouble.message for trouble in listener.told] == ["disk full", "full again"]


@pytest.mark.expects_log("too late")
async def test_an_idle_thread_holds_nobody_who_was_told() -> None:
    """A thread keeps the hook that stood when it began."""
    end = Event()
    idle = Thread(target=end.wait)
    listener = Listener()
    gone = weakref.ref(listener)
    with strays_caught(listener.tell):
        idle.start()
        hook = sys.excepthook
    del listener
    gc.collect()
    try:
        assert gone() is None
    finally:
        end.set()
        idle.join()
    hook(LibraryFull, LibraryFull("too late"), None)
