"""What is usual, told only when there is enough to tell."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.studio.tasks.typical_times import ENOUGH, half_and_most
from tests.harness.servers.stand_in import staged
from tests.harness.tasks import PROFILE, done

_seconds = st.floats(min_value=0.1, max_value=1e5)


@given(st.lists(_seconds, max_size=ENOUGH - 1))
def test_too_few_tasks_say_nothing(seconds: list[float]) -> None:
    assert half_and_most(seconds) is None


@given(st.lists(_seconds, min_size=ENOUGH, max_size=50))
def test_the_quantiles_are_those_of_the_standard_library(seconds: list[float]) -> None:
    usual = half_and_most(seconds)
    assert usual is not None
    twentieths = statistics.quantiles(seconds, n=20, method="inclusive")
    for got, wanted in zip(usual, (twentieths[9], twentieths[17]), strict=True):
        assert abs(got - wanted) <= 1e-6 * wanted


async def test_a_task_that_ends_is_reckoned_with_at_once(tmp_path: Path) -> None:
    async with staged(tmp_path / "data") as stage:
        studio = stage.engine.studio
        for number in range(ENOUGH):
            studio.ledger.note(done(number))
        assert studio.typical_times.seconds(PROFILE.name) == (200, 200)
        slow = done(ENOUGH)
        studio.ledger.note(replace(slow, updated_at=slow.asked_at + timedelta(seconds=800)))
        now = studio.typical_times.seconds(PROFILE.name)
        assert now is not None
        assert now[1] > 200
