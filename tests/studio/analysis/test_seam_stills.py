"""The pictures of the seam that was asked for last are made beside the window's thread, and told as a fact."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.analysis.seam_stills import SeamStillMaker
from kling_desktop.studio.feed import Fact, Feed, SeamStillsMade
from tests.harness.media.films import Picture, film, number_of
from tests.harness.waiting import until


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


async def test_a_film_that_is_joined_otherwise_has_other_pictures_at_the_same_place(tmp_path: Path) -> None:
    """A join that is trimmed, or whose colours are matched, stays where it is: it is judged by what it is now."""
    feed, heard = Feed(), list[Fact]()
    feed.subscribe(heard.extend)
    wishes = SeamStillMaker(feed, lambda job: asyncio.create_task(job), tmp_path / "joins")
    seen = []
    for name, first in (("a", 0), ("b", 100)):
        heard.clear()
        wishes.want(Clip("one", file=film(tmp_path / f"{name}.mp4", range(first, first + 60))), 20)
        made = await until(lambda: [fact for fact in heard if _stills(fact)], what="the stills")
        assert isinstance(made[0], SeamStillsMade)
        assert made[0].stills is not None
        seen.append(number_of(_read(made[0].stills.after)))
    assert seen == [20, 120]
    wishes.close()


def _trouble(fact: Fact) -> bool:
    return isinstance(fact, SeamStillsMade) and fact.trouble is not None and fact.frame == 900


def _stills(fact: Fact) -> bool:
    return isinstance(fact, SeamStillsMade) and fact.stills is not None


def _read(file: Path) -> Picture:
    with av.open(str(file)) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
