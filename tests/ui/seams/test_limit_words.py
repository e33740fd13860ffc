"""Moving limits by example says what came of it, also where no limit could make of a seam what was wished."""

from __future__ import annotations

import pytest

from kling_desktop.domain.analysis import Event, Measure, Seam, Verdict
from kling_desktop.domain.seam_limits import SeamLimits, metered, quiet
from kling_desktop.ui.seams import limit_words

JUMP = metered(Measure.MOTION, 20.0)


def seam(confidence: float = 1.0, event: Event | None = None, *values: float) -> Seam:
    return Seam(1, 24, 1.0, confidence, meters=tuple(metered(Measure.COLOUR, value) for value in values), event=event)


@pytest.mark.parametrize(
    ("judged", "is_fine", "why"),
    [
        (seam(), True, "could not be measured"),
        (seam(1.0, Event.CUT), True, "A cut is always told"),
        (seam(0.1, None, 0.6), False, "never called bad"),
        (Seam(1, 24, 1.0, 1.0, meters=(quiet(metered(Measure.COLOUR, 3.0)),)), False, "Nothing that could be held"),
        (Seam(1, 24, 1.0, 1.0, meters=(JUMP,)), True, "The limit goes no further"),
    ],
)
def test_why_an_example_changes_nothing(judged: Seam, is_fine: bool, why: str) -> None:
    assert why in limit_words.outcome(judged, is_fine=is_fine, has_moved=False)


def test_an_example_beyond_the_widest_limit_stays_told() -> None:
    rough = Seam(1, 24, 1.0, 1.0, meters=(JUMP,))
    judged = SeamLimits().as_fine(rough).judged(rough)
    assert judged.verdict is not Verdict.CLEAN
    assert limit_words.outcome(judged, is_fine=True, has_moved=True) == "The limit goes no further."


def test_what_is_called_as_wished_already_is_said() -> None:
    clean, cut = seam(1.0, None, 0.1), seam(1.0, Event.CUT)
    assert limit_words.outcome(clean, is_fine=True, has_moved=False) == "Such a seam is called clean already."
    assert limit_words.outcome(cut, is_fine=False, has_moved=False) == "Such a seam is called bad already."
    assert limit_words.outcome(clean, is_fine=True, has_moved=True) == ""


def test_a_limit_is_told_with_more_digits_than_the_numbers_that_it_parts() -> None:
    assert limit_words.moved(Measure.COLOUR, 0.45, 0.7446) == (
        "Colour is now told of from ΔE 0.745 on; before: ΔE 0.45."
    )
    assert limit_words.limit_number(Measure.FREEZE, 4.08) == "5 frames"
    assert limit_words.limit_number(Measure.SHARPNESS, 5.0) == "5 %"
