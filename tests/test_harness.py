"""The guards of the harness: each is shown to go off."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.desk.guards import qt_complaints
from tests.harness.desk.surroundings import NetworkGuard, OutsideReached
from tests.harness.waiting import until

pytest_plugins = ["pytester"]

_GUARDED = "pytest_plugins = ['tests.harness.desk.guards']"


def _outcome(pytester: pytest.Pytester, body: str) -> tuple[dict[str, int], str]:
    """Run one test file under the guards alone, in a process of its own."""
    pytester.makeconftest(_GUARDED)
    pytester.makepyfile(body)
    pytester.makeini("[pytest]\nmarkers = \n  expects_log: x\n  expects_qt: x")
    run = pytester.runpytest_subprocess("-p", "no:pytestqt", "-p", "no:asyncio", "-p", "no:cacheprovider")
    return run.parseoutcomes(), run.stdout.str()


@pytest.fixture(autouse=True)
def _find_the_harness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))


def test_a_warning_that_nobody_announced_fails_its_test(pytester: pytest.Pytester) -> None:
    outcomes, output = _outcome(
        pytester,
        """
        import logging, os, pytest

        def test_quiet(): logging.info("fine")
        def test_odd(): logging.warning("odd")
        def test_qt(): os.write(2, b"[qt warning] default: too soon\\n")
        def test_qt_note(): os.write(2, b"[qt debug] default: a note\\n")

        @pytest.mark.expects_log("od+")
        def test_announced(): logging.warning("odd")

        @pytest.mark.expects_log("even")
        def test_announced_in_vain(): pass
        """,
    )
    assert outcomes == {"passed": 4, "failed": 2, "errors": 1}
    assert "WARNING root: odd" in output
    assert "[qt warning] default: too soon" in output
    assert "expects_log('even') was announced and did not come" in output


def test_a_real_warning_of_qt_is_recognised_in_a_child() -> None:
    code = "from PySide6.QtCore import qWarning, qDebug; qDebug('a note'); qWarning('a warning')"
    run = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=True)
    assert qt_complaints(run.stderr) == ["[qt warning] default: a warning"]


def test_an_error_in_a_slot_that_pyside_prints_is_a_complaint() -> None:
    assert qt_complaints("Traceback (most recent call last):\n  File ...") == ["Traceback (most recent call last):"]


def test_the_network_ends_at_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = NetworkGuard()
    guard.install(monkeypatch)
    with socket.socket() as client, pytest.raises(OutsideReached):
        client.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideReached):
        socket.getaddrinfo("example.com", 443)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("kling.invalid", 443)
    assert guard.refused == ["192.0.2.1", "example.com"]


def test_this_machine_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_home_is_empty_and_the_desktop_stays_outside(home: Path) -> None:
    assert Path.home() == home
    assert not [name for name in os.environ if name.startswith("KLING_")]


async def test_until_gives_what_it_waited_for() -> None:
    came: list[str] = []
    asyncio.get_running_loop().call_later(0.02, came.append, "here")
    assert await until(lambda: came, timeout=5) == ["here"]


async def test_until_says_what_never_came() -> None:
    with pytest.raises(AssertionError, match=r"Waited 0.02 s for the train, got False"):
        await until(lambda: False, timeout=0.02, what="the train")


@pytest.mark.expects_log("odd but announced")
def test_the_guards_watch_this_very_run() -> None:
    logging.getLogger(__name__).warning("odd but announced")


def test_a_keyring_keeps_a_secret(keyring: str) -> None:
    import keyring as system

    system.set_password("kling-desktop-test", "name", "秘密")
    assert system.get_password("kling-desktop-test", "name") == "秘密"


def test_each_test_finds_the_keyring_empty(keyring: str) -> None:
    import keyring as system

    assert system.get_password("kling-desktop-test", "name") is None


async def test_a_coroutine_that_asks_for_qapp_runs_on_the_loop_of_qt(qapp: object) -> None:
    assert type(asyncio.get_running_loop()).__module__.startswith("qasync")


async def test_any_other_coroutine_runs_on_asyncio() -> None:
    assert type(asyncio.get_running_loop()).__module__.startswith("asyncio")


_CIRCLE = """
    import threading
    from PySide6.QtCore import QObject

    class Circle(QObject):
        def __init__(self):
            super().__init__()
            self.itself = self
            self.startTimer(0)

    def test_window(qapp):
        Circle()
        thread = threading.Thread(target=lambda: [[number] for number in range(20_000)])
        thread.start()
        thread.join()
        qapp.processEvents()
"""
"""Where the thread takes the circle apart, Qt calls the timer of what is gone."""


def test_no_thread_of_a_test_takes_a_window_s_objects_apart(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    pytester.makeconftest("pytest_plugins = ['tests.harness.desk.garbage']")
    pytester.makepyfile(_CIRCLE)
    run = pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:cacheprovider")
    assert run.parseoutcomes() == {"passed": 1}
