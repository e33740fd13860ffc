"""Seconds and frame numbers agree, whatever the frame rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.ui.viewer.playing.frame_clock import FrameClock

RATES = st.sampled_from([24.0, 25.0, 30.0, 60.0, 24000 / 1001, 30000 / 1001])


@given(RATES, st.integers(0, 5400))
def test_a_frames_beginning_and_middle_lie_in_it(fps: float, index: int) -> None:
    clock = FrameClock(seconds=240, fps=fps)
    begins_us = int(index / Fraction(fps) * 1_000_000)  # as Qt tells it: whole microseconds
    assert clock.index(begins_us / 1_000_000) == index
    assert clock.index(clock.middle_ms(index) / 1000) == index


@pytest.mark.parametrize(("seconds", "frames"), [(2.0, 48), (1.999, 48), (2.02, 48), (0.01, 1)])
def test_the_number_of_frames_follows_from_the_length(seconds: float, frames: int) -> None:
    assert FrameClock(seconds, fps=24).frames == frames


def test_beyond_the_ends_the_nearest_frame_is_meant() -> None:
    clock = FrameClock(seconds=2, fps=24)
    assert clock.middle_ms(-5) == clock.middle_ms(0)
    assert clock.middle_ms(500) == clock.middle_ms(47)


def test_padding_takes_frames_from_the_end() -> None:
    assert FrameClock(seconds=2, fps=24, padding=2).frames == 46


def test_an_unknown_rate_counts_no_frames() -> None:
    assert FrameClock(seconds=2).frames is None
    assert FrameClock(seconds=2).middle_ms(10_000) <= 2050
