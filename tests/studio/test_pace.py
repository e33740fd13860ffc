"""How long the studio waits."""

from __future__ import annotations

import asyncio

import pytest

from kling_desktop.studio.pace import Pace, sleep_or_wake


@pytest.mark.parametrize(("age", "usual"), [(0, 5), (59, 5), (61, 10), (599, 10), (601, 20), (10**9, 20)])
def test_questions_grow_rarer_with_a_tasks_age(age: float, usual: float) -> None:
    pauses = [Pace().between_questions(age) for _ in range(200)]
    assert min(pauses) >= 0.8 * usual
    assert max(pauses) <= 1.2 * usual
    assert max(pauses) - min(pauses) > 0.2 * usual, "without chance all programs ask in step"


def test_failures_back_off_from_a_second_to_two_minutes() -> None:
    pauses = [Pace().after_failures(failures) for failures in range(1, 40)]
    assert 1.0 <= pauses[0] <= 1.2
    assert 2.0 <= pauses[1] <= 2.4
    assert max(pauses) <= 120 * 1.2
    assert pauses[-1] >= 120


def test_a_named_pause_is_obeyed_to_the_letter() -> None:
    assert Pace(scale=0.01).after_failures(1, retry_after=7.0) == 7.0
    assert Pace().after_failures(9, retry_after=0.0) == 1.0, "a service that names 0 must not be asked without a pause"


def test_look_ups_last_two_minutes_with_growing_pauses() -> None:
    pauses = list(Pace().look_ups)
    assert sum(pauses) == 120
    assert pauses == sorted(pauses)


async def test_a_sleeper_is_woken() -> None:
    woken = asyncio.Event()
    sleeper = asyncio.create_task(sleep_or_wake(3600, woken))
    await asyncio.sleep(0)
    woken.set()
    async with asyncio.timeout(2):
        await sleeper


async def test_a_computer_that_slept_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 3600.0])
    monkeypatch.setattr("kling_desktop.studio.pace.time.time", lambda: next(clock))
    monkeypatch.setattr("kling_desktop.studio.pace._NAP", 0.01)
    async with asyncio.timeout(2):
        await sleep_or_wake(3600, asyncio.Event())
