"""The lane says lengths, money and cards in the creator's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kling_desktop.ui.film import film_words
from kling_desktop.ui.film.film_view import Card, CardKind, Estimate, FilmView
from kling_desktop.ui.painted.shapes import Shape

_MADE = Card("a", CardKind.MADE, 3, "Wind comes up", 4.583, take=1, takes=2, seam=Shape.CLEAN)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (37.2, "0:37"), (180, "3:00"), (-4, "0:00"), (3725, "62:05")]
)
def test_a_clock_says_minutes_and_seconds(seconds: float, said: str) -> None:
    assert film_words.clock(seconds) == said


def test_estimates_wear_their_sign() -> None:
    assert film_words.estimate_words(Estimate(2, 4, 480)) == "2 hops ≈ 4 units, ~8 min"
    assert film_words.estimate_words(Estimate(1, 1, 61)) == "1 hop ≈ 1 unit, ~2 min"
    assert film_words.estimate_words(Estimate(2, 4, 480, 0.56)) == "2 hops ≈ 4 units, $0.56, ~8 min"
    assert film_words.added_words(replace(_MADE, kind=CardKind.PLANNED)) == "≈ +4.5 s"
    assert film_words.added_words(_MADE) == "+4.5 s"


def test_what_is_missing_to_the_limit_is_one_sentence() -> None:
    film = FilmView(rest=Estimate(31, 62, 7500))
    assert film_words.rest_words(film) == "To 3:00: 31 more hops ≈ 62 units, ~2 h 5 min"
    assert film_words.rest_words(replace(film, limit=None)) == ""
    assert film_words.rest_words(replace(film, rest=Estimate(0, 0, 0))) == ""
    assert film_words.rest_words(FilmView()) == ""


def test_what_lies_ahead_is_told_only_when_it_does() -> None:
    assert (film_words.drift_words(FilmView()), film_words.expiry_words(FilmView())) == ("", "")
    assert film_words.expiry_words(FilmView(first_dies_in_days=1)) == "first clip expires in 1 day"
    assert film_words.expiry_words(FilmView(first_dies_in_days=0)) == "first clip expired"
    assert film_words.expiry_words(FilmView(first_dies_in_days=30, first_dies_hop=2)) == "hop 2 expires in 30 days"
    assert film_words.expiry_words(FilmView(first_dies_in_days=1, first_dies_hop=2)) == "hop 2 expires in 1 day"
    assert film_words.expiry_words(FilmView(first_dies_in_days=0, first_dies_hop=1)) == "hop 1 expired"
    drifting = FilmView(drift_hop=9)
    assert film_words.drift_words(drifting) == "drift likely at hop 9"
    made = tuple(Card(str(hop), CardKind.MADE, hop) for hop in range(10))
    assert film_words.drift_words(replace(drifting, cards=made)) == "drifts since hop 9"


def test_a_made_hop_says_what_is_made_beside_it() -> None:
    card = Card("t", CardKind.MADE, 2, "It rains", 5.0, takes=3, rendering=1, waiting=1, elapsed=65, usual=240)
    said = "hop 2, take 1 of 3, 2 being made, 1 rendering, 1 waiting, 1:05 of ~4 min, It rains, +5.0 s"
    assert film_words.spoken(card) == said
    assert film_words.tip_words(card) == "It rains\n3 takes, 2 being made, 1 rendering, 1 waiting, 1:05 of ~4 min"
    at_kling = replace(card, rendering=2, waiting=0)
    assert film_words.tip_words(at_kling) == "It rains\n3 takes, 2 being made, 1:05 of ~4 min"
    assert film_words.tip_words(replace(card, rendering=0, waiting=0)) == "It rains"


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (_MADE, "hop 3, take 1 of 2, seam clean, Wind comes up, +4.5 s"),
        (
            replace(_MADE, seam=Shape.SLIGHT, seam_words="a little brighter", stars=1),
            "hop 3, take 1 of 2, seam a little brighter, 1 star, Wind comes up, +4.5 s",
        ),
        (Card("r", CardKind.MADE, 0, "Dusk", 5.0), "hop 0, clip, Dusk, 5.0 s"),
        (
            Card("m", CardKind.RUNNING, 5, "Snow", takes=3, rendering=2, waiting=1, elapsed=130, usual=240),
            "hop 5, 2 rendering, 1 waiting, 2:10 of ~4 min, Snow",
        ),
        (Card("m", CardKind.RUNNING, 5, "Snow", rendering=1, elapsed=65), "hop 5, 1 rendering, 1:05, Snow"),
        (Card("p", CardKind.PLANNED, 6, "", 4.6), "hop 6, planned, nothing written yet, ≈ +4.6 s"),
        (Card("p", CardKind.PLANNED, 6, "A balloon", 4.6, held=True), "hop 6, waits, A balloon, ≈ +4.6 s"),
        (Card("p", CardKind.PLANNED, 6, "A balloon", 4.6, refused="too long"), "hop 6, too long, A balloon, ≈ +4.6 s"),
        (Card("", CardKind.ADD, 7), "Add a hop"),
    ],
)
def test_a_card_is_said_in_full(card: Card, said: str) -> None:
    assert film_words.spoken(card) == said
