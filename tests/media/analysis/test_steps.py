"""Medians of many places at once are those of each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from kling_desktop.media.analysis.steps import departures, running_medians, usual_beside

VALUES = np.random.default_rng(5).normal(size=(12, 2))


@pytest.mark.parametrize("few", [1, 3, 4])
def test_running_medians_are_those_of_each_row(few: int) -> None:
    each = [np.median(VALUES[at : at + few], axis=0) for at in range(len(VALUES) - few + 1)]
    assert np.array_equal(running_medians(VALUES, few), each)


def test_too_few_values_have_no_running_median() -> None:
    assert running_medians(VALUES[:3], 4).shape == (0, 2)


def test_a_step_is_not_its_own_measure() -> None:
    beside = [np.median(np.delete(VALUES[max(0, at - 5) : at + 6], min(at, 5), axis=0), axis=0) for at in range(12)]
    assert np.array_equal(usual_beside(VALUES, 5), beside)
    assert np.array_equal(departures(VALUES, 5), VALUES - beside)
    assert not usual_beside(VALUES[:1], 5).any(), "nothing beside it says nothing"
