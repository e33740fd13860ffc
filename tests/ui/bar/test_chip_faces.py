"""Each fact has its shape, its words and its colour."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kling_desktop.ui.bar.chip import Face
from kling_desktop.ui.bar.chip_faces import (
    AccountState,
    QueueCounts,
    account_face,
    budget_face,
    expiry_face,
    queue_face,
)
from kling_desktop.ui.theme.resources import resource
from kling_desktop.ui.theme.tokens import DARK


def words(face: Face) -> str:
    return " ".join(part.words for part in face.parts if part.words)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (QueueCounts(), ""),
        (QueueCounts(2, 1, seconds=240), "2 rendering · 1 waiting · ~4 min"),
        (QueueCounts(1, 1, 3), "1 rendering · 1 waiting · 3 held"),
        (QueueCounts(waiting=3, paused=True), "paused · 3 wait"),
        (QueueCounts(late=1), "1 late"),
    ],
)
def test_the_queue(counts: QueueCounts, said: str) -> None:
    assert words(queue_face(counts)) == said


@pytest.mark.parametrize(
    ("spent", "said", "ink", "icon"),
    [
        (44, "44 of 50 units today", "text", ""),
        (45, "45 of 50 units today", "warn", "verdict-slight"),
        (50, "50 of 50, takes wait", "bad", "verdict-bad"),
        (51, "51 of 50, takes wait", "bad", "verdict-bad"),
    ],
)
def test_the_budget_warns_and_then_stops(spent: int, said: str, ink: str, icon: str) -> None:
    face = budget_face(Decimal(spent), Decimal(50))
    assert words(face) == said
    assert (face.parts[0].ink, face.parts[0].icon) == (ink, icon)
    assert face.gauge == spent / 50


def test_without_a_cap_there_is_no_gauge() -> None:
    assert budget_face(Decimal("2.50"), None).gauge is None
    assert words(budget_face(Decimal("2.50"), None)) == "2.5 units today"
    assert budget_face(Decimal(0), None) == Face()
    assert budget_face(Decimal(0), Decimal(0)).parts[0].ink == "bad"
    assert words(budget_face(Decimal(4), Decimal(5), waiting=1)) == "4 of 5, takes wait"


def test_expiry_is_only_there_when_it_is_true() -> None:
    assert expiry_face(0, 0) == Face()
    assert words(expiry_face(1, 3)) == "1 expires in 3 days"
    assert words(expiry_face(2, 0)) == "2 expire, the first today"
    assert words(expiry_face(1037, 2)) == "1037 expire, the first in 2 days"


@pytest.mark.parametrize("state", AccountState)
def test_every_state_of_an_account_has_a_shape_and_a_word(state: AccountState) -> None:
    face = account_face("Kling · Singapore", Decimal(842), state)
    assert face.parts[0].icon
    assert face.parts[0].words
    assert face.parts[0].short


FACES = [
    queue_face(QueueCounts(1, 1, 1, 1)),
    queue_face(QueueCounts(waiting=1, paused=True)),
    *(budget_face(Decimal(n), Decimal(10)) for n in (1, 9, 10)),
    budget_face(Decimal(1), None),
    expiry_face(1, 1),
    *(account_face("Kling", None, state) for state in AccountState),
]


@pytest.mark.parametrize("face", FACES)
def test_signs_and_colours_exist(face: Face) -> None:
    for part in face.parts:
        assert not part.icon or resource(f"icons/{part.icon}.svg").is_file()
        for ink in filter(None, (part.ink, part.sign_ink, face.ground, face.gauge_ink)):
            assert hasattr(DARK, ink)
