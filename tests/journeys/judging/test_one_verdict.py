"""One verdict everywhere: of clean, faulty, doubtful and joined seams every place that tells of them says the same."""

from __future__ import annotations

from pathlib import Path

from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.ui.seams import seam_words
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.handing_over.exporting import next_take
from tests.journeys.judging.hops import hop, more, newest_clip
from tests.journeys.judging.surfaces import compared, disagreements, handed_out

PLANTS = {"": 0.0, "colour": 0.03, "brightness": -0.05, "freeze": 4, "softness": 3.0, "jump": 0.2, "lost_frame": 1}
"""What is wrong with the seams of a film, one after the other, and how much."""
HOPS = len(PLANTS) + 1


async def test_every_place_says_the_same_of_a_seam(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        parent = creator.clip_id("dawn-lake")
        for plant, amount in PLANTS.items():
            await hop(creator, parent, f"with {plant or 'nothing'}", plant=plant, amount=amount)
            parent = newest_clip(creator)
        await next_take(creator, parent, "continued")
        usual = await _says_the_same(creator, tmp_path / "usual")
        assert {"clean · about here", "colour shifts", "gets darker", "freezes", "gets softer"} <= set(usual)

        view = creator.window.seams
        view.open(1)
        more(creator, "A seam like this is fine")
        await creator.sees(lambda: view.seams[1].verdict is Verdict.CLEAN, "the limits to follow the example")
        moved = await _says_the_same(creator, tmp_path / "moved")
        assert moved[1] == "clean"
        assert (await compared(creator, 1, 2))[0].side.table.said(0, 0) == "Limits: yours"
    async with start() as creator:
        assert await _says_the_same(creator, tmp_path / "later") == moved
        await creator.speaks("zh_CN")
        told = await _says_the_same(creator, tmp_path / "Chinese")
        assert not set(told) & set(moved)
        await creator.speaks("en")

        creator.program.preferences.change(seam_limits=())
    async with start() as creator:
        assert await _says_the_same(creator, tmp_path / "again") == usual


async def test_the_lane_tells_the_drift_that_the_chart_tells(start: Start) -> None:
    async with start() as creator:
        await hop(creator, creator.clip_id("dawn-lake"), "one")
        await hop(creator, newest_clip(creator), "two", plant="colour", amount=0.05)
        await hop(creator, newest_clip(creator), "three")
        creator.clicks_row(0)
        view, head = creator.window.seams, creator.window.film.head
        await creator.sees(lambda: len(view.seams) == 3, "its seams", timeout=60)
        view.open(1)
        chart = view.drift
        await creator.sees(lambda: chart.hops, "its drift")
        said = set()
        for choice in (0, 1, 2, 0):
            chart.choice.setCurrentIndex(choice)
            chart.choice.activated.emit(choice)
            left = chart.tolerance.left_at(chart.hops)
            words = f"drifts since hop {left.hop}" if left else "drifts since"
            await creator.sees(lambda: (words in head.words.words) == bool(left), f"{words} in the lane")  # noqa: B023 - seen at once
            said.add(left.hop if left else None)
        assert len(said) > 1, "the tolerance decides"


async def _says_the_same(creator: Creator, folder: Path, hops: int = HOPS) -> list[str]:
    """Wherever a seam is told of, it is told in the same words; which they are, seam after seam."""
    view, tree = creator.window.seams, creator.window.tree.tree.rows
    creator.clicks_row(0)
    await creator.sees(lambda: len(view.seams) == hops, "its seams", timeout=60)
    await creator.sees(lambda: tree.rowCount() > hops, "the rows of its takes")
    await creator.sees(lambda: disagreements(creator) == [], "every place to say the same")
    assert disagreements(creator) == []
    assert (await compared(creator, 1, 2, 3))[1] == []
    folder.mkdir()  # noqa: ASYNC240 - a moment
    assert await handed_out(creator, folder) == [_handed(number, seam) for number, seam in enumerate(view.seams, 1)]
    return [seam_words.judged(seam) for seam in view.seams]


def _handed(number: int, seam: Seam) -> tuple[str, str]:
    """As markers and the table of seams have it: what the window says, and what was asked for."""
    return seam_words.title(number, seam), f"{seam_words.in_full(seam)}. {seam.prompt}"
