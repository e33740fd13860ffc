"""The history reads every page to its end, finds what the library lacks, adopts it once, and never makes anything."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.tasks import Extension, Filter, Standing, Status, Task
from kling_desktop.studio.feed import HistoryAdopted, HistoryEnded, HistoryRead
from kling_desktop.studio.history import History, files_by_ending, is_lost, soonest_first
from tests.harness.engine import QUICK, Engine, running
from tests.harness.media.films import film
from tests.harness.servers.odd_server import OddServer, response
from tests.harness.servers.stand_in import staged
from tests.harness.tasks import asked, done
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

NOW = datetime.now(UTC)


class Reader:
    """A history over a running engine."""

    def __init__(self, engine: Engine, takes: Path) -> None:
        self.engine = engine
        self.history = History(engine.library, engine.accounts, engine.studio, lambda: takes, QUICK)

    def told(self, kind: type) -> list[object]:
        return [fact for fact in self.engine.facts if isinstance(fact, kind)]

    async def reads(self) -> tuple[list[Task], HistoryEnded]:
        """Read the account to the end; what it lacks, and how it ended."""
        self.engine.facts.clear()
        self.history.read(SANDBOX)
        ended = await self.ends()
        pages = [fact for fact in self.engine.facts if isinstance(fact, HistoryRead)]
        return [task for page in pages for task in page.found], ended

    async def ends(self) -> HistoryEnded:
        ended = await until(lambda: self.told(HistoryEnded), what="the end")
        assert isinstance(ended[0], HistoryEnded)
        return ended[0]

    async def adopts(self, tasks: Sequence[Task]) -> HistoryEnded:
        self.engine.facts.clear()
        self.history.adopt(tasks)
        return await self.ends()


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    (tmp_path / "engine" / "takes").mkdir(parents=True)
    return tmp_path / "engine" / "takes"


@asynccontextmanager
async def reading(sandbox: Sandbox, takes: Path) -> AsyncIterator[Reader]:
    async with running(sandbox, takes.parent) as engine:
        yield Reader(engine, takes)


def of(tasks: Sequence[Task], tag: str) -> Task:
    return next(task for task in tasks if task.id == tag)


async def test_all_that_the_account_has_is_found_with_what_kling_knows(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        found, ended = await reader.reads()
        assert ended == HistoryEnded(complete=True, trouble=None)
        assert len(found) == 13
        take = of(found, "night-harbour")
        assert (take.kind, take.status, take.units) == (Kind.TEXT, Status.SUCCEEDED, Decimal(7))
        assert take.extension == Extension("")
        assert take.accepted_at == take.asked_at
        assert take.clip is not None
        assert of(found, "balloon-morning").kind is Kind.IMAGE
        assert of(found, "refused-by-risk-control").status is Status.FAILED
        assert reader.engine.library.count(Filter()) == 0, "to find is not to adopt"


async def test_what_was_adopted_is_not_found_again_and_comes_home_by_itself(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        found, _ = await reader.reads()
        wanted = [of(found, tag) for tag in ("dawn-lake", "gone", "refused-by-risk-control")]
        assert (await reader.adopts(wanted)).complete
        adopted = [fact.kling_id for fact in reader.engine.facts if isinstance(fact, HistoryAdopted)]
        assert adopted == [wanted[0].kling_id, wanted[2].kling_id, wanted[1].kling_id], "what can be saved goes first"
        take = await reader.engine.until(wanted[0], lambda task: task.clip and task.clip.file)
        assert take.clip is not None
        assert take.clip.file is not None
        assert take.clip.file.parent == takes
        gone = reader.engine.library.get("gone")
        assert gone is not None
        assert gone.trouble is not None
        assert (gone.trouble.error, gone.watched) == ("LinkExpired", False)
        found, _ = await reader.reads()
        assert len(found) == 10
        assert reader.engine.library.unfinished() == []
        assert reader.engine.creates() == 0


async def test_a_task_that_is_still_being_made_is_followed_to_its_end(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        reader.engine.tell("faults", do="stuck")
        ours = reader.engine.submit("A kite")
        await reader.engine.until(ours, lambda task: task.status.at_kling)
        assert ours.id not in {task.id for task in (await reader.reads())[0]}, "what the library has is no find"
        reader.engine.studio.forget(ours.id)
        find = of((await reader.reads())[0], ours.id)
        assert find.status.at_kling
        await reader.adopts([find, find])
        reader.engine.tell("finish", id=find.kling_id)
        take = await reader.engine.until(ours, lambda task: task.clip and task.clip.file, timeout=30)
        assert take.extension.video_id == reader.engine.clip_id("dawn-lake")
        assert reader.engine.creates() == 1


async def test_an_id_that_is_taken_is_not_given_twice(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        mine = replace(asked(1, status=Status.FAILED), id="dawn-lake", kling_id="")
        reader.engine.library.put(mine)
        found, _ = await reader.reads()
        assert "dawn-lake" not in {task.id for task in found}
        assert sum(task.id == f"kling-{task.kling_id}" for task in found) == 1
        twins = [replace(task, id="twin", watched=False) for task in found[:2]]
        await reader.adopts(twins)
        assert {task.id for task in reader.engine.studio.ledger.page(Filter(), 0, 9)} >= {"dawn-lake", "twin"}
        assert reader.engine.library.count(Filter()) == 3


async def test_a_page_that_fails_is_asked_for_again(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        reader.engine.tell("faults", do="html_502", on="list", times=3)
        found, ended = await reader.reads()
        assert ended.complete
        assert len(found) == 13


async def test_one_list_that_is_refused_does_not_hide_the_others(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        reader.engine.tell("faults", do="refuse", code=1203, on="list", times=1)
        found, ended = await reader.reads()
        assert len(found) == 13, "the list of extensions was empty anyway"
        assert not ended.complete
        assert ended.trouble is not None
        assert ended.trouble.code == 1203


async def test_a_stop_is_told_even_when_nothing_had_begun(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        reader.history.read(SANDBOX)
        reader.history.stop()
        assert await reader.ends() == HistoryEnded(complete=False, trouble=None)
        reader.engine.facts.clear()
        reader.history.read(SANDBOX)
        reader.history.read(SANDBOX)
        assert (await reader.ends()).complete
        await asyncio.sleep(0)
        assert len(reader.told(HistoryEnded)) == 1, "the end of the older reading is no news"


async def test_a_whole_file_is_used_and_a_broken_one_is_fetched_anew(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        found, _ = await reader.reads()
        await reader.adopts([of(found, "dawn-lake")])
        take = await reader.engine.until(of(found, "dawn-lake"), lambda task: task.clip and task.clip.file)
        assert take.clip is not None
        assert take.clip.file is not None
        broken, other = of(found, "tall-valley"), of(found, "square-tide")
        assert broken.clip is not None
        assert other.clip is not None
        shutil.copy(take.clip.file, whole := takes / f"x_{take.clip.id} -1.mp4")
        take.clip.file.unlink()
        (takes / f"y_{broken.clip.id}.mp4").write_bytes(whole.read_bytes()[:5000])
        film(takes / f"z_{other.clip.id}.mp4")
        reader.engine.studio.forget("dawn-lake")
        found, _ = await reader.reads()
        await reader.adopts([of(found, tag) for tag in ("dawn-lake", "tall-valley", "square-tide")])
        again = reader.engine.library.get("dawn-lake")
        assert again is not None
        assert again.clip is not None
        assert again.clip.file == whole
        for task in (broken, other):
            fetched = await reader.engine.until(task, lambda task: task.clip and task.clip.file)
            assert fetched.clip is not None
            assert fetched.clip.file is not None
            assert fetched.clip.file.name.startswith("2"), "a fresh one: too short or broken ones are left alone"


def test_only_films_named_after_a_clip_count(tmp_path: Path) -> None:
    for name in (
        "2026-11-22_a_b_10s_743.mp4",
        "2026-11-22_743_watermark.mp4",
        "n_744 -2.mp4",
        "n_745.mp4.part",
        "x.mp4",
    ):
        (tmp_path / name).touch()
    found = files_by_ending(tmp_path)
    assert found["743"].name == "2026-11-22_a_b_10s_743.mp4"
    assert found["743_watermark"].name == "2026-11-22_743_watermark.mp4"
    assert found["744"].name == "n_744 -2.mp4"
    assert "745" not in found
    assert files_by_ending(tmp_path / "missing") == {}


def test_what_dies_soonest_comes_first_and_what_is_lost_last() -> None:
    def left(number: int, days: int) -> Task:
        clip = Clip(f"c{number}", url="https://h/x", expires_at=NOW + timedelta(days=days))
        return replace(done(number), clip=clip)

    lost, late, soon, kept = left(1, -1), left(2, 20), left(3, 2), left(4, -3)
    assert kept.clip is not None
    kept = replace(kept, clip=replace(kept.clip, file=Path("/x.mp4")))
    running_one, failed = asked(5), asked(6, status=Status.FAILED)
    ordered = soonest_first([lost, failed, running_one, late, soon, kept], NOW)
    assert ordered == [kept, soon, late, running_one, failed, lost]
    assert [is_lost(task, NOW) for task in ordered] == [False, False, False, False, False, True]


def test_of_takes_that_go_in_the_same_second_the_older_comes_first() -> None:
    """Or of two takes of a hop the older would stand in the tree as the newer, and be the film's."""
    clip = Clip("c", url="https://h/x", expires_at=NOW + timedelta(days=2))
    older = replace(done(1), id="z", clip=clip)
    newer = replace(done(1), id="a", clip=clip, asked_at=older.asked_at + timedelta(milliseconds=300))
    assert soonest_first([newer, older], NOW) == [older, newer]


