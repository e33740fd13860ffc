"""What a press is likely to cost: a range where the clip's model is not known, one figure where it is."""

from __future__ import annotations

import pytest

from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.ui.budget.price import price_of


@pytest.mark.parametrize(
    ("extension", "model", "words"),
    [
        (Extension("1", "Rain"), "", "1–3.5"),
        (Extension("1", "Rain", generation=Generation("kling-v3", "std", 5)), "", "3"),
        (Extension("1", "Rain", generation=Generation("kling-v3", "std", 10)), "", "6"),
        (Extension("1", "Rain", generation=Generation("kling-v9", "std", 5)), "", None),
    ],
)
def test_the_price_of_one_take(extension: Extension, model: str, words: str | None) -> None:
    price = price_of(extension, model)
    assert (price.words() if price else None) == words


def test_several_takes_cost_as_many_times_that() -> None:
    price = price_of(Extension("1", "Rain"))
    assert price is not None
    assert price.times(2).words() == "2–7"
