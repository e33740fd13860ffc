"""The creator's examples move the limits of what counts at a seam, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kling_desktop.domain.analysis import Measure, Seam, Verdict
from kling_desktop.domain.seam_limits import USUAL, WIDEST, SeamLimits, metered, quiet


def seam(**values: float) -> Seam:
    return Seam(1, 24, 1.0, 0.9, meters=tuple(metered(Measure(name), value) for name, value in values.items()))


def test_a_seam_that_was_called_fine_is_clean_and_one_twice_as_rough_is_not() -> None:
    limits = SeamLimits().as_fine(seam(colour=1.0, brightness=-0.9))
    assert limits.judged(seam(colour=1.0, brightness=-0.9)).verdict is Verdict.CLEAN
    assert limits.judged(seam(colour=2.0)).verdict is Verdict.SLIGHT
    assert limits.factor(Measure.MOTION) == 1.0


def test_a_seam_that_was_called_not_fine_is_bad_by_what_stands_out_most() -> None:
    limits = SeamLimits().as_not_fine(seam(colour=0.6, motion=1.0))
    assert limits.judged(seam(colour=0.6)).verdict is Verdict.BAD
    assert limits.factor(Measure.MOTION) == 1.0


def test_what_stands_out_most_does_so_by_the_limits_that_the_creator_has_moved() -> None:
    wide = SeamLimits().as_fine(seam(colour=1.5))
    limits = wide.as_not_fine(seam(colour=1.4, motion=3.0))
    assert limits.factor(Measure.COLOUR) == wide.factor(Measure.COLOUR), "such colours were called fine"
    assert limits.judged(seam(motion=3.0)).verdict is Verdict.BAD


def test_a_seam_that_is_only_about_there_is_no_example_of_a_bad_one() -> None:
    doubtful = replace(seam(colour=0.6), confidence=0.1)
    assert SeamLimits().as_not_fine(doubtful) == SeamLimits()


def test_what_is_fine_or_bad_already_moves_nothing() -> None:
    assert SeamLimits().as_fine(seam(colour=0.1)) == SeamLimits()
    rough = seam(colour=USUAL[Measure.COLOUR][1] * 2)
    assert SeamLimits().as_not_fine(rough).factor(Measure.COLOUR) == 1.0


def test_a_limit_never_goes_out_of_bounds() -> None:
    assert SeamLimits().as_fine(seam(colour=50.0)).factor(Measure.COLOUR) == WIDEST


@pytest.mark.parametrize("factor", [0.25, 1.0, 8.0])
def test_what_was_not_held_against_a_seam_never_is(factor: float) -> None:
    meter = quiet(metered(Measure.MOTION, 9.0))
    limits = SeamLimits(((Measure.MOTION, factor),))
    judged = limits.judged(Seam(1, 24, 1.0, 0.9, meters=(meter,)))
    assert judged.verdict is Verdict.CLEAN
    assert judged.meters == (meter,)
    assert SeamLimits().as_not_fine(judged) == SeamLimits()
