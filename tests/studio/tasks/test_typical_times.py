"""What is usual, told only when there is enough to tell."""

from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.studio.tasks.typical_times import ENOUGH, half_and_most

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
