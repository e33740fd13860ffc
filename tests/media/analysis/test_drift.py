"""Drift along a chain: hop 0 is the measure of all, and the hop that leaves the tolerance is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.domain.analysis import HopLook, Tolerance
from kling_desktop.media.analysis.drift import drift
from kling_desktop.media.analysis.seams import Hop, seams, seams_and_drift
from tests.harness.media.reels import CLEAN, chain


def looks(cache: Path, *plants: str) -> tuple[HopLook, ...]:
    film, file = chain(cache, plants)[-1]
    return drift(file, film.joins)


def test_a_base_clip_is_its_own_measure(media_cache: Path) -> None:
    assert looks(media_cache) == (HopLook(0, 0.0, 0.0, 0.0, 0.0),)


def test_each_hop_begins_at_its_seam(media_cache: Path) -> None:
    film, file = chain(media_cache, (CLEAN, CLEAN, "softness"))[-1]
    hops = drift(file, [*film.joins, 0, 10**6])  # what lies at the beginning or beyond the end is no seam
    assert [hop.hop for hop in hops] == [0, 1, 2, 3]
    assert [hop.seconds * film.fps for hop in hops] == pytest.approx([0, *film.joins])


def test_softness_leaves_the_tolerance_at_its_hop(media_cache: Path) -> None:
    hops = looks(media_cache, CLEAN, CLEAN, "softness")
    left = Tolerance(colour=100, contrast=100, softer=40).left_at(hops)  # cartoons change their edges by themselves
    assert left is not None
    assert left.hop == 3
    assert left.sharpness < -30


def test_drift_comes_with_the_seams_in_one_pass(media_cache: Path) -> None:
    film, file = chain(media_cache, ("colour", CLEAN, "softness"))[-1]
    hops = tuple(Hop(number, round(frame / film.fps, 1), 0.05) for number, frame in enumerate(film.joins, 1))
    found, looks = seams_and_drift(file, hops)
    assert found == seams(file, hops)
    assert [look.seconds for look in looks] == [0.0, *(seam.seconds for seam in found)]
    for look, alone in zip(looks, drift(file, [seam.frame for seam in found]), strict=True):
        assert look.colour == pytest.approx(alone.colour, abs=1.0)


def test_colour_stays_off_once_it_is_off(media_cache: Path) -> None:
    hops = looks(media_cache, "colour", CLEAN)
    assert min(hops[1].colour, hops[2].colour) > 2
    assert Tolerance().left_at((HopLook(0, 0, 0, 0, 0), HopLook(1, 5, 1, -5, 41))) is None, (
        "detail may enter the picture"
    )
    for off in (HopLook(1, 5, 7, 0, 0), HopLook(1, 5, 0, -21, 0), HopLook(1, 5, 0, 0, -41), HopLook(1, 5, 0, 0, 151)):
        assert Tolerance().left_at((HopLook(0, 0, 0, 0, 0), off)) is off
