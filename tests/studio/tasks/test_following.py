"""Following: few requests, no task kept waiting by another's answer, nothing of ours ever ends a task."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Extension, Standing, Status, Task
from kling_desktop.errors import AskedTooOften, TimedOut
from kling_desktop.studio.feed import ProfileTroubled, TaskChanged
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.tasks.following import Follower
from kling_desktop.studio.tasks.standing import apply_standing
from tests.harness.engine import Engine, running
from tests.harness.servers.stand_in import VIDEO_ID, Staged, StandIn, staged
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling
    from kling_desktop.sandbox.server import Sandbox

_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _asked_for(stage: Staged, task: Task) -> int:
    return stage.kling.asked.count(f"query {task.kling_id}")


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data", Pace(scale=0.1)) as engine:
        yield engine


def _at_kling(task: Task) -> bool:
    return task.status.at_kling


def _done(task: Task) -> bool:
    return task.status is Status.SUCCEEDED


def _questions(engine: Engine) -> list[str]:
    """'list', or the task that was asked for, of each status question so far."""
    asked = [r for r in engine.ask("requests") if r["method"] == "GET" and r["path"].startswith("/v1/")]
    return ["list" if r["path"].endswith("/video-extend") else r["path"].rpartition("/")[2] for r in asked]


async def _running_tasks(engine: Engine, count: int) -> list[Task]:
    engine.tell("slots", slots=count + 1)
    engine.tell("faults", on="create", do="stuck", times=count)
    tasks = [engine.submit(f"take {number}") for number in range(count)]
    return [await engine.until(task, _at_kling) for task in tasks]


_ROUNDS = 25


async def test_many_tasks_are_asked_for_in_one_request(engine: Engine) -> None:
    tasks = await _running_tasks(engine, 8)
    for _ in range(_ROUNDS):  # a loaded machine may part them for a while: then some come due by themselves
        before = len(_questions(engine))
        await engine.answered(tasks)
        asked = _questions(engine)[before:]
        if set(asked) == {"list"} and len(asked) <= 3:
            return
    pytest.fail(f"eight tasks were asked for by {asked}")


async def test_an_answer_that_brings_nothing_new_is_neither_written_nor_told(engine: Engine) -> None:
    tasks = await _running_tasks(engine, 2)
    await until(lambda: all(now and now.status is Status.PROCESSING for now in map(engine.now, tasks)))
    before = [engine.told(task) for task in tasks]
    await engine.answered(tasks, 3)
    assert [engine.told(task) for task in tasks] == before


async def test_many_answers_are_handed_out_a_few_in_one_turn_of_the_loop(tmp_path: Path) -> None:
    async with staged(tmp_path / "data", pace=Pace(scale=0.05)) as stage:
        tasks = [stage.engine.submit(f"take {number}", video_id=VIDEO_ID) for number in range(60)]
        for task in tasks:
            await stage.engine.until(task, _at_kling)
        batches: list[int] = []  # the feed tells all of one turn at once
        stage.engine.studio.feed.subscribe(
            lambda facts: batches.append(sum(isinstance(fact, TaskChanged) for fact in facts))
        )
        for kling_id, standing in stage.kling.made.items():
            stage.kling.made[kling_id] = replace(standing, status=Status.PROCESSING)
        await until(lambda: all(now and now.status is Status.PROCESSING for now in map(stage.engine.now, tasks)))
        await until(lambda: sum(batches) >= 60, what="all to be told of")  # in the turn after the last was written down
    assert max(batches) <= 16  # two slices may meet in one turn


async def test_one_strange_answer_keeps_no_other_task_waiting(engine: Engine) -> None:
    first, second = await _running_tasks(engine, 2)
    engine.tell("faults", on="query", do="broken_json", match=first.kling_id, times=-1)
    engine.tell("finish", id=second.id)
    await engine.until(second, _done)
    engine.clear_faults()
    engine.tell("finish", id=first.id)
    await engine.until(first, _done)


async def test_a_list_that_cannot_be_read_is_done_without(engine: Engine) -> None:
    tasks = await _running_tasks(engine, 5)
    engine.tell("faults", on="list", do="broken_json", times=-1)
    for task in tasks:
        engine.tell("finish", id=task.id)
    for task in tasks:
        await engine.until(task, _done)


async def test_what_is_not_in_the_list_is_asked_for_singly(engine: Engine) -> None:
    tasks = await _running_tasks(engine, 5)
    engine.tell("faults", on="list", do="vanish", times=-1)  # an account with many newer tasks
    engine.tell("finish", id=tasks[0].id)
    await engine.until(tasks[0], _done)


async def test_a_vanished_task_is_told_and_asked_for_again(engine: Engine) -> None:
    engine.tell("faults", on="query", do="refuse", code=1203, http=404, times=2)
    task = engine.submit()
    lost = await engine.until(task, lambda now: now.trouble is not None)
    assert lost.status.at_kling
    assert lost.trouble is not None
    assert (lost.trouble.error, lost.trouble.code) == ("Vanished", 1203)
    engine.studio.look_up(task.id)
    assert (await engine.until(task, _done)).trouble is None


async def test_a_task_that_is_lost_is_asked_about_seldom(tmp_path: Path) -> None:
    pace = Pace(scale=0.02)
    async with staged(tmp_path / "data", pace=pace) as stage:
        lost, running = [
            await stage.engine.until(stage.engine.submit(video_id=VIDEO_ID), lambda now: bool(now.kling_id))
            for _ in range(2)
        ]
        del stage.kling.made[lost.kling_id]
        clock = asyncio.get_running_loop().time
        began, before, asked = clock(), _asked_for(stage, lost), _asked_for(stage, running)
        await until(lambda: _asked_for(stage, running) >= asked + 15, 30)
        late = stage.engine.studio.lines.pace(SANDBOX).late()
        assert _asked_for(stage, lost) - before <= (clock() - began) / late + 2


async def test_of_many_beyond_the_list_those_that_waited_longest_are_asked_for_first() -> None:
    kling = StandIn()
    kling.pages = [[]]
    made = [kling.make(f"own-{number}") for number in range(12)]
    tasks = [
        Task(told.external_id, Extension(VIDEO_ID), SANDBOX, Status.SUBMITTED, _NOON, kling_id=told.kling_id)
        for told in made
    ]

    async def open_kling() -> Kling:
        return cast("Kling", kling)

    follower = Follower(open_kling, Pace(scale=100), lambda error: None)
    streams = [follower.standings(task) for task in tasks]
    listening = [asyncio.create_task(anext(stream)) for stream in streams]
    try:
        for wanted in (5, 10, 15):
            await until(lambda: kling.count("query") == wanted, what="five more questions")  # noqa: B023 - awaited here
            follower.wake()  # all are due at once: only who waited longer goes first
        asked = [question for question in kling.asked if question.startswith("query")]
        assert len(set(asked[:12])) == 12
    finally:
        await follower.close()
        for waiting in listening:
            waiting.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for stream in streams:
            await stream.aclose()


@pytest.mark.expects_log("does not know: queueing")
async def test_an_unknown_status_is_shown_and_followed_on(engine: Engine) -> None:
    engine.tell("faults", on="query", do="unknown_status", times=2)
    task = engine.submit()
    assert (await engine.until(task, lambda now: bool(now.raw_status))).raw_status == "queueing"
    assert (await engine.until(task, _done)).raw_status == ""


@pytest.mark.expects_log("run backwards")
async def test_times_that_run_backwards_are_told_and_not_fatal(engine: Engine) -> None:
    engine.tell("faults", on="create", do="time_backwards")
    done = await engine.until(engine.submit(), _done)
    assert done.accepted_at is not None
    assert done.ended_at is not None
    assert done.ended_at >= done.accepted_at


async def test_retry_after_is_obeyed_whatever_is_hinted(engine: Engine) -> None:
    (task,) = await _running_tasks(engine, 1)
    engine.tell("faults", on="query", do="refuse", code=1302, http=429, retry_after=1)
    engine.studio.wake()
    await until(lambda: engine.ask("faults")["used"][-1:] == [{"on": "query", "do": "refuse"}], what="the refusal")
    asked = len(_questions(engine))
    for _ in range(20):
        engine.studio.apply_hint(task.id)
    assert len(_questions(engine)) == asked
    await until(lambda: len(_questions(engine)) > asked, what="the next question")
    first, last = [datetime.fromisoformat(r["at"]) for r in engine.ask("requests") if r["method"] == "GET"][-2:]
    assert last - first >= timedelta(seconds=1)


@pytest.mark.parametrize("by", ["wake", "look_up", "try_now"])
async def test_the_creator_and_the_network_override_the_longest_pause(tmp_path: Path, by: str) -> None:
    async with staged(tmp_path / "data") as stage:
        task = stage.engine.submit(video_id=VIDEO_ID)
        await stage.engine.until(task, _at_kling)
        stage.kling.queries = [AskedTooOften("slow down", retry_after=99_999_999.0)]
        await until(lambda: any(type(fact) is ProfileTroubled for fact in stage.engine.facts), what="the refusal")
        stage.kling.queries = []
        asked = stage.kling.count("query")
        studio = stage.engine.studio
        acts: dict[str, Callable[[], object]] = {
            "wake": studio.wake,
            "look_up": lambda: studio.look_up(task.id),
            "try_now": lambda: studio.lines.reopen(task.profile.name),
        }
        acts[by]()
        await until(lambda: stage.kling.count("query") > asked, what="a question")


@pytest.mark.parametrize("by", ["wake", "look_up"])
async def test_a_doubtful_task_is_looked_up_at_once_whatever_pause_was_named(tmp_path: Path, by: str) -> None:
    async with staged(tmp_path / "data") as stage:
        stage.kling.creates = [TimedOut("lost")]
        stage.kling.queries = [AskedTooOften("slow down", retry_after=99_999_999.0)]
        task = stage.engine.submit(video_id=VIDEO_ID)
        await until(lambda: stage.kling.count("query") == 1, what="a look-up")
        stage.kling.queries = []
        stage.kling.make(task.id)
        stage.engine.studio.wake() if by == "wake" else stage.engine.studio.look_up(task.id)
        await stage.engine.until(task, _at_kling)


async def test_failures_are_told_once_and_end_by_themselves(engine: Engine) -> None:
    (task,) = await _running_tasks(engine, 1)
    engine.tell("faults", on="query", do="html_502", times=3)
    engine.studio.wake()
    engine.tell("finish", id=task.id)
    await engine.until(task, _done)
    troubles = [fact.trouble.error if fact.trouble else None for fact in engine.facts if type(fact) is ProfileTroubled]
    assert troubles == ["KlingTroubled", None]


async def test_a_flood_of_hints_is_a_few_questions(engine: Engine) -> None:
    (task,) = await _running_tasks(engine, 1)
    await until(lambda: task.kling_id in _questions(engine))
    before = len(_questions(engine))
    engine.studio.apply_hint(task.kling_id)
    await until(lambda: len(_questions(engine)) > before, what="the question")
    for _ in range(100):
        engine.studio.apply_hint(task.kling_id)
        await until(lambda: True)
    assert len(_questions(engine)) - before <= 5


async def test_a_hint_that_crosses_an_answer_is_not_lost(tmp_path: Path) -> None:
    """Kling answers "processing", the task ends, its callback overtakes the answer."""
    answered, asked = asyncio.Event(), asyncio.Event()
    async with staged(tmp_path / "data", pace=Pace(scale=10)) as stage:

        async def slowly(id: str) -> Standing:
            standing = stage.kling.found(id)
            asked.set()
            await answered.wait()
            return standing

        stage.kling.queries = [slowly, stage.kling.found]
        task = stage.engine.submit(video_id=VIDEO_ID)
        await asked.wait()
        stage.kling.made = {
            id: replace(made, status=Status.FAILED, message="no") for id, made in stage.kling.made.items()
        }
        stage.engine.studio.apply_hint(task.id)
        answered.set()
        begun = asyncio.get_running_loop().time()
        await stage.engine.until(task, lambda now: now.status is Status.FAILED, timeout=30)
        assert asyncio.get_running_loop().time() - begun < 8, "only the next usual question found it"


_times = st.none() | st.integers(-(10**8), 10**8).map(lambda seconds: _NOON + timedelta(seconds=seconds))


@pytest.mark.expects_log("does not know: odd")
@pytest.mark.expects_log("run backwards")
@given(
    st.sampled_from(Status), st.none() | st.sampled_from([s for s in Status if s.at_kling or s.ended]), _times, _times
)
def test_whatever_kling_tells_the_task_keeps_what_is_its_own(
    was: Status, says: Status | None, created: datetime | None, updated: datetime | None
) -> None:
    task = Task("ours", Extension("v", "words"), SANDBOX, was, _NOON, kling_id="k", accepted_at=_NOON)
    now = apply_standing(
        task, Standing("k", Kind.EXTENSION, says, "" if says else "odd", created_at=created, updated_at=updated), _NOON
    )
    assert (now.id, now.extension, now.profile, now.asked_at) == (task.id, task.extension, task.profile, task.asked_at)
    assert now.status in {says} if says else now.status.at_kling
    assert (now.ended_at is not None) == now.status.ended
    assert now.ended_at is None or updated is None or now.ended_at >= (created or _NOON)


def test_what_kling_leaves_out_stays_as_it_was_known() -> None:
    known = replace(
        Task("ours", Extension("v"), SANDBOX, Status.PROCESSING, _NOON, kling_id="k"),
        accepted_at=_NOON,
        updated_at=_NOON,
    )
    now = apply_standing(known, Standing("", Kind.EXTENSION, Status.PROCESSING), _NOON)
    assert (now.kling_id, now.accepted_at, now.updated_at) == ("k", _NOON, _NOON)


def _made_for(stage: Staged, task: Task) -> Standing | None:
    return next((made for made in stage.kling.made.values() if made.external_id == task.id), None)


def _mistaken(stage: Staged, other: Standing | None) -> None:
    """The next create is made, and its answer names another of Kling's ids with ours."""

    def made(task_id: str) -> Standing:
        right = stage.kling.make(task_id)
        return replace(right, kling_id=other.kling_id if other else "1111111111111111111")

    stage.kling.creates = [made]


