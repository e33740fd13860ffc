"""The parent's end is found in the child, and nothing is certain where coding may be what differs."""

from __future__ import annotations

import numpy as np
import pytest

from kling_desktop.media.analysis.alignment import Aligned, aligned
from kling_desktop.media.frames import Floats

FRAMES, TAIL, REACH = 60, 24, 20
SURE = 0.9


def moving(frames: int, *, hold: int = 1) -> Floats:
    """Soft blots that go to the right by a pixel a frame; each picture is held for so many frames."""
    rows, columns = np.mgrid[0:90, 0:160].astype(np.float32)
    blots = [(20, 30, 60), (60, 90, 90), (40, 130, 40)]
    at = (np.arange(frames) // hold * hold)[:, None, None]
    lit = (high * np.exp(-((rows - y) ** 2 + (columns - x - at) ** 2) / 300) for y, x, high in blots)
    return np.asarray(60 + sum(lit), np.float32)


def found(film: Floats, seam: int, parent: Floats) -> Aligned:
    place = aligned(parent[-TAIL:], film, 0, seam, REACH)
    assert place is not None
    return place


@pytest.mark.parametrize("hold", [2, 3])
def test_a_last_frame_that_coding_has_tinged_is_still_the_parents(hold: int) -> None:
    film = moving(FRAMES, hold=hold)
    seam = 36
    parent = film[:seam].copy()
    film[seam - 1] += 0.25 * (film[seam] - film[seam - 1]) + 1.2 * np.sign(np.sin(np.arange(160)))
    assert found(film, seam, parent).frame == seam


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_few_frames_that_were_lost_are_certain(lost: int) -> None:
    film = moving(FRAMES)
    place = found(np.delete(film, range(36 - lost, 36), axis=0), 36, film[:36])
    assert (place.frame, place.confidence >= SURE) == (36 - lost, True)


def test_a_place_far_from_where_the_parent_ends_is_never_certain() -> None:
    film = moving(FRAMES)
    place = found(np.delete(film, range(30, 36), axis=0), 36, film[:36])
    assert (place.frame, place.confidence < SURE) == (30, True)


def test_frames_that_differ_by_their_coding_alone_leave_it_uncertain() -> None:
    film = moving(FRAMES)
    parent = film[:36].copy()
    film[34:36] += 4 * np.sign(np.sin(np.arange(160)))
    assert found(film, 36, parent).confidence < SURE
