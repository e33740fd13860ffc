"""Sleep and the network's return are noticed; nothing else is."""

from __future__ import annotations

import pytest
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from kling_desktop.ui.resume_detector import Waking

Reach = QNetworkInformation.Reachability


@pytest.fixture
def woken(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> tuple[Waking, list[bool], list[float]]:
    """A Waking, what it told, and the clock on its wall."""
    clock = [1000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    seen = Waking()
    told: list[bool] = []
    seen.woke.connect(lambda: told.append(True))
    return seen, told, clock


@pytest.mark.parametrize(("seconds", "slept"), [(10, False), (25, False), (3600, True), (-7200, False)])
def test_a_tick_that_comes_much_too_late_means_sleep(
    woken: tuple[Waking, list[bool], list[float]], seconds: float, slept: bool
) -> None:
    seen, told, clock = woken
    clock[0] += seconds
    seen.look()
    assert bool(told) == slept
    clock[0] += 10
    seen.look()
    assert len(told) == slept, "once a sleep"


@pytest.mark.parametrize(("reach", "woke"), [(Reach.Online, True), (Reach.Disconnected, False), (Reach.Local, False)])
def test_the_network_wakes_when_it_is_back(
    woken: tuple[Waking, list[bool], list[float]], reach: Reach, woke: bool
) -> None:
    seen, told, _ = woken
    seen.on_reachability(reach)
    assert bool(told) == woke


def test_a_system_without_a_word_about_the_network_is_no_error(woken: tuple[Waking, list[bool], list[float]]) -> None:
    seen, told, _ = woken
    seen.watch_network()
    assert told == []
