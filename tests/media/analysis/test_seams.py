"""Joins are found to the frame, with the parent's file or without."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from kling_desktop.domain.analysis import Event, Measure, Meter, Seam, Verdict
from kling_desktop.media.analysis.seams import Hop, seams
from kling_desktop.media.frames import Abandoned, FrameReader
from tests.benchmarks.seams import hop_of, recoded
from tests.harness.media.films import film
from tests.harness.media.reels import CLEAN, PLANTS, chain, joins
from tests.harness.media.shots import filmed, mixed, shot

if TYPE_CHECKING:
    pass

STRONG = ("colour", "brightness", "softness", "jump")
"""Plants that stand out by themselves; where nothing does, the stated length is all there is."""

Some = TypeVar("Some")
FIVE = (CLEAN, CLEAN, "colour", CLEAN, CLEAN)


@pytest.mark.parametrize("with_parent", [True, False])
def test_the_join_is_found_to_the_frame(with_parent: bool, media_cache: Path) -> None:
    for number, join in enumerate(joins(media_cache, 2, (CLEAN, *PLANTS))):
        (found,) = seams(join.child, (hop_of(join, number, with_parent),))
        assert abs(found.frame - join.frame) <= (0 if with_parent else 1), join.plant
        assert found.seconds == pytest.approx(found.frame / join.film.fps)
        assert found.confidence >= (0.9 if with_parent else 0.3 if join.plant in STRONG else 0)
        assert [meter.measure for meter in found.meters] == list(Measure)


def test_a_copy_that_was_coded_again_is_still_the_parents(media_cache: Path, tmp_path: Path) -> None:
    join = next(joins(media_cache, 1))
    (found,) = seams(recoded(join.child, tmp_path), (Hop(1, 1.0, 0.5, join.parent),))  # the stated length is far off
    assert found.frame == join.frame
    assert found.confidence >= 0.6


def test_a_parent_that_lost_its_last_frames_is_recognised(tmp_path: Path) -> None:
    parent = film(tmp_path / "parent.mp4", range(50))
    child = film(tmp_path / "child.mp4", [*range(47), *range(600, 640)])
    assert seams(child, (Hop(1, 50 / 24, 0.02, parent),))[0].frame == 47


def test_where_nothing_moves_the_join_is_where_the_parents_file_ends(tmp_path: Path) -> None:
    """Other places fit as well, but for their coding: what comes later is coded better."""
    still = [mixed(shot([0.0], noise=0.0)[0], 1)] * 100
    draw = np.random.default_rng(4)
    rough = [picture + draw.normal(0, 1.5, picture.shape).astype(np.float32) for picture in still[:40]]
    parent, child = filmed(tmp_path / "parent.mp4", still[:50]), filmed(tmp_path / "child.mp4", [*rough, *still[40:]])
    (found,) = seams(child, (Hop(1, 50 / 24, 0.02, parent),))
    assert found.frame == 50
    assert not found.doubtful


def test_a_stranger_is_not_taken_for_the_parent(media_cache: Path, tmp_path: Path) -> None:
    join = next(joins(media_cache, 1))
    stranger = film(tmp_path / "stranger.mp4", range(300, 380), size=(320, 180))
    (found,) = seams(join.child, (replace(hop_of(join, 0, with_parent=False), parent=stranger),))
    assert abs(found.frame - join.frame) <= 1
    assert found.confidence < 0.9


def test_a_parent_that_is_broken_or_gone_is_done_without(media_cache: Path, tmp_path: Path) -> None:
    join = next(joins(media_cache, 1))
    for parent in (tmp_path / "gone.mp4", tmp_path / "empty.mp4"):
        (tmp_path / "empty.mp4").touch()
        (found,) = seams(join.child, (replace(hop_of(join, 0, with_parent=False), parent=parent),))
        assert abs(found.frame - join.frame) <= 1


def test_a_hop_beyond_the_end_has_no_seam(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(30))
    assert seams(clip, (Hop(1, 60.0, 0.05), Hop(2, 61.0, 0.05))) == ()
    assert seams(clip, ()) == ()


def test_only_what_lies_around_the_hint_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[int] = []
    frames = FrameReader.frames

    def counted(reader: FrameReader, first: int, last: int) -> Iterator[object]:
        for each in frames(reader, first, last):
            decoded.append(each[0])
            yield each

    monkeypatch.setattr(FrameReader, "frames", counted)
    clip = film(tmp_path / "long.mp4", range(800), size=(64, 36), fps=8)
    seams(clip, (Hop(1, 50.0, 0.05),))
    assert min(decoded) > 370
    assert max(decoded) < 430


def test_it_ends_when_nobody_waits(media_cache: Path) -> None:
    join, stop = next(joins(media_cache, 1)), threading.Event()
    stop.set()
    with pytest.raises(Abandoned):
        seams(join.child, (hop_of(join, 0, with_parent=True),), stopped=stop.is_set)


def test_the_worst_meter_is_the_seams_verdict() -> None:
    assert Seam(1, 10, 0.4, 1.0).verdict is Verdict.CLEAN


def test_of_a_doubtful_place_nothing_is_said_in_red() -> None:
    red = (Meter(Measure.COLOUR, 4.0, 1.0, Verdict.BAD),)
    assert Seam(1, 10, 0.4, 1.0, meters=red).verdict is Verdict.BAD
    assert Seam(1, 10, 0.4, 0.2, meters=red).verdict is Verdict.SLIGHT
    assert Seam(1, 10, 0.4, 1.0, event=Event.CUT).verdict is Verdict.BAD


def test_a_strangers_seams_are_not_taken_over(media_cache: Path, tmp_path: Path) -> None:
    film_of_two, child = chain(media_cache, (CLEAN, CLEAN))[-1]
    parent = chain(media_cache, (CLEAN, CLEAN))[-2][1]
    stranger = film(tmp_path / "stranger.mp4", range(300, 380), size=(320, 180))
    marked = Seam(1, 7, 0.3, 0.123)
    hints = [frame / film_of_two.fps for frame in film_of_two.joins]
    for file, taken in ((parent, True), (stranger, False)):
        hops = (Hop(1, hints[0], 0.05), Hop(2, hints[1], 0.05, file))
        assert (seams(child, hops, (marked,))[0] == marked) is taken


def test_where_nothing_stands_out_the_stated_length_is_the_place(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(90), spacing=[1, 2] * 45)  # by the file's own times, not evenly spaced
    (found,) = seams(clip, (Hop(1, 60 / 24, 0.02),))
    assert found.frame == 40
    assert found.doubtful


@pytest.mark.parametrize("flash", [-5, 2, 6])
def test_a_flash_beside_the_join_is_not_sure_to_be_it(flash: int, tmp_path: Path) -> None:
    """The length is stated in whole seconds: a lone bright picture stands out most of all near it."""
    pictures = shot([0.83 * number for number in range(72)])
    pictures[48 + flash] = np.clip(2.6 * pictures[48 + flash], 0, 255)
    (found,) = seams(filmed(tmp_path / "clip.mp4", pictures), (Hop(1, 2.0, 0.5),))
    assert found.doubtful
    assert found.verdict is not Verdict.BAD


def test_the_end_of_a_fade_beside_the_join_is_not_sure_to_be_it(tmp_path: Path) -> None:
    pictures = shot([0.83 * number for number in range(72)])
    faded = [(picture * max(0.0, 1 - max(0, at - 38) / 20)).astype(np.float32) for at, picture in enumerate(pictures)]
    (found,) = seams(filmed(tmp_path / "clip.mp4", faded), (Hop(1, 2.0, 0.5),))
    assert found.doubtful
