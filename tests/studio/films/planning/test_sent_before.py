"""A plan goes on behind what was sent by hand before it was run, as its lane shows, and buys nothing beside that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kling_desktop.domain.plans import HopState, Plan, PlanState, StopReason
from kling_desktop.domain.takes import Gate
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.sandbox.server import Sandbox
from tests.harness.engine import Engine, running
from tests.harness.plans import at_kling, creates, now, path, planned, run, stands, statuses
from tests.harness.waiting import until


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data") as engine:
        yield engine


async def _by_hand(engine: Engine, *prompts: str) -> list[Task]:
    """Sent from the sandbox's first clip, and under way until they are let go."""
    engine.tell("faults", on="create", do="stuck", times=len(prompts))
    tasks = [engine.submit(prompt) for prompt in prompts]
    await until(lambda: len(at_kling(engine)) == len(prompts), 30, "all of them to be under way")
    return tasks


async def _waiting(engine: Engine, gate: Gate, *prompts: str) -> Plan:
    """A plan of one hop that was run while takes of these prompts were made."""
    plan = planned(engine, "Fog rolls in", gate=gate)
    await _by_hand(engine, *prompts)
    engine.films.runner.run(plan.id)
    assert now(engine, plan).state is PlanState.RUNNING
    assert now(engine, plan).hops[0].state is HopState.PLANNED
    return plan


def _finish(engine: Engine) -> None:
    for task in at_kling(engine):
        engine.tell("finish", id=task.kling_id)


@pytest.mark.parametrize("gate", [Gate.RUN, Gate.CLEAN])
async def test_a_hop_goes_on_behind_what_was_under_way_when_the_plan_was_run(engine: Engine, gate: Gate) -> None:
    plan = await _waiting(engine, gate, "The boat turns", "The boat turns")
    _finish(engine)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["The boat turns", "Fog rolls in"]
    assert creates(engine) == 3


async def test_of_what_was_under_way_the_cleanest_is_gone_on_from(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour", after=1)
    plan = await _waiting(engine, Gate.CLEAN, "The boat turns", "The boat turns back")
    _finish(engine)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["The boat turns", "Fog rolls in"]


async def test_a_bad_seam_of_it_stops_the_plan_and_accepting_it_goes_on(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour")
    plan = await _waiting(engine, Gate.CLEAN, "The boat turns")
    _finish(engine)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.hop_id, creates(engine)) == (StopReason.BAD_SEAM, "", 1)
    engine.films.runner.accept(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["The boat turns", "Fog rolls in"]


async def test_a_gate_that_asks_asks_after_it(engine: Engine) -> None:
    plan = await _waiting(engine, Gate.ASK, "The boat turns")
    _finish(engine)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, creates(engine)) == (StopReason.ASKED, 1)
    engine.films.runner.accept(plan.id)
    await stands(engine, plan, PlanState.DONE)


async def test_where_nothing_came_of_it_the_plan_stops_and_takes_its_place_only_when_it_is_run_again(
    engine: Engine,
) -> None:
    plan = await _waiting(engine, Gate.RUN, "The boat turns")
    (task,) = at_kling(engine)
    engine.films.picks.reject([task.id])
    engine.tell("finish", id=task.kling_id)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.can_accept, creates(engine)) == (StopReason.REJECTED, False, 1)
    plan = await run(engine, plan)
    assert [take.words for take in path(engine, plan)][1:] == ["Fog rolls in"]


async def test_what_is_taken_back_from_the_queue_leaves_its_place_to_nobody_unasked(engine: Engine) -> None:
    plan = planned(engine, "Fog rolls in", gate=Gate.RUN)
    engine.tell("faults", on="create", do="refuse", code=1303, times=99)
    task = engine.submit("The boat turns")
    engine.films.runner.run(plan.id)
    await until(lambda: statuses(engine) == [Status.QUEUED], 30, "it to wait")
    engine.studio.withdraw([task.id])
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert plan.stop.reason is StopReason.REJECTED
    assert creates(engine) == 0


async def test_it_is_waited_for_after_a_restart_too_and_judged_though_it_came_meanwhile(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        engine.tell("faults", on="create", do="seam", plant="colour")
        plan = await _waiting(engine, Gate.CLEAN, "The boat turns")
        stuck = at_kling(engine)
    for task in stuck:
        engine.tell("finish", id=task.kling_id)
    async with running(sandbox, tmp_path / "data") as engine:
        engine.studio.resume()
        engine.films.runner.resume()
        plan = await stands(engine, plan, PlanState.STOPPED)
        assert (plan.stop.reason, creates(engine)) == (StopReason.BAD_SEAM, 1)


async def test_what_is_sent_by_hand_while_the_plan_stands_still_is_gone_on_from(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    tip = path(engine, plan)[-1]
    engine.tell("faults", on="create", do="stuck", times=1)
    engine.submit("The boat turns", video_id=tip.take.clip_id)
    await until(lambda: at_kling(engine), 30, "it to be under way")
    engine.films.runner.accept(plan.id)
    _finish(engine)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.hop_id, creates(engine)) == (StopReason.ASKED, "", 2)
    engine.films.runner.accept(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["A heron lands", "The boat turns", "Fog rolls in"]


async def test_a_take_that_nobody_knows_of_is_decided_on_before_the_plan_goes_on(engine: Engine) -> None:
    plan = planned(engine, "Fog rolls in", gate=Gate.RUN)
    engine.tell("faults", on="create", do="drop_before", times=1)
    engine.tell("faults", on="query", do="refuse", code=1203, http=404, times=30)
    task = engine.submit("The boat turns")
    plan = await run(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.hop_id) == (StopReason.UNDECIDED, "")
    engine.clear_faults()
    engine.studio.send_again(task.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["The boat turns", "Fog rolls in"]
