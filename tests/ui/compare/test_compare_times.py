"""Frames of films of different length, rate and seam find each other."""

from __future__ import annotations

import pytest

from kling_desktop.ui.compare.compare_times import Film, leader, local_seconds, wanted
from kling_desktop.ui.viewer.playing.frame_clock import FrameClock


def film(frames: int = 48, fps: float = 24, seam: int = 0) -> Film:
    return Film(FrameClock(frames / fps, fps), seam / fps)


def test_frames_meet_at_the_seam() -> None:
    lead, other = film(seam=10), film(seam=14)
    assert [wanted(lead, other, frame) for frame in (0, 10, 20)] == [4, 14, 24]


def test_a_film_stays_on_its_first_and_its_last_frame() -> None:
    lead = film(seam=10)
    assert wanted(lead, film(seam=4), 3) == 0
    assert local_seconds(lead, film(seam=4), 3) < 0
    assert wanted(lead, film(frames=24, seam=10), 40) == 23


def test_another_frame_rate_shows_the_frame_of_the_same_moment() -> None:
    lead, other = film(fps=24), film(frames=60, fps=30)
    assert [wanted(lead, other, frame) for frame in (0, 1, 2, 24)] == [0, 1, 3, 30]


@pytest.mark.parametrize(
    ("films", "number"),
    [
        ([film(), film()], 0),
        ([film(24), film(48)], 1),
        ([film(48), film(49)], 0),  # a frame more is padding
        ([film(48, seam=20), film(48, seam=10)], 1),
        ([None, film()], 1),
        ([None, None], None),
        ([Film(FrameClock(), 0.0)], None),
    ],
)
def test_the_first_leads_unless_another_goes_on_for_longer(films: list[Film | None], number: int | None) -> None:
    assert leader(films) == number
