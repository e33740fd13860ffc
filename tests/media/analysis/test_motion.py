"""Motion over a seam: whatever breaks it shows, repeated frames are counted, light or noise are neither."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.media.analysis.motion import Motion, flows

Luma = NDArray[np.float32]


def moving(places: list[float], noise: float = 0.0, down: list[float] | None = None) -> Luma:
    """A soft texture that has moved to the right (and down) by so many pixels in each picture."""
    draw = np.random.default_rng(3)
    y, x = np.mgrid[0:90, 0:160]
    waves = [(draw.uniform(0.05, 0.35, 2), draw.uniform(0, 6)) for _ in range(12)]
    ways = zip(places, down or [0.0] * len(places), strict=True)
    pictures = [128 + 9 * sum(np.sin(f[0] * (x - at) + f[1] * (y - low) + p) for f, p in waves) for at, low in ways]
    return (np.stack(pictures) + draw.normal(0, noise, (len(places), 90, 160))).astype(np.float32)


def steady(frames: int, step: float, start: float = 0.0) -> list[float]:
    return [start + step * number for number in range(frames)]


def test_flow_grows_with_the_distance_moved() -> None:
    slow, fast = (np.median(flows(moving(steady(3, step)))[..., 0]) for step in (0.2, 0.4))
    assert fast == pytest.approx(2 * slow, rel=0.03)
    assert fast == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_motion_that_goes_on_is_not_broken(noise: float) -> None:
    assert Motion(moving(steady(24, 0.4), noise), 12).broken() < 1


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("step", [1.2, 0.8, -0.4, 3.0, 14.0], ids=["two lost", "one lost", "back", "far", "very far"])
def test_motion_that_goes_too_far_or_back_is_broken(step: float, noise: float) -> None:
    places = steady(12, 0.4) + steady(12, 0.4, start=0.4 * 11 + step)
    assert Motion(moving(places, noise), 12).broken() > 2


def test_a_step_aside_breaks_motion() -> None:
    assert Motion(moving(steady(24, 0.4), down=[0.0] * 12 + [0.5] * 12), 12).broken() > 2


@pytest.mark.parametrize(("further", "told"), [(0.0, False), (0.5, True)])
def test_coding_that_changes_over_the_seam_is_no_motion(further: float, told: bool) -> None:
    """As where the film before it was coded more thriftily: its noise goes, which moves nothing."""
    luma = moving(steady(12, 0.2) + steady(12, 0.2, start=0.2 * 12 + further))
    luma[:12] += np.random.default_rng(5).normal(0, 2.2, luma.shape[1:]).astype(np.float32)
    assert (Motion(luma, 12).broken() >= 0.8) is told


@pytest.mark.parametrize("held", [1, 3, 8])
def test_repeated_frames_are_counted(held: int) -> None:
    places = [*steady(12, 0.4), *[0.4 * 11] * held, *steady(12, 0.4, start=0.4 * 12)]
    assert Motion(moving(places), 12).frozen() == held


def test_a_freeze_may_begin_before_the_seam() -> None:
    places = [*steady(9, 0.4), *[0.4 * 8] * 3, *steady(12, 0.4, start=0.4 * 9)]
    assert Motion(moving(places), 12).frozen() == 3


def test_a_picture_coded_anew_inside_a_freeze_does_not_end_it() -> None:
    luma = moving([*steady(12, 0.4), *[0.4 * 11] * 5, *steady(12, 0.4, start=0.4 * 12)])
    luma[14:17] += np.random.default_rng(1).normal(0, 0.8, luma.shape[1:]).astype(np.float32)
    assert Motion(luma, 12).frozen() == 5


@pytest.mark.parametrize("noise", [0.09, 0.3])
def test_repeated_pictures_are_counted_though_each_is_coded_anew(noise: float) -> None:
    draw = np.random.default_rng(1)
    luma = moving([*steady(12, 0.4), *[0.4 * 11] * 2, *steady(12, 0.4, start=0.4 * 12)])
    luma[12] += draw.normal(0, 1.5, luma.shape[1:]).astype(np.float32)
    luma[13] = luma[12] + draw.normal(0, noise / 0.8, luma.shape[1:]).astype(np.float32)
    assert Motion(luma, 12).frozen() == 2


def test_a_film_on_twos_does_not_freeze_at_a_seam() -> None:
    twos = [place for place in steady(12, 0.4) for _ in range(2)]
    for at in (11, 12):
        assert Motion(moving(twos), at).frozen() == 0


def test_on_twos_a_small_step_is_no_repeated_picture_coded_anew() -> None:
    """Between two repetitions it would else make a freeze of three; a real freeze is told there, too."""
    steps = np.array([0.4, 0.0] * 12)
    steps[12] = 0.2
    assert Motion(moving(list(np.cumsum(steps))), 12).frozen() == 0
    steps[12:16] = 0
    assert Motion(moving(list(np.cumsum(steps))), 12).frozen() == 5


def test_slow_motion_elsewhere_hides_no_freeze() -> None:
    """What hardly moves is no repeated frame."""
    places = np.cumsum([0.15] * 7 + [1.2] * 5 + [0.0] * 3 + [1.2] * 12)
    assert Motion(moving(list(places)), 12).frozen() == 3


@pytest.mark.parametrize(("moves", "held"), [(True, 0), (False, 5)])
def test_what_moves_in_a_small_part_of_the_picture_stands_not_still(moves: bool, held: int) -> None:
    """Under wide black bars, say, and the camera is swung later on: its steps make all before it look small."""
    luma = np.repeat(moving([0.0]), 30, axis=0)
    for number in range(30 if moves else 10):
        luma[number:, 8:80, 30 + 2 * number : 60 + 2 * number] = 220
    luma[15:] = moving(steady(15, 6.0))
    assert Motion(luma, 12).frozen() == held


def test_repeated_pictures_that_are_coded_anew_in_noise_are_counted() -> None:
    """A time lapse whose noise outweighs its motion: what is coded anew changes evenly, and moves nowhere."""
    draw = np.random.default_rng(2)
    luma = moving([*steady(12, 0.25), *[0.25 * 11] * 3, *steady(12, 0.25, start=0.25 * 12)])
    luma += draw.normal(0, 0.6, luma.shape).astype(np.float32)
    assert Motion(luma, 12).frozen() == 3
    assert Motion(luma, 8).frozen() == 0


@pytest.mark.parametrize(("skipped", "told"), [(0, False), (4, True)])
def test_in_a_slide_show_going_on_is_no_jump(skipped: int, told: bool) -> None:
    places = [0.3 * (number // 4 * 4) + (0.3 * skipped if number >= 16 else 0) for number in range(32)]
    assert (Motion(moving(places), 16).broken() >= 0.8) is told


def test_where_nothing_moves_nothing_freezes_or_jumps() -> None:
    motion = Motion(moving([0.0] * 20), 10)
    assert (motion.frozen(), motion.broken()) == (0, 0.0)


def way(speed: float, pictures: int = 24) -> list[float]:
    """Places of a camera that from the twelfth picture on goes at another speed."""
    return [0.4 * min(number, 11) + speed * max(0, number - 11) for number in range(pictures)]


def test_what_turns_back_is_told_and_what_swings_is_not() -> None:
    assert Motion(moving(way(-0.4), 0.5), 12).turned() > 1.4
    assert Motion(moving(way(0.4), 0.5), 12).turned() == 0
    swinging = [1.5 * float(np.sin(number * np.pi / 6)) for number in range(24)]
    assert Motion(moving(swinging, 0.5), 15).turned() == 0, "it goes to and fro all the time"


@pytest.mark.parametrize("speed", [0.1, 0.95], ids=["slower", "faster"])
def test_another_speed_is_told(speed: float) -> None:
    assert 0.8 < Motion(moving(way(speed), 0.1), 12).paced() <= 3
    assert Motion(moving(way(speed), 0.1), 16).paced() < 0.8, "not where it goes on evenly"


@pytest.mark.parametrize(("speed", "pictures", "told"), [(0.2, 3, False), (0.2, 20, True), (0.02, 3, True)])
def test_another_speed_lasts_and_what_came_to_rest_need_not(speed: float, pictures: int, told: bool) -> None:
    """A film that is slower for a moment gathers speed again little by little."""
    again = np.linspace(speed, 0.4, 8)
    steps = np.concatenate([np.full(12, 0.4), np.full(pictures, speed), again, np.full(10, 0.4)])[:28]
    assert (Motion(moving(list(np.cumsum(steps)), 0.1), 12).paced() >= 0.8) is told


def test_what_gathers_speed_by_itself_is_not_told() -> None:
    assert Motion(moving([0.03 * number**2 for number in range(24)], 0.1), 12).paced() < 0.8


def test_near_the_ends_nothing_is_said_of_speed_or_direction() -> None:
    motion = Motion(moving(way(-0.4), 0.5), 2)
    assert (motion.turned(), motion.paced()) == (0.0, 0.0)
