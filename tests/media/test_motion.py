"""Motion over a join: skipped frames are counted, repeated ones too, and light or noise are neither."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.media.motion import Motion, flows

Luma = NDArray[np.float32]


def moving(places: list[float], noise: float = 0.0) -> Luma:
    """A soft texture that has moved to the right by so many pixels in each picture."""
    draw = np.random.default_rng(3)
    y, x = np.mgrid[0:90, 0:160]
    waves = [(draw.uniform(0.05, 0.35, 2), draw.uniform(0, 6)) for _ in range(12)]
    pictures = [128 + 9 * sum(np.sin(f[0] * (x - at) + f[1] * y + phase) for f, phase in waves) for at in places]
    return (np.stack(pictures) + draw.normal(0, noise, (len(places), 90, 160))).astype(np.float32)


def steady(frames: int, step: float, start: float = 0.0) -> list[float]:
    return [start + step * number for number in range(frames)]


def test_flow_grows_with_the_distance_moved() -> None:
    slow, fast = (np.median(flows(moving(steady(3, step)))[..., 0]) for step in (0.2, 0.4))
    assert fast == pytest.approx(2 * slow, rel=0.03)
    assert fast == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("lost", [0, 1, 2])
def test_lost_frames_are_counted(lost: int, noise: float) -> None:
    places = steady(12, 0.4) + steady(12, 0.4, start=0.4 * (12 + lost))
    assert Motion(moving(places, noise), 12).skipped() == pytest.approx(lost, abs=0.25)


def test_a_great_jump_is_great() -> None:
    assert Motion(moving(steady(14, 0.4) + steady(14, 0.4, start=14)), 14).skipped() > 8


@pytest.mark.parametrize("held", [1, 3, 8])
def test_repeated_frames_are_counted(held: int) -> None:
    places = [*steady(12, 0.4), *[0.4 * 11] * held, *steady(12, 0.4, start=0.4 * 12)]
    assert Motion(moving(places), 12).frozen() == held


def test_a_freeze_may_begin_before_the_join() -> None:
    places = [*steady(9, 0.4), *[0.4 * 8] * 3, *steady(12, 0.4, start=0.4 * 9)]
    assert Motion(moving(places), 12).frozen() == 3


def test_where_nothing_moves_nothing_freezes_or_jumps() -> None:
    motion = Motion(moving([0.0] * 20), 10)
    assert (motion.frozen(), motion.skipped()) == (0, 0.0)
