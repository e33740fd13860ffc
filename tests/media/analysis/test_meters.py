"""The five meters tell the faults that the sandbox plants from clean joins, and nothing from what is not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kling_desktop.domain.analysis import Measure, Meter, Verdict
from kling_desktop.media.analysis.meters import measured, meters
from kling_desktop.media.frames import FrameRange, open_frames
from tests.benchmarks.footage import area
from tests.benchmarks.seams import MEASURED_BY
from tests.harness.reels import CLEAN, PLANTS, Join, joins


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
    assert measured(run, 11).values[Measure.FREEZE] == 0  # black, and as still as can be


def test_the_area_under_the_curve_is_by_ranks() -> None:
    assert area([3, 4], [1, 2]) == 1
    assert area([1, 2], [3, 4]) == 0
    assert area([1, 3], [2]) == area([2], [2]) == 0.5
