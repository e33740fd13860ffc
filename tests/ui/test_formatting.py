"""Values are said as a creator would say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kling_desktop.domain.tasks import Status
from kling_desktop.errors import EVERY_ERROR, AddressWrong, KlingDesktopError, Unanswered, Unreachable
from kling_desktop.ui import formatting

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00.0"),
        (Decimal("10.2"), "0:10.2"),
        (Decimal("5.041"), "0:05.0"),
        (59.96, "0:59.9"),
        (4.35 * 2, "0:08.7"),
        (172.4, "2:52.4"),
        (3723.4, "1:02:03.4"),
        (-1, "0:00.0"),
    ],
)
def test_length(seconds: Decimal | float, words: str) -> None:
    assert formatting.length(seconds) == words


def test_a_number_of_seconds_says_what_the_length_says() -> None:
    said = [(formatting.plain_seconds(n), formatting.length(n)) for n in (0, Decimal("4.267"), 4.3, 10.2 - 5.1, 61.06)]
    assert said == [("0.0", "0:00.0"), ("4.2", "0:04.2"), ("4.3", "0:04.3"), ("5.1", "0:05.1"), ("61.0", "1:01.0")]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (20.4, "20 s"), (60, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (3900, "1 h 5 min")],
)
def test_lasting(seconds: float, words: str) -> None:
    assert formatting.lasting(seconds) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=30), "30 days ago"),
    ],
)
def test_ago(before: timedelta, words: str) -> None:
    assert formatting.ago(NOW - before, NOW) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [("2", "2"), ("2.50", "2.5"), ("1E+3", "1000"), ("2." + "3" * 60, "2.333334"), ("1E-10", "0.000001"), ("0", "0")],
)
def test_units_are_exact_and_never_endless(amount: str, words: str) -> None:
    assert formatting.units(Decimal(amount)) == words


def test_long_ago_is_a_date() -> None:
    then = NOW - timedelta(days=31)
    assert formatting.ago(then, NOW) == then.astimezone().strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "2 kB"), (12_400_000, "12.4 MB"), (999_960, "1.0 MB"), (5 * 10**12, "5.0 TB")],
)
def test_size(size_bytes: int, words: str) -> None:
    assert formatting.size(size_bytes) == words


def test_every_state_has_words_of_its_own() -> None:
    assert len({formatting.status_words(status) for status in Status}) == len(Status)


@pytest.mark.parametrize("error", [kind for kind in EVERY_ERROR if issubclass(kind, (Unreachable, Unanswered))])
def test_a_question_that_is_asked_once_is_not_said_to_go_on_by_itself(error: type[KlingDesktopError]) -> None:
    told = formatting.answer_to_asker(error)
    assert told
    assert "by itself" not in told
    assert "Nothing was sent" not in told or error is AddressWrong