@pytest.mark.expects_log("and not .* as was said")
@pytest.mark.parametrize("other", ["nobody's", "another's", "an older one's without an id"])
async def test_a_wrong_id_in_the_answer_to_a_create_is_found_out_and_nothing_is_sent_twice(
    tmp_path: Path, other: str
) -> None:
    async with staged(tmp_path / "data", pace=Pace(scale=0.02)) as stage:
        wrong = None
        if other == "another's":
            wrong = stage.kling.make("made-elsewhere", status=Status.PROCESSING)
        elif other != "nobody's":
            wrong = stage.kling.make("", created_at=datetime.now(UTC) - timedelta(days=2), status=Status.PROCESSING)
        _mistaken(stage, wrong)
        task = stage.engine.submit(video_id=VIDEO_ID)
        right = await until(lambda: _made_for(stage, task), 20)
        found = await stage.engine.until(task, lambda now: now.kling_id == right.kling_id)
        assert found.trouble is None
        stage.kling.made[right.kling_id] = replace(right, status=Status.FAILED, raw_status="failed", message="no")
        ended = await stage.engine.until(task, lambda now: now.status.ended)
        assert ended.message == "no"
        assert stage.kling.count("create") == 1


@pytest.mark.expects_log("and not .* as was said")
async def test_a_wrong_id_that_an_earlier_session_noted_is_found_out_after_a_start(tmp_path: Path) -> None:
    kling = StandIn()
    async with staged(tmp_path / "data", kling, Pace(scale=0.02)) as stage:
        task = await stage.engine.until(stage.engine.submit(video_id=VIDEO_ID), lambda now: bool(now.kling_id))
        stage.engine.library.put(replace(task, kling_id="1111111111111111111"))
    async with staged(tmp_path / "data", kling, Pace(scale=0.02)) as stage:
        stage.engine.studio.resume()
        assert await stage.engine.until(task, lambda now: now.kling_id == task.kling_id)
        assert kling.count("create") == 1


