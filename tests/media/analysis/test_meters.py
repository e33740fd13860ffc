"""The five meters tell the faults that the sandbox plants from clean joins, and nothing from what is not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kling_desktop.domain.analysis import Event, Measure, Meter, Verdict
from kling_desktop.media.analysis.meters import measured, meters
from kling_desktop.media.frames import FrameRange, open_frames
from tests.benchmarks.footage import area
from tests.benchmarks.seams import MEASURED_BY
from tests.harness.media.reels import CLEAN, PLANTS, Join, joins


@pytest.fixture(scope="module")
def planted(media_cache: Path) -> dict[str, Join]:
    """One join a plant on one film."""
    return {join.plant: join for join in joins(media_cache, 1, (CLEAN, *PLANTS), first=2)}


def read(join: Join) -> dict[Measure, Meter]:
    with open_frames(join.child) as reader:
        run = reader.read(join.frame - 20, join.frame + 20)
    return {meter.measure: meter for meter in meters(run, join.frame)}


def test_a_clean_seam_is_not_bad_in_any(planted: dict[str, Join]) -> None:
    """The sandbox draws the new part a little otherwise even where it plants nothing: slight is the truth there."""
    found = read(planted[CLEAN])
    assert list(found) == list(Measure)
    assert Verdict.BAD not in {meter.verdict for meter in found.values()}
    assert [measure for measure, meter in found.items() if meter.verdict is Verdict.CLEAN and meter.bar < 0.25]


@pytest.mark.parametrize("plant", PLANTS)
def test_a_fault_is_shown_by_its_meter(plant: str, planted: dict[str, Join]) -> None:
    found = read(planted[plant])
    ours = MEASURED_BY[plant]
    assert found[ours].verdict is (Verdict.SLIGHT if plant == "lost_frame" else Verdict.BAD)
    others = [meter for measure, meter in found.items() if measure is not ours]
    assert Verdict.BAD not in {meter.verdict for meter in others}


def test_numbers_have_the_sign_of_what_happened(planted: dict[str, Join]) -> None:
    assert read(planted["brightness"])[Measure.BRIGHTNESS].value > 5
    assert read(planted["softness"])[Measure.SHARPNESS].value < -30


def test_bars_are_half_full_where_bad_begins(planted: dict[str, Join]) -> None:
    for plant in PLANTS:
        for meter in read(planted[plant]).values():
            assert 0 <= meter.bar <= 1
            assert (meter.bar >= 0.5) == (meter.verdict is Verdict.BAD)


def test_a_run_that_lies_on_one_side_has_no_meters() -> None:
    run = FrameRange(10, np.zeros(3), np.zeros((3, 90, 160, 3), np.float32), np.zeros(3, np.float32))
    assert meters(run, 10) == meters(run, 13) == ()
    assert not {Measure.MOTION, Measure.FREEZE} & set(measured(run, 11).values), "all is black"


def test_the_area_under_the_curve_is_by_ranks() -> None:
    assert area([3, 4], [1, 2]) == 1
    assert area([1, 2], [3, 4]) == 0
    assert area([1, 3], [2]) == area([2], [2]) == 0.5


def shown(colours: list[tuple[float, float, float]], sharpness: list[float] | None = None) -> FrameRange:
    """Frames of a soft pattern that stands still, tinted in turn."""
    y, x = np.mgrid[0:90, 0:160]
    light = 120 + 40 * np.sin(x / 9) * np.cos(y / 7)
    pictures = np.stack([light[..., None] * np.array(colour) for colour in colours]).astype(np.float32)
    steep = np.array(sharpness or [0.2] * len(colours), np.float32)
    return FrameRange(0, np.arange(len(colours)) / 24, pictures, steep)


def tinted(steps: list[float]) -> list[tuple[float, float, float]]:
    """So much redder, and less blue, from one to the next."""
    return [(1 + tint, 1.0, 1 - tint) for tint in np.cumsum([0.0, *steps])]


def test_colours_that_change_all_the_time_are_no_shift() -> None:
    going_on = measured(shown(tinted([0.02] * 15)), 8).values[Measure.COLOUR]
    shifted = measured(shown(tinted([0.0] * 7 + [0.08] + [0.0] * 7)), 8).values[Measure.COLOUR]
    turned = measured(shown(tinted([0.02] * 7 + [-0.02] + [0.02] * 7)), 8).values[Measure.COLOUR]
    flickering = measured(shown(tinted([0.02, -0.02] * 7 + [0.02])), 8).values[Measure.COLOUR]
    assert max(going_on, flickering) < 0.3
    assert shifted > 3
    assert turned > 0.8


@pytest.mark.parametrize(
    ("part", "verdict"),
    [
        (0.98, Verdict.CLEAN),
        (0.94, Verdict.SLIGHT),
        (1.06, Verdict.CLEAN),
        (1.09, Verdict.SLIGHT),
        (0.89, Verdict.SLIGHT),
        (0.87, Verdict.BAD),
        (1.17, Verdict.BAD),
        (0.8, Verdict.BAD),
    ],
)
def test_sharpness_has_its_limits(part: float, verdict: Verdict) -> None:
    found = meters(shown([(1, 1, 1)] * 16, [0.2] * 8 + [0.2 * part] * 8), 8)
    assert {meter.measure: meter.verdict for meter in found}[Measure.SHARPNESS] is verdict


@pytest.mark.parametrize(("steeper", "finer", "told"), [(1.2, 0.7, -1), (0.8, 1.4, 1), (1.2, 1.0, 1), (0.8, 1.0, -1)])
def test_edges_that_are_thin_lines_do_not_turn_blur_into_sharpness(steeper: float, finer: float, told: int) -> None:
    run = shown([(1, 1, 1)] * 16, [0.2] * 8 + [0.2 * steeper] * 8)
    lines = 30 * (np.arange(160) % 2)[None, :, None]
    run.pictures[:8] += lines
    run.pictures[8:] += lines * finer + 15 * (1 - finer)
    assert np.sign(measured(run, 8).values[Measure.SHARPNESS]) == told


def test_at_a_cut_nothing_is_measured() -> None:
    noise = np.random.default_rng(2).uniform(0, 255, (2, 12, 20)).repeat(8, axis=1).repeat(8, axis=2)[:, :90, :160]
    pictures = np.concatenate([np.repeat(noise[n : n + 1, ..., None], 8, axis=0) for n in (0, 1)]).repeat(3, axis=3)
    frames = FrameRange(0, np.arange(16) / 24, pictures.astype(np.float32), np.full(16, 0.2, np.float32))
    assert (measured(frames, 8).event, meters(frames, 8)) == (Event.CUT, ())
    beside = measured(frames, 6)
    assert beside.event is None
    assert beside.values[Measure.COLOUR] < 0.1


def test_a_fade_is_named_and_not_held_against_the_seam() -> None:
    frames = shown([(level, level, level) for level in np.linspace(1.2, 0.3, 24)])
    assert measured(frames, 12).event is Event.FADE
    assert {meter.verdict for meter in meters(frames, 12)} == {Verdict.CLEAN}


@pytest.mark.parametrize(
    ("softer", "redder", "told"), [(0.93, 0.004, set()), (0.8, 0.0, {Measure.SHARPNESS}), (1.0, 0.06, {Measure.COLOUR})]
)
def test_what_everybody_sees_is_told_in_a_fade_too(softer: float, redder: float, told: set[Measure]) -> None:
    levels = [(level * (1 + redder * (at >= 12)), level, level) for at, level in enumerate(np.linspace(1.2, 0.3, 24))]
    frames = shown(levels, [0.2] * 12 + [0.2 * softer] * 12)
    assert measured(frames, 12).event is Event.FADE
    assert {meter.measure for meter in meters(frames, 12) if meter.verdict is not Verdict.CLEAN} == told


@pytest.mark.parametrize(("frames", "told"), [(16, False), (1, True)])
def test_focus_that_is_pulled_over_the_seam_is_the_films_own(frames: int, told: bool) -> None:
    """Within so many frames edges fall to half of their steepness."""
    pulled = np.clip((np.arange(32) - 15.5) / frames + 0.5, 0, 1)
    steep = [float(value) for value in 0.2 * 0.5**pulled]
    assert (abs(measured(shown([(1, 1, 1)] * 32, steep), 16).values[Measure.SHARPNESS]) >= 5) is told


def test_a_dissolve_over_the_seam_is_named_and_not_held_against_it() -> None:
    run = shown([(1, 1, 1)] * 32, [0.2] * 14 + [0.1] * 18)
    mixed = np.clip((np.arange(32) - 9.5) / 12, 0, 1)[:, None, None, None]
    y, x = np.mgrid[0:90, 0:160]
    other = (100 + 60 * np.cos(x / 17 + 1) * np.sin(y / 23))[None, ..., None] * np.array([1.2, 1.0, 0.8])
    run.pictures[:] = (1 - mixed) * run.pictures + mixed * other
    assert measured(run, 16).event is Event.DISSOLVE
    assert {meter.verdict for meter in meters(run, 16) if meter.measure is not Measure.MOTION} == {Verdict.CLEAN}


def test_a_step_in_flickering_light_is_told_by_what_lasts() -> None:
    """The film brightens in the very picture in which the new part begins darker."""
    flicker = np.random.default_rng(3).normal(0, 0.004, 32)
    flicker[16] += 0.03
    light = np.exp(flicker + np.where(np.arange(32) < 16, 0.0, -0.04))
    frames = shown([(level, level, level) for level in light])
    assert measured(frames, 16).values[Measure.BRIGHTNESS] < -0.6
    assert abs(measured(frames, 10).values[Measure.BRIGHTNESS]) < 0.6


@pytest.mark.parametrize(
    ("steps", "told"), [((0.0, 0.0, -0.015), True), ((-0.008, -0.007, -0.001), False), ((-0.015, 0.0, -0.001), False)]
)
def test_light_that_the_film_changes_just_before_the_seam_is_not_held_against_it(
    steps: tuple[float, float, float], told: bool
) -> None:
    light = np.exp(np.cumsum([0.0] * 14 + [*steps] + [0.0] * 15))
    frames = shown([(level, level, level) for level in light])
    assert (abs(measured(frames, 16).values[Measure.BRIGHTNESS]) >= 0.6) is told


@pytest.mark.parametrize(("early", "told"), [(0, True), (1, False), (-1, False)])
def test_a_tint_that_the_film_takes_beside_the_seam_is_not_held_against_it(early: int, told: bool) -> None:
    steps = [0.0] * 15
    steps[7 - early] = 0.03
    assert (measured(shown(tinted(steps)), 8).values[Measure.COLOUR] >= 0.45) is told


@pytest.mark.parametrize(("other", "told"), [(True, False), (False, True)])
def test_a_dissolve_after_the_seam_is_no_colour_that_turns(other: bool, told: bool) -> None:
    """A picture of another tint comes into sight; or the same one takes that tint."""
    run = shown(tinted([0.0] * 31))
    later = run.pictures[0] * np.array([1.2, 1.0, 0.8], np.float32)
    for number in range(32):
        mixed = np.clip((number - 17) / 12, 0, 1)
        run.pictures[number] = (1 - mixed) * run.pictures[number] + mixed * (later[::-1, ::-1] if other else later)
    assert (measured(run, 16).values[Measure.COLOUR] >= 0.45) is told


@pytest.mark.parametrize("held", [1, 2, 4])
def test_a_strobe_across_the_seam_is_the_films_own(held: int) -> None:
    strobe = [1.3 if number // held % 2 else 1.0 for number in range(32)]
    assert abs(measured(shown([(level, level, level) for level in strobe]), 16).values[Measure.BRIGHTNESS]) < 0.6
    darker = [level * (1 if number < 16 else 0.8) for number, level in enumerate(strobe)]
    assert measured(shown([(level, level, level) for level in darker]), 16).values[Measure.BRIGHTNESS] < -2.5


@pytest.mark.parametrize(("far", "event"), [(70, Event.PAN), (1, None)])
def test_a_camera_swung_for_a_moment_at_the_seam_is_a_pan(far: int, event: Event | None) -> None:
    """Faster and faster up to the seam, and slower after it."""
    scene = np.random.default_rng(6).uniform(0, 255, (12, 120)).repeat(8, axis=0).repeat(8, axis=1)[:90]
    ways = np.cumsum(far * np.exp(-np.square((np.arange(32) - 16) / 4)))
    pictures = np.stack([scene[:, round(way) : round(way) + 160, None] for way in ways]).repeat(3, axis=3)
    run = FrameRange(0, np.arange(32) / 24, pictures.astype(np.float32), np.linspace(0.2, 0.1, 32, dtype=np.float32))
    assert measured(run, 16).event is event
    if event is not None:
        assert {meter.verdict for meter in meters(run, 16)} == {Verdict.CLEAN}


@pytest.mark.parametrize(("tall", "told"), [(20, False), (90, True)])
@pytest.mark.parametrize("leaves", [False, True])
def test_a_line_of_writing_makes_a_film_neither_sharper_nor_softer(leaves: bool, tall: int, told: bool) -> None:
    """What is drawn on the whole picture does."""
    steep = [0.2] * 8 + [0.26] * 8
    run = shown([(1, 1, 1)] * 16, steep[::-1] if leaves else steep)
    letters = 60 * (np.random.default_rng(8).uniform(size=(tall, 160)) > 0.7)[..., None]
    run.pictures[: 8 if leaves else 16, -tall:] += letters if leaves else 0
    run.pictures[8:, -tall:] += 0 if leaves else letters
    assert (abs(measured(run, 8).values[Measure.SHARPNESS]) >= 5) is told
