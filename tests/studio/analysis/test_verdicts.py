"""The verdict of each seam is kept beside its task, and judged anew where the creator's limits were moved."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.domain.analysis import Measure, Seam, Verdict
from kling_desktop.domain.seam_limits import SeamLimits, metered
from kling_desktop.domain.tasks import Filter, Order
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library
from kling_desktop.studio.analysis.findings import SEAMS, Findings
from kling_desktop.studio.analysis.verdicts import Verdicts
from kling_desktop.studio.feed import Feed, SeamLimitsMoved, SeamsFound
from tests.harness.tasks import NOON, done

SEAM = Seam(1, 100, 5.0, 1.0, meters=(metered(Measure.COLOUR, 5.8),))


class Room:
    def __init__(self, library: Library) -> None:
        self.library = library
        self.listing = Listing(library.database, lambda: NOON)
        self.limits = SeamLimits()
        self.feed = Feed()
        self.under_way: list[Coroutine[Any, Any, None]] = []
        self.verdicts = Verdicts(
            library, self.listing, self._seams, lambda: self.limits, self.feed, self.under_way.append
        )
        for n in range(30):
            library.put(done(n))

    def _seams(self, clip_id: str) -> tuple[Seam, ...]:
        return tuple(self.limits.judged(seam) for seam in Findings(self.library).seams(clip_id))

    def found(self, number: int) -> None:
        clip = done(number).clip
        assert clip is not None
        Findings(self.library).keep(clip.id, SEAMS, "stamp", (SEAM,))

    @property
    def counts(self) -> dict[str, int]:
        return {stretch.key: stretch.count for stretch in self.listing.listed(Filter(), Order.VERDICT).stretches}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Room(library)
    library.close()


def test_what_is_found_is_noted(room: Room) -> None:
    clip = done(3).clip
    assert clip is not None
    room.verdicts.hear([SeamsFound(clip.id, (SEAM,))])
    assert room.counts == {Verdict.BAD: 1, "": 29}
    room.verdicts.hear([SeamsFound(clip.id, ())])
    assert room.counts == {"": 30}


def test_all_are_judged_once_and_again_by_other_limits(room: Room) -> None:
    for number in range(25):
        room.found(number)
    asyncio.run(room.verdicts.judge_all())
    assert room.counts == {Verdict.BAD: 25, "": 5}
    room.found(26)
    asyncio.run(room.verdicts.judge_all())  # by the same limits: nothing is read
    assert room.counts == {Verdict.BAD: 25, "": 5}
    room.limits = SeamLimits(((Measure.COLOUR, 8.0),))
    room.verdicts.hear([SeamLimitsMoved(room.limits)])
    asyncio.run(room.under_way.pop())
    assert room.counts == {Verdict.SLIGHT: 26, "": 4}