@pytest.mark.expects_log("and not .* as was said")
async def test_wrong_ids_are_found_out_in_the_list_of_many_too(tmp_path: Path) -> None:
    async with staged(tmp_path / "data", pace=Pace(scale=0.02)) as stage:
        elsewhere = stage.kling.make("made-elsewhere", status=Status.PROCESSING)
        _mistaken(stage, elsewhere)
        wrong = stage.engine.submit(video_id=VIDEO_ID)
        await stage.engine.until(wrong, lambda now: bool(now.kling_id))
        stage.kling.creates = []
        others = [stage.engine.submit(video_id=VIDEO_ID) for _ in range(5)]
        for other in others:
            await stage.engine.until(other, lambda now: bool(now.kling_id))
        right = await until(lambda: _made_for(stage, wrong), 20)
        assert await stage.engine.until(wrong, lambda now: now.kling_id == right.kling_id)


@pytest.mark.expects_log("and not .* as was said")
async def test_an_id_that_is_another_take_s_here_is_not_taken_over(tmp_path: Path) -> None:
    async with staged(tmp_path / "data", pace=Pace(scale=0.02)) as stage:
        first = await stage.engine.until(stage.engine.submit(video_id=VIDEO_ID), lambda now: bool(now.kling_id))
        _mistaken(stage, None)
        second = stage.engine.submit(video_id=VIDEO_ID)
        right = await until(lambda: _made_for(stage, second), 20)
        del stage.kling.made[right.kling_id]
        taken = replace(stage.kling.made[first.kling_id], external_id=second.id)
        stage.kling.made[first.kling_id] = taken
        lost = await stage.engine.until(second, lambda now: now.trouble is not None)
        assert lost.trouble is not None
        assert lost.trouble.error == "Vanished"
        assert lost.kling_id != first.kling_id


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(days=2)], ids=["set back", "set forward"])
async def test_a_clock_that_is_wrong_changes_not_how_often_kling_is_asked(tmp_path: Path, skew: timedelta) -> None:
    """Kling dates its tasks by its own clock: of a young task 5 s apart, whatever this computer's clock says."""
    asked: list[float] = []

    class _Pace(Pace):
        def between_questions(self, age_seconds: float, luck: float | None = None) -> float:
            asked.append(age_seconds)
            return super().between_questions(age_seconds, luck)

    kling = StandIn()
    kling.clock_skew = skew
    kling.creates = [lambda task_id: kling.make(task_id, created_at=datetime.now(UTC) - skew)]
    async with staged(tmp_path / "data", kling, _Pace(scale=0.02)) as stage:
        task = await stage.engine.until(stage.engine.submit(video_id=VIDEO_ID), lambda now: bool(now.kling_id))
        await until(lambda: _asked_for(stage, task) >= 2, 20)
        ages = [age for age in asked if age]  # 0: how far the next cycle reaches
        assert ages
        assert all(abs(age) < 60 for age in ages)
