"""A seam's sentence says what is seen, what it means to an eye, and how sure its place is."""

from __future__ import annotations

import pytest

from kling_desktop.domain.analysis import Event, Measure, Seam
from kling_desktop.domain.seam_limits import metered
from kling_desktop.ui.seams import seam_words

ROUGH, DARKER, STEADY = (
    metered(Measure.COLOUR, 3.1),
    metered(Measure.BRIGHTNESS, -1.0),
    metered(Measure.COLOUR, 0.1),
)


@pytest.mark.parametrize(
    ("seam", "said"),
    [
        (
            Seam(1, 10, 1.0, 0.95, meters=(ROUGH,)),
            "A step a viewer would notice: colour shifts (ΔE 3.1). The place is certain.",
        ),
        (
            Seam(1, 10, 1.0, 0.1, meters=(DARKER,)),
            "A step that is seen by who looks for it: a little darker (−1.0 %). "
            "Only the stated length tells the place.",
        ),
        (Seam(1, 10, 1.0, 0.5, meters=(STEADY,)), "Nothing a viewer would notice: clean. The place is likely."),
        (Seam(1, 10, 1.0, 1.0), "The pictures at this seam could not be measured."),
        (Seam(1, 10, 1.0, 1.0, event=Event.CUT), "A step a viewer would notice: a cut. The place is certain."),
    ],
)
def test_a_seam_is_said_in_a_sentence(seam: Seam, said: str) -> None:
    assert seam_words.sentence(seam) == said


def test_a_doubtful_place_is_told_in_the_same_words_everywhere() -> None:
    doubtful, certain = Seam(2, 10, 1.0, 0.1, meters=(DARKER,)), Seam(2, 10, 1.0, 1.0, meters=(DARKER,))
    assert seam_words.judged(doubtful) == "a little darker · about here"
    assert seam_words.whole(doubtful).endswith(seam_words.judged(doubtful))
    assert seam_words.strip_word(doubtful) == "about here"
    assert seam_words.judged(certain) == "a little darker"
    assert seam_words.title(2, doubtful) == "Seam 2: a little darker · about here"
    assert seam_words.title(3, None) == "Seam 3: not measured"
