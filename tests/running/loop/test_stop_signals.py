"""A signal to stop interrupts nothing, and closes the program in order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kling_desktop.running.loop.stop_signals import stops_noted
from tests.harness.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in STOPS]
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under `nohup`
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.fixture
def ignored() -> Iterator[int]:
    """As `nohup` leaves it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield signal.SIGHUP
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", STOPS)
async def test_one_that_comes_while_the_program_stands_wakes_qt_and_closes_it(number: int, qapp: QApplication) -> None:
    closed = asyncio.Event()
    with stops_noted() as stops, stops.handled(closed.set):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(closed.wait(), 20)


async def test_one_that_comes_while_it_is_opened_closes_it_as_soon_as_it_stands() -> None:
    calls: list[str] = []
    with stops_noted() as stops:
        os.kill(os.getpid(), signal.SIGINT)
        with stops.handled(lambda: calls.append("closed")):
            assert calls == ["closed"]


async def test_another_one_while_it_closes_interrupts_nothing() -> None:
    calls: list[str] = []
    with stops_noted() as stops:
        with stops.handled(lambda: calls.append("closed")):
            os.kill(os.getpid(), signal.SIGTERM)
            await until(lambda: calls, 30, "it to be heard")
        for number in STOPS:
            os.kill(os.getpid(), number)
        await asyncio.sleep(0)
    assert calls == ["closed"]


def test_after_an_error_signals_do_what_they_did() -> None:
    before = [signal.getsignal(number) for number in STOPS]

    def fail() -> None:
        with stops_noted():
            assert [signal.getsignal(number) for number in STOPS] != before
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert [signal.getsignal(number) for number in STOPS] == before


def test_on_the_way_out_nothing_is_interrupted() -> None:
    with stops_noted():
        pass
    os.kill(os.getpid(), signal.SIGINT)


async def test_what_is_ignored_stays_ignored(ignored: int) -> None:
    calls: list[str] = []
    with stops_noted() as stops, stops.handled(lambda: calls.append("closed")):
        os.kill(os.getpid(), ignored)
        os.kill(os.getpid(), signal.SIGINT)
        await until(lambda: calls, 30, "the one that is not ignored")
    assert calls == ["closed"]
