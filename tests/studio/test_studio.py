"""The studio: its verbs at any instant, one life for a task at a time, and accidents that end none of them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.domain.accounts import SANDBOX, Profile, Region
from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.errors import DuplicateId
from kling_desktop.store.schema import connect
from kling_desktop.studio.feed import Noticed
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.tasks import done
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

_PACE = Pace(scale=0.02)


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        yield engine


def _kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


@pytest.mark.parametrize("turns", [0, 1, 2, 4, 8, 30, 100])
async def test_forgotten_and_taken_back_at_any_instant_it_is_made_once(engine: Engine, turns: int) -> None:
    task = engine.submit()
    for _ in range(turns):
        await asyncio.sleep(0.001)
    engine.studio.restore(engine.studio.forget(task.id))
    engine.studio.stop_watching(task.id)
    engine.studio.watch(task.id)
    await until(lambda: _decided(engine, task), what="the task to be kept")
    assert engine.books(task)["created"] == 1
    assert engine.books(task)["refused_duplicates"] == 0


def _decided(engine: Engine, task: Task) -> bool:
    """The creator sends again what was cut off before it came to Kling."""
    now = engine.library.get(task.id)
    assert now is not None
    if now.trouble is not None and now.trouble.error == "Untraced":
        engine.studio.send_again(task.id)
    return _kept(now)


async def test_a_forgotten_task_does_not_come_back_by_itself(engine: Engine) -> None:
    tasks = [engine.submit(f"take {number}") for number in range(3)]
    await until(lambda: engine.studio.lines.queue(SANDBOX).sending, what="one to be written before it is sent")
    for task in tasks:
        engine.studio.forget(task.id)
    await engine.studio._lives.close()
    assert [engine.library.get(task.id) for task in tasks] == [None] * 3


async def test_what_is_no_longer_watched_stays_so_over_a_restart(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.tell("faults", on="create", do="stuck")
        task = await engine.until(engine.submit(), lambda now: now.status.at_kling)
        engine.studio.stop_watching(task.id)
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        assert engine.studio.resume() == 0
        engine.tell("finish", id=task.id)
        engine.studio.watch(task.id)
        await engine.until(task, _kept)


async def test_a_task_that_has_not_ended_is_not_asked_for_twice(engine: Engine) -> None:
    engine.tell("faults", on="create", do="stuck")
    task = await engine.until(engine.submit(), lambda now: now.status.at_kling)
    with pytest.raises(ValueError, match="has not ended"):
        engine.studio.retry(task)


async def test_an_id_that_the_library_has_is_not_given_to_another(engine: Engine) -> None:
    first = engine.submit("first", own_id="mine")
    with pytest.raises(DuplicateId):
        engine.studio.submit(Extension("1", "second", own_id="mine"), SANDBOX)
    assert engine.library.get("mine") == first


async def test_a_task_keeps_the_profile_that_it_was_sent_with(sandbox: Sandbox, tmp_path: Path) -> None:
    profile = Profile("Studio B", Region.CUSTOM, "https://kling.example")
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        task = engine.submit(profile=profile, video_id="1")
        await engine.until(task, _lacks_keys)
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.studio.resume()
        assert (await engine.until(task, _lacks_keys)).profile == profile


async def test_of_many_takes_that_are_to_be_brought_home_few_begin_in_one_turn(engine: Engine) -> None:
    """Thousands would hold the window for a second. What is taken out or let be meanwhile does not begin."""
    many = [without_file(number) for number in range(60)]
    for task in many:
        engine.library.put(task)
    assert engine.studio.resume() == len(many)
    await asyncio.sleep(0)
    assert 0 < len(_lives(many)) <= len(many) // 3
    left, out = many[-1], many[-2]
    engine.studio.stop_watching(left.id)
    engine.studio.forget(out.id)
    rest = {task.id for task in many[:-2]}
    await until(lambda: _lives(many) == rest, what="all others to begin")


async def test_of_thousands_of_takes_most_begin_when_those_before_them_are_here(engine: Engine) -> None:
    """What waits costs memory, and would stand before a take that the creator has just made."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        many = [without_file(number, silent.getsockname()[1]) for number in range(400)]
        for task in many:
            engine.library.put(task)
        engine.studio.resume()
        await until(lambda: len(_lives(many)) > 100, what="as many as wait in line")
        for _ in range(5000):
            await asyncio.sleep(0)
        assert len(_lives(many)) < 200


