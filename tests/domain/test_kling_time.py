"""The time at Kling is what its answers say, whatever the clock of this computer is set to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kling_desktop.domain.clips import Clip, is_gone
from kling_desktop.domain.kling_time import KlingTime

MINUTE = timedelta(minutes=1)


def test_nothing_has_surely_come_before_the_first_answer() -> None:
    time = KlingTime()
    assert not time.is_told
    assert abs(time.now() - datetime.now(UTC)) < MINUTE
    assert not is_gone(Clip("7", made_at=datetime(2020, 1, 1, tzinfo=UTC)), time.surely())


def test_an_answer_outweighs_this_computers_clock() -> None:
    time, theirs = KlingTime(), datetime.now(UTC) - timedelta(days=40)
    time.tell(theirs)
    assert theirs <= time.now() < theirs + MINUTE
    assert theirs <= time.surely() < theirs + MINUTE


def test_time_goes_on_from_the_last_answer() -> None:
    time = KlingTime()
    time.tell(datetime(2026, 11, 27, tzinfo=UTC))
    first = time.now()
    assert first < time.now()
    time.tell(datetime(2026, 11, 28, tzinfo=UTC))
    assert time.now() - first > timedelta(hours=23)


def test_a_pretended_kling_is_believed_while_no_real_one_has_answered() -> None:
    time, real = KlingTime(), datetime(2026, 11, 27, tzinfo=UTC)
    time.tell(real + timedelta(days=1), is_real=False)
    assert time.now() >= real + timedelta(days=1)
    time.tell(real)
    time.tell(real + timedelta(days=1), is_real=False)
    assert time.now() < real + MINUTE
