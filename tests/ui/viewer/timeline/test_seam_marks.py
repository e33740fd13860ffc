"""From any frame the next seam, the one before and the ends of the hop are known."""

from __future__ import annotations

import pytest

from kling_desktop.ui.viewer.timeline.seam_marks import SeamMark, beyond, segment

SEAMS = (SeamMark(100, 4.2, "a boat"), SeamMark(200, 8.3, "rain"))


@pytest.mark.parametrize(
    ("frame", "steps", "found"),
    [
        (0, 1, 100), (99, 1, 100), (100, 1, 200), (199, 1, 200), (200, 1, None),
        (0, -1, None), (100, -1, None), (101, -1, 100), (200, -1, 100), (299, -1, 200), (299, -2, 100), (0, 2, 200),
    ],
)  # fmt: skip
def test_the_next_seam(frame: int, steps: int, found: int | None) -> None:
    seam = beyond(SEAMS, frame, steps)
    assert (seam.frame if seam else None) == found


@pytest.mark.parametrize(
    ("frame", "ends"), [(0, (0, 99)), (99, (0, 99)), (100, (100, 199)), (200, (200, 299)), (299, (200, 299))]
)
def test_the_ends_of_a_hop(frame: int, ends: tuple[int, int]) -> None:
    assert segment(SEAMS, frame, 300) == ends


def test_a_film_without_seams_is_one_hop() -> None:
    assert beyond((), 5, 1) is None
    assert segment((), 5, 48) == (0, 47)