def without_file(number: int, port: int = 1) -> Task:
    """Nothing answers at the address of its film: it is tried again, without end."""
    task = done(number)
    assert task.clip is not None
    return replace(task, profile=SANDBOX, clip=replace(task.clip, url=f"http://127.0.0.1:{port}/film.mp4", file=None))


def _lives(tasks: Sequence[Task]) -> set[str]:
    names = {life.get_name() for life in asyncio.all_tasks()}
    return {task.id for task in tasks if f"life of {task.id}" in names}


def _lacks_keys(task: Task) -> bool:
    return task.trouble is not None and task.trouble.error in ("KeysMissing", "KeyringMissing")


@pytest.mark.expects_log("library could not be written")
async def test_a_library_that_cannot_be_written_is_told_once_and_waited_for(engine: Engine, tmp_path: Path) -> None:
    """A read-only moment: SQLite itself refuses every change."""
    engine.tell("faults", on="create", do="stuck", times=2)
    tasks = [await engine.until(engine.submit(f"take {n}"), lambda now: now.status.at_kling) for n in range(2)]
    engine.library._connection.execute("PRAGMA query_only = ON")
    for task in tasks:
        engine.tell("finish", id=task.id)
    await until(lambda: any(isinstance(fact, Noticed) for fact in engine.facts), what="the trouble to be told")
    engine.library._connection.execute("PRAGMA query_only = OFF")
    for task in tasks:
        await engine.until(task, _kept)
    assert len([fact for fact in engine.facts if isinstance(fact, Noticed)]) == 1
    assert engine.creates() == 2


@pytest.mark.expects_log("broke off")
async def test_an_accident_of_ours_ends_no_life(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    accidents = iter([RuntimeError("a bug")])

    def stumble(*_: object) -> None:
        for accident in accidents:
            raise accident

    engine.tell("faults", on="create", do="stuck")
    task = await engine.until(engine.submit(), lambda now: now.status.at_kling)
    monkeypatch.setattr(engine.studio.clips, "note", stumble)
    engine.tell("finish", id=task.id)
    await engine.until(task, _kept)
    assert next(accidents, None) is None
    assert engine.creates() == 1


async def test_a_second_refusal_says_nothing_of_the_first_sending(engine: Engine) -> None:
    """Made by the first sending, not found for long, sent again and refused for another reason: it is still ours."""
    engine.tell("faults", on="create", do="gateway_after")
    engine.tell("faults", on="query", do="refuse", code=1203, http=404, times=-1)
    engine.tell("faults", on="list", do="vanish", times=-1)
    task = await engine.until(engine.submit(), lambda now: bool(now.trouble and now.trouble.error == "Untraced"))
    engine.tell("faults", on="create", do="content")
    engine.clear_faults()
    engine.studio.send_again(task.id)
    await engine.until(task, _kept)
    assert engine.books(task)["created"] == 1
    assert engine.creates() == 1, "looked up before it was sent again"


async def test_undo_brings_a_finished_take_back(engine: Engine) -> None:
    task = await engine.until(engine.submit(), _kept)
    forgotten = engine.studio.forget(task.id)
    engine.studio.restore(forgotten)
    assert engine.library.get(task.id) == replace(forgotten)


async def test_a_file_that_was_taken_away_is_fetched_again(engine: Engine) -> None:
    kept = await engine.until(engine.submit(), _kept)
    assert engine.studio.check_file(kept) == kept
    assert kept.clip is not None
    assert kept.clip.file is not None
    kept.clip.file.unlink()
    missing = engine.studio.check_file(kept)
    assert missing.clip is not None
    assert missing.clip.file is None
    again = await engine.until(kept, _kept)
    assert again.clip is not None
    assert again.clip.file is not None
    assert again.clip.file.exists()
    assert engine.creates() == 1


async def test_a_draft_waits_while_another_program_holds_the_library(engine: Engine) -> None:
    file = engine.library.database._path
    with closing(connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        engine.studio.drafts.save(Extension("6", "older words"))
        engine.studio.drafts.save(Extension("6", "the newest words"))
        assert engine.studio.drafts.last() is None
        other.execute("ROLLBACK")
    await until(lambda: engine.studio.drafts.last() == Extension("6", "the newest words"))
