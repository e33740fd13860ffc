"""The pictures on either side of a join: the right two frames, and what differs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.errors import FileTrouble, NotAVideo
from kling_desktop.media import joins
from kling_desktop.media.frames import Abandoned
from kling_desktop.studio.analysis.seam_stills import SeamStillMaker
from kling_desktop.studio.feed import Fact, Feed, SeamStillsMade
from tests.harness.films import Picture, film, number_of
from tests.harness.waiting import until


def test_the_two_frames_are_those_on_either_side(tmp_path: Path) -> None:
    made = joins.stills(film(tmp_path / "film.mp4", range(60)), 37, tmp_path / "joins", "clip-37")
    assert (number_of(_read(made.before)), number_of(_read(made.after))) == (36, 37)
    difference = _read(made.difference)
    bar = difference.shape[1] // 10
    assert difference[60, -bar // 2].mean() > 200, "36 and 37 differ in their last bit"
    assert difference[60, bar // 2].mean() < 40, "and in no other"


def test_what_was_made_once_is_not_decoded_again(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", range(30))
    made = joins.stills(source, 12, tmp_path / "joins", "clip-12")
    source.unlink()
    assert joins.stills(source, 12, tmp_path / "joins", "clip-12") == made


@pytest.mark.parametrize("frame", [0, 24, 900])
def test_a_frame_without_a_neighbour_is_no_join(tmp_path: Path, frame: int) -> None:
    with pytest.raises(NotAVideo):
        joins.stills(film(tmp_path / "film.mp4", range(24)), frame, tmp_path, "clip")


def test_an_odd_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble):
        joins.stills(tmp_path / "gone.mp4", 5, tmp_path, "clip")
    (tmp_path / "page.mp4").write_text("<html>no film</html>")
    with pytest.raises(NotAVideo):
        joins.stills(tmp_path / "page.mp4", 5, tmp_path, "clip")


def test_it_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    with pytest.raises(Abandoned):
        joins.stills(film(tmp_path / "film.mp4", range(24)), 12, tmp_path, "clip", stopped=lambda: True)
    assert list(tmp_path.glob("*.jpg")) == []


async def test_the_studio_tells_of_the_latest_wish_and_of_trouble(tmp_path: Path) -> None:
    feed, heard = Feed(), list[Fact]()
    feed.subscribe(heard.extend)
    wishes = SeamStillMaker(feed, lambda job: asyncio.create_task(job), tmp_path / "joins")
    clip = Clip("one", file=film(tmp_path / "film.mp4", range(60)))
    wishes.want(clip, 20)
    wishes.want(clip, 40)
    wishes.want(clip, 900)
    await until(lambda: any(_trouble(fact) for fact in heard), what="the trouble")
    wishes.want(clip, 41)
    made = await until(lambda: [fact for fact in heard if _stills(fact) and fact.frame == 41], what="the stills")  # type: ignore[union-attr]  # _stills has looked
    assert isinstance(made[0], SeamStillsMade)
    assert made[0].stills is not None
    assert number_of(_read(made[0].stills.after)) == 41
    wishes.close()


def _trouble(fact: Fact) -> bool:
    return isinstance(fact, SeamStillsMade) and fact.trouble is not None and fact.frame == 900


def _stills(fact: Fact) -> bool:
    return isinstance(fact, SeamStillsMade) and fact.stills is not None


def _read(file: Path) -> Picture:
    with av.open(str(file)) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
