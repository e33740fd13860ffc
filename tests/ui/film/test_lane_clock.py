"""What is in the making tells its time though no fact comes."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.film.lane_clock import LaneClock


def test_it_goes_only_while_something_is_timed_and_counts_from_what_was_told(qtbot: QtBot) -> None:
    shown: list[tuple[Card, ...]] = []
    times = [100.0]
    clock = LaneClock(shown.append, now=lambda: times[0])
    made = Card("a", CardKind.MADE, 1)
    clock.follow((made,))
    assert not clock.goes
    clock.follow((made, Card("m", CardKind.RUNNING, 2, elapsed=10.0)))
    assert clock.goes
    for times[0] in (101.0, 103.0):
        clock.beat()
    assert [cards[1].elapsed for cards in shown] == [11.0, 13.0]
    assert shown[0][0] is made
    clock.follow((made,))
    assert not clock.goes
