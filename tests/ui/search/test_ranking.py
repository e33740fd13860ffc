"""What was typed finds its words in any order, and strewn letters count less than a piece."""

from __future__ import annotations

import pytest

from kling_desktop.ui.search.ranking import fit, holds, used


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("queue", "Queue page", "Clear the queue"),
        ("pq", "Pause queue", "Playback quality panel of the rail"),
        ("cl qu", "Clear the queue", "Colour, quick"),
        ("set", "Settings…", "Reset layout"),
    ],
)
def test_the_better_fit_comes_first(typed: str, better: str, worse: str) -> None:
    high, low = fit(typed, better), fit(typed, worse)
    assert high is not None
    assert low is None or high > low


def test_words_without_the_letters_do_not_fit() -> None:
    assert fit("xyz", "Clear the queue") is None
    assert fit("queue zebra", "Clear the queue") is None
    assert fit("uue", "Clear the queue") is None
    assert fit("", "anything") is not None
    assert fit("compare", "Copy this frame", "Playback › Picture") is None, "strewn over a command and its menu"
    assert fit("copy pict", "Copy this frame", "Playback › Picture") is not None
    assert fit("清空", "清空队列") is not None


def test_use_counts_less_and_less() -> None:
    assert used(0) == 0
    assert used(1) > 0
    assert used(2) - used(1) < used(1)


def test_words_hold_what_was_typed_in_any_order() -> None:
    assert holds("queue CLEAR", "Clear the queue")
    assert holds("", "anything")
    assert not holds("queue zebra", "Clear the queue")
