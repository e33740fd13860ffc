"""Rejected takes leave the disk by way of the trash, and come back from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KlingTime
from kling_desktop.domain.tasks import Extension, Filter, Pick, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Fact, Feed, Noticed, Swept
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.trash import Sweeper
from tests.harness.waiting import until

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Place(NamedTuple):
    library: Library
    sweeper: Sweeper
    trash: Path
    takes: Path
    facts: list[Fact]
    needed: set[str]

    async def swept(self) -> Swept:
        await self.sweeper.sweep()
        return await until(lambda: next((f for f in self.facts if isinstance(f, Swept)), None), 30, "the sweep")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    library, feed, facts = Library.open(tmp_path / "library.sqlite3"), Feed(), list[Fact]()
    feed.subscribe(facts.extend)
    takes = tmp_path / "takes"
    takes.mkdir()
    for number, pick in enumerate((Pick.PICKED, Pick.REJECTED, Pick.UNDECIDED, Pick.REJECTED)):
        file = takes / f"take {number}.mp4"
        file.write_bytes(bytes([number]) * 100)
        made = Clip(f"clip-{number}", file=file, kling_id=f"k-{number}")
        library.put(
            Task(f"kd-{number}", Extension("7"), SANDBOX, Status.SUCCEEDED, NOON, clip=made, pick=pick, stars=number)
        )
    needed: set[str] = set()
    trash = tmp_path / "trash"
    sweeper = Sweeper(library, Ledger(library, feed), feed, trash, lambda: NOON, needed=lambda: needed)
    yield Place(library, sweeper, trash, takes, facts, needed)
    library.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.mp4"))


async def test_only_rejected_takes_go_and_are_not_fetched_again(place: Place) -> None:
    swept = await place.swept()
    assert (len(swept.files), swept.failed) == (2, 0)
    assert names(place.takes) == ["take 0.mp4", "take 2.mp4"]
    assert names(place.trash) == ["take 1.mp4", "take 3.mp4"]
    task = place.library.get("kd-1")
    assert task is not None
    assert task.clip is not None
    assert task.clip.file is None
    assert place.library.unfinished() == []
    assert place.sweeper.rejected() == []


async def test_what_the_films_of_others_consist_of_stays(place: Place) -> None:
    place.needed.add("clip-3")
    assert [found.task.id for found in await place.sweeper.weighed()] == ["kd-1"]
    assert place.sweeper.count_needed() == 1
    await place.swept()
    assert names(place.trash) == ["take 1.mp4"]


async def test_undo_brings_everything_back_beside_what_came_meanwhile(place: Place) -> None:
    swept = await place.swept()
    (place.takes / "take 1.mp4").write_bytes(b"a newer file of that name")
    await place.sweeper.bring_back(swept.files)
    for task_id, name, number in (("kd-1", "take 1 -1.mp4", 1), ("kd-3", "take 3.mp4", 3)):
        task = place.library.get(task_id)
        assert task is not None
        assert task.clip is not None
        assert task.clip.file == place.takes / name
        assert task.clip.file.read_bytes() == bytes([number]) * 100
        assert (task.watched, task.pick, task.stars) == (True, Pick.REJECTED, number)


async def test_a_file_that_is_gone_already_keeps_no_other(place: Place) -> None:
    (place.takes / "take 1.mp4").unlink()
    swept = await place.swept()
    assert (len(swept.files), swept.failed) == (1, 1)
    assert names(place.trash) == ["take 3.mp4"]


async def test_the_trash_is_emptied_after_a_week(place: Place) -> None:
    await place.swept()
    (place.trash / "not oursZ").mkdir()
    await place.sweeper.empty()
    assert len(names(place.trash)) == 2
    place.sweeper._now = lambda: NOON + timedelta(days=8)
    await place.sweeper.empty()
    assert names(place.trash) == []
    assert (place.trash / "not oursZ").exists()


@pytest.mark.parametrize("jump", [timedelta(days=8), timedelta(days=40), timedelta(days=365)])
async def test_a_clock_that_was_set_empties_no_trash(place: Place, tmp_path: Path, jump: timedelta) -> None:
    await place.swept()
    kept, dragged = names(place.trash), tmp_path / "dragged"
    dragged.mkdir()
    (dragged / "Fox_h01.mp4").write_bytes(b"a film")
    clock = KlingTime()
    place.sweeper._dragged, place.sweeper._now, place.sweeper._surely = dragged, lambda: NOON + jump, clock.surely
    await place.sweeper.empty()
    assert names(place.trash) == kept, "by this computer's clock alone"
    clock.tell(NOON + timedelta(minutes=1))
    await place.sweeper.empty()
    assert names(place.trash) == kept, "Kling says that a minute has passed"
    assert (dragged / "Fox_h01.mp4").exists()
    clock.tell(NOON + timedelta(days=8))
    await place.sweeper.empty()
    assert names(place.trash) == []


async def test_what_was_dragged_out_goes_with_it_when_nobody_has_read_it_for_long(place: Place, tmp_path: Path) -> None:
    dragged = tmp_path / "dragged"
    dragged.mkdir()
    (dragged / "Fox_h01.mp4").write_bytes(b"a film")
    place.sweeper._dragged, made_at = dragged, datetime.now(UTC)
    for days, is_there in ((29, True), (31, False)):
        place.sweeper._now = lambda: made_at + timedelta(days=days)  # noqa: B023 - called in this very round
        await place.sweeper.empty()
        assert (dragged / "Fox_h01.mp4").exists() is is_there


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(picks=frozenset({Pick.REJECTED})), ["kd-3", "kd-1"]),
        (Filter(picks=frozenset({Pick.PICKED, Pick.REJECTED})), ["kd-3", "kd-1", "kd-0"]),
        (Filter(stars_from=2), ["kd-3", "kd-2"]),
        (Filter(stars_from=2, picks=frozenset({Pick.REJECTED})), ["kd-3"]),
        (Filter("CLIP-1", picks=frozenset({Pick.REJECTED})), ["kd-1"]),
        (Filter(states=frozenset({Status.FAILED}), stars_from=1), []),
    ],
)
async def test_takes_are_filtered_by_what_was_thought_of_them(place: Place, wanted: Filter, found: list[str]) -> None:
    assert [task.id for task in place.library.page(wanted, 0, 9)] == found
    assert place.library.count(wanted) == len(found)
    assert [place.library.place(wanted, task_id) for task_id in found] == list(range(len(found)))


async def test_what_would_go_is_weighed_and_some_may_stay(place: Place) -> None:
    (place.takes / "take 3.mp4").unlink()
    weighed = await place.sweeper.weighed()
    assert [(each.task.id, each.files, each.size_bytes) for each in weighed] == [("kd-1", 1, 100)]
    await place.sweeper.sweep(only=frozenset({"kd-3"}))
    assert names(place.takes) == ["take 0.mp4", "take 1.mp4", "take 2.mp4"]


async def test_what_lies_on_a_drive_that_is_away_is_neither_swept_nor_forgotten(place: Place, tmp_path: Path) -> None:
    place.takes.rename(tmp_path / "unplugged")
    swept = await place.swept()
    assert (swept.files, swept.failed) == ((), 2)
    task = place.library.get("kd-1")
    assert task is not None
    assert task.clip is not None
    assert task.clip.file == place.takes / "take 1.mp4"


async def test_nothing_is_brought_back_beside_a_drive_that_is_away(place: Place, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    swept = await place.swept()
    moved = [replace(one, file=drive / "films" / one.file.name) for one in swept.files]
    drive.rmdir()
    await place.sweeper.bring_back(moved)
    assert not drive.exists()
    assert names(place.trash) == ["take 1.mp4", "take 3.mp4"]
    assert {fact.trouble.error for fact in place.facts if isinstance(fact, Noticed)} == {"DriveAbsent"}
