"""A seam as filmstrips mark it: below the film, and below films that are compared."""

from __future__ import annotations

from kling_desktop.domain.analysis import Seam
from kling_desktop.ui.painted.shapes import shape_of
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.viewer.timeline.hop_strip import SeamMark


def strip_mark(number: int, seam: Seam) -> SeamMark:
    """The seam of that number, from 1."""
    return SeamMark(
        seam.seconds,
        shape_of(None, seam.told),
        number,
        seam_words.strip_word(seam),
        seam.prompt,
        seam.doubtful,
        seam_words.judged(seam),
    )