def test_a_young_take_of_which_a_list_names_no_file_is_not_called_lost() -> None:
    bare = replace(done(1), clip=None)
    for task in (bare, replace(bare, clip=Clip("c1"))):
        assert not is_lost(task, task.asked_at + timedelta(days=29))
        assert is_lost(task, task.asked_at + timedelta(days=31))


async def test_what_kling_does_not_have_cannot_be_adopted(sandbox: Sandbox, takes: Path) -> None:
    async with reading(sandbox, takes) as reader:
        with pytest.raises(ValueError, match="queued"):
            reader.engine.studio.adopt(asked(1, status=Status.QUEUED))
        assert reader.engine.library.count(Filter()) == 0


async def test_every_video_of_an_answer_is_adopted_as_a_take(tmp_path: Path) -> None:
    """Also one beside a take that the library has, such as one that an older version had adopted alone."""
    bodies = {f"/{n}.mp4": film(tmp_path / f"{n}.mp4", range(24 + 6 * n)).read_bytes() for n in range(3)}
    with OddServer(lambda heard: [response(bodies[heard.target], Content_Type="video/mp4")]) as host:
        async with staged(tmp_path / "engine") as stage:
            clips = [Clip(f"9{n}", url=f"{host.url}/{n}.mp4", made_at=NOW, kling_id="5") for n in range(3)]
            answer = Standing(
                "5", Kind.EXTENSION, Status.SUCCEEDED, clip=clips[0], more=tuple(clips[1:]), units=Decimal(2)
            )
            reader, library = Reader(stage.engine, stage.engine.shelf.takes), stage.engine.library

            async def finds() -> list[Task]:
                stage.kling.pages = [[answer], []]
                return (await reader.reads())[0]

            async def kept() -> list[Task]:
                tasks = await until(lambda: [t for t in library.page(Filter(), 0, 9) if t.clip and t.clip.file][2:])
                assert len(tasks) == 1
                return library.page(Filter(), 0, 9)

            found = await finds()
            assert len(found) == 1, "one row for a task of Kling's"
            await reader.adopts(found)
            takes = await kept()
            assert len({task.clip.file.read_bytes() for task in takes if task.clip and task.clip.file}) == 3
            assert sum(task.units or 0 for task in takes) == 2
            assert await finds() == []

            second = next(task for task in takes if task.clip and task.clip.id == "91")
            stage.engine.studio.forget(second.id)
            again = await finds()
            assert [task.clip.id for task in again if task.clip] == ["91"]
            await reader.adopts(again)
            assert second.id in {task.id for task in await kept()}
            assert stage.kling.count("create") == 0
