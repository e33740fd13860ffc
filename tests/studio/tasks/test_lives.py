"""Lives: every take that Kling made comes home with a file of its own, and no task has two lives at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from kling_desktop import errors
from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.tasks import Filter, Standing, Status, Task
from kling_desktop.domain.units import Reservation
from kling_desktop.errors import Remedy
from kling_desktop.store.library import Library
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.tasks.recovery import remedy_of
from tests.harness.media.films import film
from tests.harness.servers.odd_server import Heard, OddServer, response
from tests.harness.servers.stand_in import VIDEO_ID, Staged, staged
from tests.harness.waiting import until


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Staged]:
    async with staged(tmp_path / "data") as stage:
        yield stage


@pytest.fixture
def films(tmp_path: Path) -> Iterator[OddServer]:
    """A media host with four films, /0.mp4 to /3.mp4, of 24, 30, 36 and 42 pictures; nothing else is there."""
    bodies = {
        f"/{number}.mp4": film(tmp_path / f"{number}.mp4", range(24 + 6 * number)).read_bytes() for number in range(4)
    }

    def answer(heard: Heard) -> Iterable[bytes]:
        body = bodies.get(heard.target)
        return [response(b"gone", "404 Not Found") if body is None else response(body, Content_Type="video/mp4")]

    with OddServer(answer) as server:
        yield server


def _clip(films: OddServer, number: int, id: str) -> Clip:
    return Clip(id, Kind.EXTENSION, url=f"{films.url}/{number}.mp4", made_at=datetime.now(UTC))


def _kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


def _end(stage: Staged, task: Task, *clips: Clip, status: Status = Status.SUCCEEDED, **more: object) -> None:
    """Kling ends the task."""
    kling_id = next(id for id, standing in stage.kling.made.items() if standing.external_id == task.id)
    named = [replace(clip, kling_id=kling_id) for clip in clips]
    stage.kling.made[kling_id] = replace(
        stage.kling.made[kling_id],
        status=status,
        clip=named[0] if named else None,
        more=tuple(named[1:]),
        **more,  # type: ignore[arg-type]  # of any field
    )


async def _running(stage: Staged, prompt: str = "a puppy") -> Task:
    return await stage.engine.until(stage.engine.submit(prompt, video_id=VIDEO_ID), lambda now: now.status.at_kling)


def _bytes_of(task: Task) -> bytes:
    assert task.clip is not None
    assert task.clip.file is not None
    return task.clip.file.read_bytes()


async def test_two_takes_of_one_video_id_are_two_takes_with_their_own_files(stage: Staged, films: OddServer) -> None:
    one, two, three = [await _running(stage) for _ in range(3)]
    for number, task in enumerate((one, two, three)):
        _end(stage, task, _clip(films, number, "9"))
        kept = await stage.engine.until(task, _kept)
        assert len(_bytes_of(kept)) > 0
    files = [await stage.engine.until(task, _kept) for task in (one, two, three)]
    assert len({task.clip.file for task in files if task.clip}) == 3
    assert len({_bytes_of(task) for task in files}) == 3
    assert [stage.engine.library.get(task.id) for task in files] == files


async def test_every_video_of_an_answer_becomes_a_take(stage: Staged, films: OddServer) -> None:
    task = await _running(stage)
    _end(stage, task, *(_clip(films, number, f"9{number}") for number in range(3)), units=Decimal(2))
    await stage.engine.until(task, _kept)
    takes = await until(
        lambda: (
            [take for take in stage.engine.library.page(Filter(), 0, 9) if _kept(take)][2:]
            and stage.engine.library.page(Filter(), 0, 9)
        )
    )
    assert len({_bytes_of(take) for take in takes}) == 3
    assert sum(take.units or 0 for take in takes) == 2
    assert {take.kling_id for take in takes} == {stage.engine.library.page(Filter(), 0, 1)[0].kling_id}


async def test_the_further_videos_of_an_answer_come_home_after_a_restart(tmp_path: Path, films: OddServer) -> None:
    gone = _clip(films, 9, "91")
    async with staged(tmp_path / "data") as stage:
        task = await _running(stage)
        _end(stage, task, _clip(films, 0, "90"), gone)
        await stage.engine.until(task, _kept)
        await until(lambda: stage.engine.library.get(f"{task.id}-2"), what="the second take")
    async with staged(tmp_path / "data", stage.kling) as again:
        _end(again, task, _clip(films, 0, "90"), _clip(films, 1, "91"))  # Kling signs its addresses anew
        assert again.engine.studio.resume() == 1
        second = again.engine.library.get(f"{task.id}-2")
        assert second is not None
        assert len(_bytes_of(await again.engine.until(second, _kept))) > 0


@pytest.mark.parametrize("reason", ["generation timed out", "Failure to pass the risk control system", ""])
async def test_a_failure_that_cost_units_says_both(stage: Staged, reason: str) -> None:
    task = await _running(stage)
    _end(stage, task, status=Status.FAILED, units=Decimal("3.5"), message=reason)
    failed = await stage.engine.until(task, lambda now: now.status is Status.FAILED)
    assert failed.units == Decimal("3.5")
    assert failed.trouble is not None
    kind = errors.kind_of(failed.trouble)
    assert kind.charge is errors.Charge.YES
    assert "does not charge" not in kind.advice
    assert failed.trouble.message == reason


async def test_a_film_that_comes_with_a_failure_is_kept_as_a_take(stage: Staged, films: OddServer) -> None:
    task = await _running(stage)
    _end(stage, task, _clip(films, 0, "90"), raw_status="failed", message="render node lost", units=Decimal(2))
    kept = await stage.engine.until(task, _kept)
    assert (kept.is_called_failed, kept.message, kept.trouble) == (True, "render node lost", None)
    assert len(_bytes_of(kept)) > 0


async def test_a_failure_whose_film_is_not_there_is_a_failure(stage: Staged, films: OddServer) -> None:
    task = await _running(stage)
    _end(stage, task, _clip(films, 9, "90"), raw_status="failed", message="render node lost")
    failed = await stage.engine.until(task, lambda now: now.status is Status.FAILED)
    assert failed.trouble is not None
    assert (failed.trouble.error, failed.trouble.message) == ("TaskFailed", "render node lost")
    assert (failed.clip, failed.raw_status) == (None, "")
    assert stage.engine.library.unfinished() == []


async def test_a_take_that_kling_calls_done_without_a_file_is_not_said_to_be_safe_there(stage: Staged) -> None:
    task = await _running(stage)
    _end(stage, task, units=Decimal(2))
    ended = await stage.engine.until(task, lambda now: now.trouble)
    assert ended.trouble is not None
    assert errors.kind_of(ended.trouble) is errors.FileUnnamed
    assert "safe at Kling" not in errors.FileUnnamed.advice
    assert remedy_of(ended) is Remedy.FETCH
    assert ended.units == Decimal(2)


@pytest.mark.expects_log("names Kling's task 999")
async def test_an_answer_of_another_kling_id_changes_nothing(stage: Staged) -> None:
    task = await _running(stage)
    known = stage.engine.library.get(task.id)
    stage.kling.queries = [replace(stage.kling.found(task.id), kling_id="999", status=Status.FAILED)]
    asked = stage.kling.count("query")
    stage.engine.studio.look_up(task.id)
    await until(lambda: stage.kling.count("query") > asked + 1)
    assert stage.engine.library.get(task.id) == known


async def test_our_own_id_told_back_as_kling_s_is_none_of_kling_s(stage: Staged) -> None:
    stage.kling.creates = [lambda id: replace(stage.kling.make(id), kling_id=id)]
    task = stage.engine.submit(video_id=VIDEO_ID)
    made = stage.kling.found((await stage.engine.until(task, lambda now: now.status.at_kling)).id)
    stage.engine.studio.look_up(task.id)
    known = await stage.engine.until(task, lambda now: now.kling_id == made.kling_id)
    assert known.status.at_kling


async def test_a_take_that_is_lost_for_good_is_not_watched_any_more(stage: Staged, films: OddServer) -> None:
    task = await _running(stage)
    dead = replace(_clip(films, 9, "90"), expires_at=datetime.now(UTC) - timedelta(days=1))
    _end(stage, task, dead)
    lost = await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "LinkExpired")
    assert not lost.watched
    assert stage.engine.library.unfinished() == []


async def test_a_task_has_one_life_at_a_time(stage: Staged) -> None:
    gate = asyncio.Event()

    async def slow(id: str) -> object:
        made = stage.kling.make(id)
        await gate.wait()
        return made

    stage.kling.creates = [slow]
    task = stage.engine.submit(video_id=VIDEO_ID)
    await until(lambda: stage.kling.count("create") == 1)
    stage.engine.studio.watch(task.id)
    stage.engine.studio.resume()
    stage.engine.studio.stop_watching(task.id)
    stage.engine.studio.watch(task.id)
    gate.set()
    await stage.engine.until(task, lambda now: now.status.at_kling)
    lives = [job for job in asyncio.all_tasks() if job.get_name() == f"life of {task.id}"]
    assert len(lives) == 1
    assert stage.kling.count("create") == len(stage.kling.made) == 1


async def test_a_second_life_reads_the_library_when_the_first_has_written_its_last(tmp_path: Path) -> None:
    writes, released, put, get = Event(), Event(), Library.put_durably, Library.get
    read: list[str] = []

    def slow(self: Library, task: Task, reservation: Reservation | None = None) -> None:
        writes.set()
        released.wait(30)
        put(self, task, reservation)

    def noted(self: Library, task_id: str) -> Task | None:
        read.append(task_id)
        return get(self, task_id)

    async with staged(tmp_path / "data") as stage:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Library, "put_durably", slow)
            task = stage.engine.submit(video_id=VIDEO_ID)
            await until(writes.is_set)
            stage.engine.studio.stop_watching(task.id)
            stage.engine.studio.watch(task.id)
            patched.setattr(Library, "get", noted)
            for _ in range(20):  # turns of the loop, in which the second would long have begun
                await asyncio.sleep(0)
            assert read == []
            released.set()
            await until(lambda: read)
        await stage.engine.until(task, lambda now: now.status.at_kling)
        assert stage.kling.count("create") == 1


@pytest.mark.parametrize("restarts", [0, 1, 2])
async def test_a_studio_that_closes_waits_for_every_write_and_begins_nothing(tmp_path: Path, restarts: int) -> None:
    writes, released, real = Event(), Event(), Library.put_durably
    ended: list[bool] = []

    def slow(self: Library, task: Task, reservation: Reservation | None = None) -> None:
        writes.set()
        released.wait(30)
        real(self, task, reservation)
        ended.append(True)

    async with staged(tmp_path / "data") as stage:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Library, "put_durably", slow)
            studio = stage.engine.studio
            task = stage.engine.submit(video_id=VIDEO_ID)
            await until(writes.is_set)
        for _ in range(restarts):
            studio.stop_watching(task.id)
            studio.watch(task.id)
        asyncio.get_running_loop().call_later(0.1, released.set)
        await studio.__aexit__()
        assert ended == [True]
        assert stage.engine.library.get(task.id) == replace(task, watched=True)
        studio.watch(task.id)
        assert not [job for job in asyncio.all_tasks() if job.get_name() == f"life of {task.id}"]


async def test_a_studio_that_closes_hears_the_answer_to_what_it_sends_and_sends_nothing_more(tmp_path: Path) -> None:
    answers = asyncio.Event()

    async with staged(tmp_path / "data", pace=Pace()) as stage:

        async def late(task_id: str) -> Standing:
            await answers.wait()
            return stage.kling.make(task_id)

        stage.kling.creates = [late]
        sent, waiting = (stage.engine.submit(words, video_id=VIDEO_ID) for words in ("a puppy", "a kitten"))
        await until(lambda: stage.kling.count("create") == 1)
        asyncio.get_running_loop().call_later(0.1, answers.set)
        await stage.engine.studio.__aexit__()
        heard = stage.engine.library.get(sent.id)
        assert heard is not None
        assert heard.status is Status.SUBMITTED
        assert stage.engine.library.get(waiting.id) == waiting
        assert stage.kling.count("create") == 1


async def test_a_studio_that_closes_does_not_wait_for_ever_for_an_answer(tmp_path: Path) -> None:
    async with staged(tmp_path / "data") as stage:

        async def never(task_id: str) -> Standing:
            await asyncio.Event().wait()
            return stage.kling.make(task_id)

        stage.kling.creates = [never]
        task = stage.engine.submit("a puppy", video_id=VIDEO_ID)
        await until(lambda: stage.kling.count("create") == 1)
        await stage.engine.studio.__aexit__()
        unheard = stage.engine.library.get(task.id)
        assert unheard is not None
        assert unheard.status is Status.SENDING  # to be looked up at the next start


@pytest.mark.parametrize(
    "error", [UnicodeEncodeError("gbk", "x", 0, 1, "odd"), OverflowError("port"), ValueError("odd")]
)
@pytest.mark.expects_log("the life of task .* broke off")
async def test_an_error_of_ours_becomes_the_task_s_trouble_with_a_remedy(stage: Staged, error: Exception) -> None:
    stage.kling.creates = [error]
    stage.kling.queries = [error]
    task = stage.engine.submit(video_id=VIDEO_ID)
    stuck = await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "KlingDesktopError")
    assert remedy_of(stuck) in (Remedy.LOOK_UP, Remedy.SEND_NOW)
    stage.kling.creates = stage.kling.queries = []
    stage.kling.make(task.id)
    stage.engine.studio.look_up(task.id)
    assert (await stage.engine.until(task, lambda now: now.status.at_kling)).trouble is None
