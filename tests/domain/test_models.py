"""The table of living models: what each offers and costs, against figures copied by hand from Kling's page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kling_desktop.domain.models import (
    MODELS,
    USUAL_MODEL,
    USUAL_SECONDS,
    Mode,
    dollars,
    extend_units,
    next_model,
    units,
)


@pytest.mark.parametrize(
    ("model", "mode", "seconds", "sound", "price"),
    [
        ("kling-v2-5-turbo", "std", 5, False, "0.21"),
        ("kling-v2-5-turbo", "pro", 5, False, "0.35"),
        ("kling-v2-6", "std", 5, False, "0.21"),
        ("kling-v2-6", "pro", 5, False, "0.35"),
        ("kling-v2-6", "pro", 5, True, "0.70"),
        ("kling-v3", "std", 5, False, "0.42"),
        ("kling-v3", "pro", 5, False, "0.56"),
        ("kling-v3", "4k", 5, False, "2.10"),
        ("kling-v3", "std", 5, True, "0.63"),
        ("kling-v3", "pro", 5, True, "0.84"),
        ("kling-v3", "4k", 5, True, "2.10"),
        ("kling-v3", "std", 15, False, "1.26"),
    ],
)
def test_prices_are_those_of_the_page(model: str, mode: str, seconds: int, sound: bool, price: str) -> None:
    amount = units(model, mode, seconds, sound)
    assert amount is not None
    assert dollars(amount) == Decimal(price)


@pytest.mark.parametrize(
    ("model", "mode", "seconds", "sound"),
    [
        ("kling-v1-6", "std", 5, False),
        ("kling-v2-6", "std", 5, True),
        ("kling-v2-5-turbo", "pro", 5, True),
        ("kling-v2-6", "4k", 5, False),
        ("kling-v2-6", "std", 7, False),
        ("kling-v3", "std", 2, False),
        ("kling-v3", "std", 16, False),
        ("kling-v3", "", 5, False),
    ],
)
def test_what_kling_does_not_offer_has_no_price(model: str, mode: str, seconds: int, sound: bool) -> None:
    assert units(model, mode, seconds, sound) is None


def test_every_offer_has_a_price_and_sound_never_costs_less() -> None:
    for model in MODELS.values():
        for mode in model.modes:
            for seconds in model.seconds:
                silent = units(model.name, mode, seconds)
                assert silent is not None
                assert silent > 0
                if model.has_sound(mode):
                    assert (units(model.name, mode, seconds, sound=True) or 0) >= silent


def test_end_frames() -> None:
    v3, v2_6, turbo = (MODELS[name] for name in ("kling-v3", "kling-v2-6", "kling-v2-5-turbo"))
    assert all(v3.takes_end_frame(mode, sound) for mode in Mode for sound in (False, True))
    assert v2_6.takes_end_frame(Mode.PRO, sound=False)
    assert not v2_6.takes_end_frame(Mode.PRO, sound=True)
    assert not v2_6.takes_end_frame(Mode.STD, sound=False)
    assert [turbo.takes_end_frame(mode, sound=False) for mode in (Mode.STD, Mode.PRO)] == [False, True]


def test_the_usual_choice_is_on_offer() -> None:
    assert USUAL_SECONDS in MODELS[USUAL_MODEL].seconds


def test_when_a_model_is_refused_another_is_offered() -> None:
    for name in MODELS:
        other = next_model(name)
        assert other is not None
        assert other.name != name
    assert next_model("kling-v1-6") is MODELS[USUAL_MODEL]


@pytest.mark.parametrize(
    ("model", "mode", "least", "most"),
    [
        ("", "", "1", "3.5"),
        ("", "std", "1", "2"),
        ("", "pro", "3.5", "3.5"),
        ("kling-v1", "std", "1", "1"),
        ("kling-v1-6", "std", "2", "2"),
        ("kling-v1-5", "pro", "3.5", "3.5"),
        ("kling-v1-6", "", "2", "3.5"),
    ],
)
def test_units_of_an_extension(model: str, mode: str, least: str, most: str) -> None:
    assert extend_units(model, mode) == (Decimal(least), Decimal(most))
