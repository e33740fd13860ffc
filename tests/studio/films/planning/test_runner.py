"""Plans run by themselves as far as their gates let them, buy every hop once, and say why they stand still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.analysis import Event, HopLook, Seam
from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState, StopReason
from kling_desktop.domain.takes import Gate, TakeState, Way
from kling_desktop.domain.tasks import Extension, Filter, Generation, Status
from kling_desktop.domain.units import CapScope
from kling_desktop.errors import FileTrouble
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.studio.feed import DriftMeasured, PlanChanged, SeamsFound, TakePicked
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.planning.hop_seeds import HopSeeds
from tests.harness.engine import Engine, running
from tests.harness.plans import at_kling, creates, now, path, planned, run, stands
from tests.harness.waiting import until


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data") as engine:
        yield engine


async def test_a_plan_is_sent_hop_by_hop_each_from_the_one_before(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in\nThe lamps go on", gate=Gate.RUN))
    takes = path(engine, plan)
    assert [take.words for take in takes] == ["", "A heron lands", "Fog rolls in", "The lamps go on"]
    assert [take.take.id for take in takes[1:]] == [hop.take_id for hop in plan.hops]
    assert [take.clip.parent_id if take.clip else "" for take in takes[1:]] == [
        take.take.clip_id for take in takes[:-1]
    ]
    assert (creates(engine), plan.stop.reason) == (3, StopReason.NONE)


async def test_of_several_takes_the_cleanest_is_picked_and_told(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour", after=1)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", takes=2, gate=Gate.CLEAN))
    first = plan.hops[0]
    bad = next(id for id in first.task_ids if engine.ask("seams")[clip_of(engine, id)]["seams"][-1]["plant"])
    assert first.take_id in set(first.task_ids) - {bad}
    assert creates(engine) == 4
    assert TakePicked(plan.film_id, first.take_id, by_plan=True) in engine.facts
    assert [take.take.id for take in path(engine, plan)][1] == first.take_id


def clip_of(engine: Engine, task_id: str) -> str:
    state = engine.films.tree.take_of_task(task_id)
    assert state is not None
    return state.take.clip_id


async def test_a_bad_seam_stops_the_plan_and_accepting_it_costs_nothing(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour")
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in"), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.hop_id) == (StopReason.BAD_SEAM, plan.hops[0].id)
    assert plan.stop.detail == "colour"
    assert plan.stop.can_accept
    assert plan.stop.can_try_again
    assert creates(engine) == 1
    engine.films.runner.accept(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert (creates(engine), len(path(engine, plan))) == (2, 3)


async def test_a_bad_seam_behind_which_the_film_has_drifted_is_stopped_for_both(engine: Engine) -> None:
    feed = engine.studio.feed
    seam = Seam(1, 120, 5.0, 1.0, event=Event.CUT)

    async def finds(clip: Clip) -> None:
        feed.publish(SeamsFound(clip.id, (seam,), None))

    async def measures(clip: Clip) -> None:
        feed.publish(DriftMeasured(clip.id, (HopLook(0, 0.0, 0.0, 0.0, 0.0), HopLook(1, 5.0, 99.0, 0.0, 0.0))))

    engine.films.judge._find_seams, engine.films.judge._measure_drift = finds, measures
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in"), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.detail) == (StopReason.BAD_SEAM, "cut drift")


async def test_trying_again_makes_a_sibling_and_the_cleaner_one_is_picked(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour")
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in"), PlanState.STOPPED)
    asked = engine.films.runner.what_again_asks(plan)
    assert asked == Extension(engine.clip_id("dawn-lake"), "A heron lands")
    engine.films.runner.try_again(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    first = plan.hops[0]
    assert first.take_id == first.task_ids[1]
    assert [take.take.id for take in path(engine, plan)] == [first.parent_id, first.task_ids[1], plan.hops[1].take_id]
    assert creates(engine) == 3


async def test_the_creators_pick_overrules_the_seam(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour", times=2)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", takes=2), PlanState.STOPPED)
    other = next(id for id in plan.hops[0].task_ids if id != plan.stop.take_id)
    engine.films.picks.pick(other)
    engine.films.runner.accept(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert plan.hops[0].take_id == other
    assert path(engine, plan)[1].take.id == other


async def tried_again(engine: Engine, *, picks: int) -> Plan:
    """A plan that stopped at two takes with bad seams; one of them is picked, and another try asked for."""
    engine.tell("faults", on="create", do="seam", plant="colour", times=2)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", takes=2), PlanState.STOPPED)
    engine.films.picks.pick(plan.hops[0].task_ids[picks])
    engine.films.runner.try_again(plan.id)
    return now(engine, plan)


@pytest.mark.parametrize("picks", [0, 1])
async def test_a_pick_at_which_the_plan_stood_still_gives_way_to_a_cleaner_take(engine: Engine, picks: int) -> None:
    plan = await stands(engine, await tried_again(engine, picks=picks), PlanState.DONE)
    first = plan.hops[0]
    old = first.task_ids[picks]
    assert first.take_id in first.task_ids[2:]
    assert path(engine, plan)[1].take.id == first.take_id
    assert TakePicked(plan.film_id, first.take_id, by_plan=True, before=old) in engine.facts
    undo = engine.films.undo
    undo.undo()
    assert engine.films.tree.picked(first.parent_id) == old
    undo.redo()
    assert engine.films.tree.picked(first.parent_id) == first.take_id


@pytest.mark.parametrize("picks", [0, 1])
async def test_a_pick_that_is_made_while_another_try_is_made_holds(engine: Engine, picks: int) -> None:
    plan = await tried_again(engine, picks=0)
    wanted = plan.hops[0].task_ids[picks]
    engine.films.picks.pick(wanted)  # 0: the same once more, 1: the other old one
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.take_id) == (StopReason.BAD_SEAM, wanted)
    assert engine.films.tree.picked(plan.hops[0].parent_id) == wanted


async def test_another_try_of_which_nothing_came_moves_no_pick(engine: Engine) -> None:
    engine.tell("faults", on="create", do="seam", plant="colour", times=2)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", takes=2), PlanState.STOPPED)
    other = next(id for id in plan.hops[0].task_ids if id != plan.stop.take_id)
    engine.films.picks.pick(other)
    engine.tell("faults", on="create", do="risk", times=2)
    engine.films.runner.try_again(plan.id)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert plan.stop.take_id == other
    assert engine.films.tree.picked(plan.hops[0].parent_id) == other


async def test_a_gate_that_asks_shows_the_take_that_was_asked_for_in_place_of_the_pick(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    engine.films.picks.pick(plan.stop.take_id)
    engine.films.runner.try_again(plan.id)
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert plan.stop.take_id == plan.hops[0].task_ids[1]
    assert path(engine, plan)[-1].take.id == plan.stop.take_id


async def test_a_pick_beside_the_plans_takes_is_the_creators_too(engine: Engine) -> None:
    engine.tell("faults", on="create", do="stuck", times=2)
    plan = planned(engine, "A heron lands\nFog rolls in", takes=2, gate=Gate.RUN)
    engine.films.runner.run(plan.id)
    await until(lambda: creates(engine) == 2, 30, "both takes to be sent")
    by_hand = engine.submit("By hand", video_id=engine.clip_id("dawn-lake"))
    await engine.until(by_hand, lambda task: task.clip is not None and task.clip.file is not None)
    engine.films.picks.pick(by_hand.id)
    for task in now(engine, plan).hops[0].task_ids:
        engine.tell("finish", id=task)
    plan = await stands(engine, plan, PlanState.DONE)
    assert plan.hops[0].take_id == by_hand.id
    assert path(engine, plan)[1].take.id == by_hand.id


async def test_a_gate_that_asks_stops_after_each_but_the_last(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    assert (plan.stop.reason, creates(engine)) == (StopReason.ASKED, 1)
    engine.films.runner.accept(plan.id)
    await stands(engine, plan, PlanState.DONE)
    assert creates(engine) == 2


async def test_a_new_clip_without_words_is_not_asked_for(engine: Engine) -> None:
    async def makes(parent: TakeState, hop: PlannedHop) -> Generation:
        raise AssertionError("no picture is made for it")

    engine.films.runner._seeds = HopSeeds(makes, engine.studio.background.run)
    plan = planned(engine, "A heron lands\nFog rolls in")
    words = plan.hops[1].prompt
    wordless = replace(plan.hops[1], prompt=" ", way=Way.CONTINUE, generation=Generation("kling-v3"))
    engine.films.plans.change_hop(plan.id, wordless)
    plan = await run(engine, now(engine, plan), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.hop_id, creates(engine)) == (StopReason.NO_WORDS, wordless.id, 1)
    assert plan.stop.is_of_nothing
    assert (plan.stop.can_accept, plan.stop.can_try_again, plan.stop.can_continue) == (False, False, False)
    engine.films.plans.change_hop(plan.id, replace(wordless, prompt=words, way=Way.EXTEND, generation=None))
    await run(engine, now(engine, plan), PlanState.DONE)
    assert creates(engine) == 2


async def test_the_same_words_are_not_sent_a_third_time(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "a risky fall\nFog rolls in"), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.can_accept) == (StopReason.WORDS_REFUSED, False)
    assert "risk control" in plan.stop.detail
    engine.films.runner.try_again(plan.id)
    plan = await until(lambda: stopped(engine, plan, StopReason.REFUSED_TWICE))
    assert creates(engine) == 2
    engine.films.runner.try_again(plan.id)
    plan = await until(lambda: stopped(engine, plan, StopReason.REFUSED_TWICE))
    assert creates(engine) == 2
    engine.films.plans.change_hop(plan.id, replace(plan.hops[0], prompt="A careful step"))
    engine.films.runner.try_again(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)] == ["", "A careful step", "Fog rolls in"]


def stopped(engine: Engine, plan: Plan, reason: StopReason) -> Plan | None:
    found = now(engine, plan)
    return found if found.stop.reason is reason and found.state is PlanState.STOPPED else None


async def test_a_failed_hop_stops_its_plan_and_no_other(engine: Engine, sandbox: Sandbox) -> None:
    one = planned(engine, "a forbidden thing\nFog rolls in")
    second_root = Clip(engine.clip_id("night-harbour"))
    engine.library.put_clip(second_root)
    other = engine.films.plans.new(engine.films.films.take_root(second_root).film_id, SANDBOX)
    engine.films.plans.paste(other.id, "The lamps go on\nIt begins to rain")
    engine.films.runner.run(one.id)
    other = await run(engine, other)
    assert now(engine, one).stop.reason is StopReason.WORDS_REFUSED
    assert len(path(engine, other)) == 3


async def test_pausing_lets_what_is_at_kling_finish_and_sends_nothing_more(engine: Engine) -> None:
    plan = planned(engine, "A heron lands\nFog rolls in", gate=Gate.RUN)
    engine.films.runner.run(plan.id)
    first = engine.studio.ledger.page(Filter(), 0, 1)[0]
    await engine.until(first, lambda task: task.status is not Status.QUEUED)
    engine.films.runner.pause(plan.id)
    await until(lambda: len(path(engine, plan)) == 2)
    assert now(engine, plan).state is PlanState.PAUSED
    assert creates(engine) == 1
    await run(engine, plan)
    assert creates(engine) == 2


@pytest.mark.expects_log("broke off")
async def test_a_look_that_breaks_off_stops_the_plan_instead_of_leaving_it_waiting(engine: Engine) -> None:
    async def breaks(clip: Clip) -> None:
        raise ZeroDivisionError

    engine.films.judge._find_seams = breaks
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in"), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.can_accept) == (StopReason.BROKEN, True)
    assert creates(engine) == 1
    engine.films.judge._find_seams = engine.films.continuation.find_seams
    await run(engine, plan)
    assert creates(engine) == 2, "running it looks at the same take again, which costs nothing"


@pytest.mark.expects_log("broke off")
async def test_a_take_of_another_hand_that_the_path_goes_through_passes_no_gate_unseen(engine: Engine) -> None:
    judge = engine.films.judge
    find_seams, by_hand, looked, goes_on = judge._find_seams, set[str](), asyncio.Event(), asyncio.Event()

    async def looks(clip: Clip) -> None:
        if clip.id in by_hand:
            raise ZeroDivisionError
        looked.set()
        await goes_on.wait()
        await find_seams(clip)

    judge._find_seams = looks
    plan = planned(engine, "A heron lands\nFog rolls in", gate=Gate.CLEAN)
    engine.films.runner.run(plan.id)
    await looked.wait()
    task = engine.submit("By hand")
    task = await engine.until(task, lambda now: now.status is Status.SUCCEEDED and now.clip and now.clip.file)
    take = engine.films.tree.take_of_task(task.id)
    assert take is not None
    by_hand.add(take.take.clip_id)
    engine.films.picks.pick(take.take.id)
    goes_on.set()
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.take_id) == (StopReason.BROKEN, take.take.id)
    assert creates(engine) == 2, "nothing was bought behind it"


async def test_a_paused_plan_holds_what_waits_over_a_restart_and_run_lets_it_go(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        engine.studio.lines.pause(SANDBOX.name, True)
        plan = planned(engine, "A heron lands", takes=2, gate=Gate.RUN)
        engine.films.runner.run(plan.id)
        await until(lambda: len(engine.studio.lines.waiting()) == 2)
        engine.films.runner.pause(plan.id)
        await until(lambda: not engine.studio.lines.waiting())
    async with running(sandbox, tmp_path / "data") as engine:
        assert engine.studio.resume() == 0
        engine.films.runner.resume()
        by_hand = engine.submit("Fog rolls in")
        await engine.until(by_hand, lambda task: task.status.ended)
        assert creates(engine) == 1
        await run(engine, plan)
        assert creates(engine) == 3


async def test_it_stops_after_this_one_when_told_so(engine: Engine) -> None:
    plan = planned(engine, "A heron lands\nFog rolls in", gate=Gate.RUN)
    engine.films.runner.stop_after_this(plan.id)
    plan = await run(engine, plan, PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop_after_this, creates(engine)) == (StopReason.AFTER_THIS, False, 1)
    engine.films.runner.accept(plan.id)
    await stands(engine, plan, PlanState.DONE)


async def test_rejecting_every_take_of_a_hop_stops_the_plan(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    engine.films.picks.reject([plan.stop.take_id])
    engine.films.runner.run(plan.id)
    plan = await until(lambda: stopped(engine, plan, StopReason.REJECTED))
    assert creates(engine) == 1


@pytest.mark.parametrize(
    ("clip", "hop", "reason"),
    [
        (Clip("7", made_at=datetime(2020, 1, 1, tzinfo=UTC)), PlannedHop("h"), StopReason.PARENT_GONE),
        (Clip("file:77"), PlannedHop("h"), StopReason.NOT_EXTENDED),
        (Clip("7", seconds=180), PlannedHop("h"), StopReason.TOO_LONG),  # type: ignore[arg-type]  # as good as a Decimal
        (
            Clip("7", file=Path("/a/drive/that/is/absent.mp4")),
            PlannedHop("h", way=Way.CONTINUE, generation=Generation("kling-v3")),
            StopReason.NO_PICTURE,
        ),
        (
            Clip("7"),
            PlannedHop("h", way=Way.CONTINUE, generation=Generation("kling-v3")),
            StopReason.NO_PICTURE,
        ),
    ],
)
async def test_a_parent_that_cannot_be_gone_on_from_stops_before_anything_is_sent(
    engine: Engine, clip: Clip, hop: PlannedHop, reason: StopReason
) -> None:
    engine.library.put_clip(clip)
    plan = engine.films.plans.new(engine.films.films.take_root(clip).film_id, SANDBOX)
    engine.films.plans.add_hop(plan.id, hop)
    plan = await run(engine, plan, PlanState.STOPPED)
    assert plan.stop.reason is reason
    assert not plan.stop.can_try_again
    assert creates(engine) == 0


async def test_a_film_without_a_finished_take_has_no_parent(engine: Engine) -> None:
    film = engine.films.films.new("Nothing yet")
    plan = engine.films.plans.new(film.id, SANDBOX)
    engine.films.plans.paste(plan.id, "A heron lands")
    plan = await run(engine, plan, PlanState.STOPPED)
    assert plan.stop.reason is StopReason.PARENT_MISSING


async def test_an_empty_plan_is_done(engine: Engine) -> None:
    await run(engine, planned(engine, ""))


async def nothing_is_on_its_way(engine: Engine) -> None:
    """A restart in the middle of a sending leaves the creator to decide: that is another test's story."""
    await until(lambda: not [t for t in engine.studio.ledger.page(Filter(), 0, 50) if t.status is Status.SENDING])


async def test_a_plan_goes_on_after_a_restart_and_sends_nothing_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        plan = planned(engine, "A heron lands\nFog rolls in\nThe lamps go on")
        engine.films.runner.run(plan.id)
        await until(lambda: now(engine, plan).hops[0].state is HopState.DONE)
        await nothing_is_on_its_way(engine)
    for _ in range(2):
        async with running(sandbox, tmp_path / "data") as engine:
            engine.studio.resume()
            assert engine.films.runner.resume() in (0, 1)
            await asyncio.sleep(0)
            await nothing_is_on_its_way(engine)
    async with running(sandbox, tmp_path / "data") as engine:
        engine.studio.resume()
        engine.films.runner.resume()
        plan = await stands(engine, plan, PlanState.DONE)
        assert (creates(engine), len(path(engine, plan))) == (3, 4)
        assert all(entry["created"] == 1 for entry in engine.ask("audit")["tasks"].values())


async def test_films_take_turns_and_what_is_sent_by_hand_goes_first(engine: Engine) -> None:
    engine.studio.lines.pause(SANDBOX.name, True)
    many = planned(engine, "A heron lands", takes=4)
    engine.films.runner.run(many.id)
    clip = Clip(engine.clip_id("night-harbour"))
    engine.library.put_clip(clip)
    other = engine.films.plans.new(engine.films.films.take_root(clip).film_id, SANDBOX)
    engine.films.plans.paste(other.id, "Fog rolls in")
    engine.films.runner.run(other.id)
    by_hand = [engine.submit("first").id, engine.submit("second").id]
    lane = engine.studio.lines.queue(SANDBOX)
    await until(lambda: len(lane.waiting) == 7)
    first, *rest = now(engine, many).hops[0].task_ids
    assert lane.waiting == [*by_hand, first, now(engine, other).hops[0].task_ids[0], *rest]


async def test_a_continued_hop_waits_for_its_picture_and_a_failure_of_that_stops_it(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        clip = Clip("file:7", file=tmp_path / "dusk.mp4")
        (tmp_path / "dusk.mp4").write_bytes(b"not looked into here")
        engine.library.put_clip(clip)
        plan = engine.films.plans.new(engine.films.films.take_root(clip).film_id, SANDBOX)
        engine.films.plans.add_hop(plan.id, PlannedHop("", "on", Way.CONTINUE, generation=Generation("kling-v3")))

        async def fails(parent: TakeState, hop: PlannedHop) -> Generation:
            raise FileTrouble("no last frame")

        engine.films.runner._seeds = HopSeeds(fails, engine.studio.background.run)
        plan = await run(engine, plan, PlanState.STOPPED)
        assert (plan.stop.reason, creates(engine)) == (StopReason.NO_PICTURE, 0)
        assert plan.stop.detail.startswith("FileTrouble ")
        assert "no last frame" in plan.stop.detail

        async def makes(parent: TakeState, hop: PlannedHop) -> Generation:
            assert hop.generation is not None
            return replace(hop.generation, first_frame=tmp_path / "seed.png")

        engine.films.runner._seeds = HopSeeds(makes, engine.studio.background.run)
        engine.studio.lines.pause(SANDBOX.name, True)
        engine.films.runner.run(plan.id)
        task = await until(lambda: next(iter(engine.studio.ledger.page(Filter(), 0, 1)), None))
        assert task.extension.generation == Generation("kling-v3", first_frame=tmp_path / "seed.png")
        assert task.kind is Kind.IMAGE  # or it would be asked for where it is not
        assert (task.extension.video_id, task.status) == ("file:7", Status.QUEUED)


async def test_a_sibling_that_is_picked_while_the_picture_is_made_is_what_the_hop_goes_on_from(
    engine: Engine, tmp_path: Path
) -> None:
    studio, tree = engine.studio, engine.films.tree
    plan = await run(engine, planned(engine, "A heron lands", takes=2, gate=Gate.RUN))
    await until(lambda: all(task.clip and task.clip.file for task in studio.ledger.page(Filter(), 0, 9)), 30, "both")
    first = path(engine, plan)[-1]
    other = next(state for state in tree.states(list(plan.hops[0].task_ids)) if state.take.id != first.take.id)
    begun, asked, go_on = [], list[str](), asyncio.Event()

    async def makes(parent: TakeState, hop: PlannedHop) -> Generation:
        asked.append(parent.take.id)
        begun.append(hop.id)
        await go_on.wait()
        picture = tmp_path / f"{parent.take.id}.png"
        return replace(hop.generation or Generation("kling-v3"), first_frame=picture)

    engine.films.runner._seeds = HopSeeds(makes, engine.studio.background.run)
    hop = engine.films.plans.add_hop(plan.id, PlannedHop("", "on", Way.CONTINUE, generation=Generation("kling-v3")))
    studio.lines.pause(SANDBOX.name, True)
    engine.films.runner.run(plan.id)
    await until(lambda: begun == [hop.id])
    engine.films.picks.pick(other.take.id)
    go_on.set()
    plan = await until(lambda: found if (found := now(engine, plan)).hops[1].task_ids else None)
    task = studio.ledger.current(plan.hops[1].task_ids[0])
    assert asked == [first.take.id, other.take.id]
    assert (plan.hops[1].parent_id, task.extension.video_id) == (other.take.id, other.take.clip_id)
    assert task.extension.generation
    assert task.extension.generation.first_frame == tmp_path / f"{other.take.id}.png"
    assert len(studio.ledger.page(Filter(), 0, 9)) == 3, "one hop is bought once"


async def test_what_a_plan_holds_is_not_sent_when_the_program_died_right_after_the_pause(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        plan = planned(engine, "A heron lands", gate=Gate.RUN)
        engine.studio.lines.pause(SANDBOX.name, True)
        engine.films.runner.run(plan.id)
        PlanRecords(engine.library.database).put(replace(now(engine, plan), state=PlanState.PAUSED))
    async with running(sandbox, tmp_path / "data") as engine:
        engine.films.runner.hold_paused()
        engine.studio.resume()
        await engine.until(engine.submit("By hand"), lambda task: task.status is Status.SUCCEEDED)
        engine.films.runner.resume()
        assert creates(engine) == 1, "what was sent by hand"
        engine.films.runner.run(plan.id)
        await stands(engine, plan, PlanState.DONE)
        assert creates(engine) == 2


async def test_a_paused_plan_sends_nothing_when_the_budget_grows(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        engine.budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(1))
        plan = planned(engine, "A heron lands", gate=Gate.RUN)
        engine.films.runner.run(plan.id)
        await until(lambda: engine.budget.waiting(SANDBOX.name))
        making = engine.films.tree.making(path(engine, plan)[-1].take.id)
        assert making is not None
        assert (making.takes, making.rendering, making.over_budget) == (1, 0, 1)
        engine.films.runner.pause(plan.id)
        assert engine.budget.waiting(SANDBOX.name) == [], "it waits for the plan"
        engine.budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(9))
        await engine.until(engine.submit("By hand"), lambda task: task.status is Status.SUCCEEDED)
        assert creates(engine) == 1, "what was sent by hand"
        engine.films.runner.run(plan.id)
        await stands(engine, plan, PlanState.DONE)
        assert creates(engine) == 2


async def test_every_change_of_a_plan_is_told(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands", gate=Gate.RUN))
    states = [fact.plan.state for fact in engine.facts if isinstance(fact, PlanChanged) and fact.plan.id == plan.id]
    assert states[-1] is PlanState.DONE
    assert PlanState.RUNNING in states


async def test_a_clip_that_died_in_mid_plan_is_said_before_anything_is_sent(engine: Engine) -> None:
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    tip = path(engine, plan)[-1]
    assert tip.clip is not None
    engine.library.put_clip(replace(tip.clip, expires_at=datetime.now(UTC) - timedelta(days=1)))
    engine.films.runner.accept(plan.id)
    plan = await until(lambda: stopped(engine, plan, StopReason.PARENT_GONE))
    assert creates(engine) == 1


async def test_a_week_later_what_died_at_kling_is_continued_from_our_file_once_the_creator_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    studio, tree = engine.studio, engine.films.tree
    continuation = Continuation(
        tree, studio.clips.find, studio.analyzer, studio.feed, studio.background.run, tmp_path, studio.clips.keep
    )
    engine.films.runner._seeds = HopSeeds(continuation.seed, engine.studio.background.run)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in\nRain", gate=Gate.ASK), PlanState.STOPPED)
    tip = path(engine, plan)[-1]
    assert tip.clip is not None
    engine.library.put_clip(replace(tip.clip, expires_at=datetime.now(UTC) - timedelta(days=1)))
    engine.films.runner.accept(plan.id)
    plan = await until(lambda: stopped(engine, plan, StopReason.PARENT_GONE))
    assert (plan.stop.can_accept, plan.stop.can_try_again, plan.stop.can_continue) == (False, False, True)
    assert creates(engine) == 1
    engine.films.plans.set_gate(plan.id, Gate.RUN)
    engine.films.runner.continue_instead(plan.id)
    await stands(engine, plan, PlanState.DONE)
    takes = path(engine, plan)
    assert [take.take.way for take in takes[1:]] == [Way.EXTEND, Way.CONTINUE, Way.CONTINUE]
    assert creates(engine) == 3


async def test_another_try_of_a_hop_whose_clip_kling_has_deleted_sends_nothing_but_what_was_named(
    engine: Engine, tmp_path: Path
) -> None:
    studio, films = engine.studio, engine.films
    continuation = Continuation(
        films.tree, studio.clips.find, studio.analyzer, studio.feed, studio.background.run, tmp_path, studio.clips.keep
    )
    films.runner._seeds = HopSeeds(continuation.seed, studio.background.run)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    assert not films.runner.must_continue(plan)
    root = path(engine, plan)[0].clip
    assert root is not None
    engine.library.put_clip(replace(root, expires_at=datetime.now(UTC) - timedelta(days=1)))
    films.runner.try_again(plan.id)
    plan = now(engine, plan)
    assert (plan.state, plan.stop.reason, len(plan.hops[0].task_ids)) == (PlanState.STOPPED, StopReason.ASKED, 1)
    assert films.runner.must_continue(plan)
    films.runner.continue_instead(plan.id)
    await until(lambda: creates(engine) == 2, 30, "the new clip")
    plan = await stands(engine, plan, PlanState.STOPPED)
    assert [take.take.way for take in path(engine, plan)[1:]] == [Way.CONTINUE]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("From video not found by id: 7", StopReason.PARENT_GONE),
        ("The model of the video is not supported", StopReason.NOT_EXTENDED),
    ],
)
async def test_a_clip_of_which_only_klings_refusal_tells_that_it_is_closed_is_continued_once_the_creator_says_so(
    engine: Engine, tmp_path: Path, said: str, reason: StopReason
) -> None:
    studio, tree = engine.studio, engine.films.tree
    continuation = Continuation(
        tree, studio.clips.find, studio.analyzer, studio.feed, studio.background.run, tmp_path, studio.clips.keep
    )
    engine.films.runner._seeds = HopSeeds(continuation.seed, engine.studio.background.run)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.ASK), PlanState.STOPPED)
    engine.films.plans.set_gate(plan.id, Gate.RUN)
    engine.tell("faults", on="create", do="refuse", code=1201, message=said)
    engine.films.runner.accept(plan.id)
    plan = await until(lambda: stopped(engine, plan, reason))
    assert (plan.stop.can_try_again, plan.stop.can_continue, creates(engine)) == (False, True, 1)
    engine.films.runner.continue_instead(plan.id)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.take.way for take in path(engine, plan)[1:]] == [Way.EXTEND, Way.CONTINUE]
    assert (len(plan.hops[1].task_ids), creates(engine)) == (2, 2)


async def test_what_a_model_of_today_made_is_not_extended_and_that_is_said_before_it_is_sent(engine: Engine) -> None:
    asked = Extension("", "A lake at dusk", generation=Generation("kling-v3", seconds=3))
    task = engine.studio.submit(asked, SANDBOX)
    await engine.until(task, lambda now: now.clip and now.clip.file, 30)
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    plan = engine.films.plans.new(state.take.film_id, SANDBOX)
    engine.films.plans.add_hop(plan.id, PlannedHop("h", "A boat comes"))
    plan = await run(engine, plan, PlanState.STOPPED)
    assert plan.stop.reason is StopReason.NOT_EXTENDED
    assert creates(engine) == 1


async def test_a_task_that_kling_does_not_seem_to_have_waits_for_the_creator_and_goes_on_by_itself(
    engine: Engine,
) -> None:
    engine.tell("faults", on="create", do="drop_before", times=1)
    engine.tell("faults", on="query", do="refuse", code=1203, http=404, times=30)
    plan = await run(engine, planned(engine, "A heron lands\nFog rolls in", gate=Gate.RUN), PlanState.STOPPED)
    assert (plan.stop.reason, plan.stop.can_accept, plan.stop.can_try_again) == (StopReason.UNDECIDED, False, False)
    engine.clear_faults()
    engine.studio.send_again(plan.hops[0].task_ids[0])
    await stands(engine, plan, PlanState.DONE)
    assert creates(engine) == 2


SIX = "The boat turns\nBirds cross the lake\nNight falls\nLamps are lit\nA gull calls\nMorning comes"


async def test_six_hops_in_one_paste_stop_at_the_planted_seam_and_end_through_three_restarts(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Two takes a hop, both of hop 3 with a planted seam; the program ends three times on the way."""
    cap = Decimal(40)
    sandbox.fault(on="create", do="seam", plant="colour", after=4, times=2)
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        engine.budget.set_cap(SANDBOX.name, CapScope.DAY, cap)
        plan = planned(engine, SIX, takes=2, gate=Gate.CLEAN)
        engine.films.runner.run(plan.id)
        await until(lambda: now(engine, plan).hops[0].state is HopState.DONE, 30)
        await nothing_is_on_its_way(engine)
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        engine.studio.resume()
        engine.films.runner.resume()
        plan = await stands(engine, plan, PlanState.STOPPED)
        assert (plan.stop.reason, plan.stop.hop_id) == (StopReason.BAD_SEAM, plan.hops[2].id)
        assert creates(engine) == 6
        engine.films.runner.try_again(plan.id)
        await nothing_is_on_its_way(engine)
    for _ in range(2):
        async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
            engine.studio.resume()
            engine.films.runner.resume()
            done = sum(hop.state is HopState.DONE for hop in now(engine, plan).hops)
            await until(lambda done=done: sum(hop.state is HopState.DONE for hop in now(engine, plan).hops) > done, 30)  # type: ignore[misc]  # a lambda's default
            await nothing_is_on_its_way(engine)
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        engine.studio.resume()
        engine.films.runner.resume()
        plan = await stands(engine, plan, PlanState.DONE)
        takes = path(engine, plan)
        assert [take.words for take in takes[1:]] == SIX.splitlines()
        assert takes[3].take.id in plan.hops[2].task_ids[2:], "the cleaner takes came with the second try"
        books = engine.ask("audit")
        assert books["totals"]["created"] == 14
        assert all(entry["created"] == 1 for entry in books["tasks"].values())
        standing = engine.budget.standing(SANDBOX.name)
        assert standing.charged == books["totals"]["units_charged"] == 28
        assert (standing.held, standing.cap) == (Decimal(0), cap)


async def test_a_plan_waits_for_money_and_goes_on_when_there_is_more(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", price=Decimal(2)) as engine:
        plan = planned(engine, "A heron lands\nFog rolls in", gate=Gate.RUN)
        engine.budget.set_cap(SANDBOX.name, CapScope.PLAN, Decimal(3), plan.id)
        engine.films.runner.run(plan.id)
        waiting = await until(lambda: engine.budget.waiting(SANDBOX.name))
        assert [task.trouble.error for task in waiting if task.trouble] == ["OverPlanBudget"]
        assert (now(engine, plan).state, creates(engine)) == (PlanState.RUNNING, 1)
        engine.budget.send_anyway(waiting[0].id)
        await stands(engine, plan, PlanState.DONE)
        assert creates(engine) == 2


async def _one_is_made_and_one_runs(engine: Engine) -> Plan:
    """A plan whose first hop is in the film and whose second is under way and stays so."""
    engine.tell("faults", on="create", do="stuck", times=1, after=1)
    plan = planned(engine, "A heron lands\nFog rolls in\nThe lamps go on", gate=Gate.RUN)
    engine.films.runner.run(plan.id)
    await until(lambda: len(path(engine, plan)) == 2 and at_kling(engine) and creates(engine) == 2)
    return plan


async def _let_it_finish(engine: Engine) -> None:
    (stuck,) = at_kling(engine)
    engine.tell("finish", id=stuck.kling_id)
    await engine.until(stuck, lambda task: task.clip is not None and task.clip.file is not None)


async def test_a_plan_goes_along_with_the_branch_from_whose_end_it_goes_on(engine: Engine) -> None:
    plan = await _one_is_made_and_one_runs(engine)
    branch = engine.films.films.split(path(engine, plan)[1].take.id)
    assert now(engine, plan).film_id == branch.id
    engine.films.undo.undo()
    assert now(engine, plan).film_id == plan.film_id
    engine.films.undo.redo()
    assert now(engine, plan).film_id == branch.id
    await _let_it_finish(engine)
    plan = await stands(engine, plan, PlanState.DONE)
    made = path(engine, plan)
    assert [take.words for take in made] == ["A heron lands", "Fog rolls in", "The lamps go on"]


async def test_a_film_that_takes_in_another_shows_what_it_showed_and_the_others_plan_is_paused(engine: Engine) -> None:
    plan = await _one_is_made_and_one_runs(engine)
    clip = Clip(engine.clip_id("night-harbour"))
    engine.library.put_clip(clip)
    own = engine.films.films.take_root(clip)
    engine.films.films.merge(own.film_id, plan.film_id)
    assert [take.take.id for take in engine.films.tree.path(own.film_id).takes] == [own.id]
    assert (now(engine, plan).film_id, now(engine, plan).state) == (own.film_id, PlanState.PAUSED)
    await _let_it_finish(engine)
    assert creates(engine) == 2, "nothing was bought behind the other film's end"
    engine.films.undo.undo()
    assert now(engine, plan).film_id == plan.film_id
    assert [take.words for take in path(engine, plan)] == ["", "A heron lands", "Fog rolls in"]
    await run(engine, plan)
    assert [take.words for take in path(engine, plan)][-1] == "The lamps go on"


async def test_of_two_plans_that_run_in_one_film_only_the_one_that_is_shown_goes_on(engine: Engine) -> None:
    plan = await _one_is_made_and_one_runs(engine)
    later = engine.films.plans.new(plan.film_id, SANDBOX, gate=Gate.RUN)
    engine.films.plans.paste(later.id, "A gull calls")
    engine.films.runner._note(replace(now(engine, later), state=PlanState.RUNNING))
    await _let_it_finish(engine)
    await stands(engine, plan, PlanState.PAUSED)
    assert creates(engine) == 2
    shown = engine.films.plans.current(plan.film_id)
    assert shown is not None
    assert shown.id == later.id


async def test_what_is_changed_while_the_picture_is_made_holds_for_what_is_sent(engine: Engine, tmp_path: Path) -> None:
    runner, begun, goes_on = engine.films.runner, asyncio.Event(), asyncio.Event()

    async def slow(parent: TakeState, hop: PlannedHop) -> Generation:
        begun.set()
        await goes_on.wait()
        return replace(hop.generation or Generation("kling-v3"), first_frame=tmp_path / "seed.png")

    runner._seeds = HopSeeds(slow, engine.studio.background.run)
    engine.studio.lines.pause(SANDBOX.name, True)
    clip = Clip("file:7", file=tmp_path / "dusk.mp4")
    (tmp_path / "dusk.mp4").write_bytes(b"not looked into here")
    engine.library.put_clip(clip)
    plan = engine.films.plans.new(engine.films.films.take_root(clip).film_id, SANDBOX)
    hop = engine.films.plans.add_hop(plan.id, PlannedHop("", "on", Way.CONTINUE, generation=Generation("kling-v3")))
    runner.run(plan.id)
    await begun.wait()
    engine.films.plans.change_hop(plan.id, replace(hop, generation=Generation("kling-v3", seconds=3)))
    goes_on.set()
    (task,) = await until(lambda: engine.studio.ledger.page(Filter(), 0, 20))
    assert task.extension.generation == Generation("kling-v3", seconds=3, first_frame=tmp_path / "seed.png")


async def test_a_hop_is_not_sent_while_it_is_written(engine: Engine) -> None:
    plan = planned(engine, "A heron lands\nFog", gate=Gate.RUN)
    runner, plans, last = engine.films.runner, engine.films.plans, plan.hops[-1]
    runner.hold_back(last.id)
    runner.run(plan.id)
    await until(lambda: now(engine, plan).hops[0].state is HopState.DONE, 30, "the first hop")
    assert (now(engine, plan).state, creates(engine)) == (PlanState.RUNNING, 1)
    plans.change_hop(plan.id, replace(last, prompt="Fog rolls in"))
    assert now(engine, plan).hops[-1].state is HopState.PLANNED
    runner.hold_back("")
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["A heron lands", "Fog rolls in"]
    assert creates(engine) == 2


async def test_what_waits_of_a_plan_that_a_merge_pauses_is_held_until_it_runs_again(engine: Engine) -> None:
    plan = planned(engine, "A heron lands\nFog", takes=2, gate=Gate.RUN)
    engine.tell("slots", slots=1)
    engine.tell("faults", on="create", do="stuck")
    engine.films.runner.run(plan.id)
    await until(
        lambda: sum(task.trouble is not None for task in engine.studio.ledger.page(Filter(), 0, 9)), 30, "a wait"
    )
    (stuck,) = at_kling(engine)
    clip = Clip(engine.clip_id("night-harbour"))
    engine.library.put_clip(clip)
    engine.films.films.merge(engine.films.films.take_root(clip).film_id, plan.film_id)
    (waits,) = [task for task in engine.studio.ledger.page(Filter(), 0, 9) if task.id != stuck.id]
    await engine.until(waits, lambda task: not task.watched)
    await _let_it_finish(engine)
    assert (now(engine, plan).state, creates(engine)) == (PlanState.PAUSED, 1)
    engine.films.runner.run(plan.id)
    await engine.until(waits, lambda task: task.clip is not None)
    assert creates(engine) >= 2


async def test_a_plan_that_is_run_again_goes_on_behind_what_the_lane_shows(engine: Engine) -> None:
    plan = await _one_is_made_and_one_runs(engine)
    await _let_it_finish(engine)
    plan = await stands(engine, plan, PlanState.DONE)
    by_hand = engine.submit("Another heron", video_id=path(engine, plan)[0].take.clip_id)
    await engine.until(by_hand, lambda task: task.clip is not None and task.clip.file is not None)
    engine.films.plans.paste(plan.id, "Rain begins")
    assert [take.words for take in path(engine, plan)][1:] == ["Another heron"], "the newest, with the plan behind it"
    plan = await run(engine, plan)
    assert [take.words for take in path(engine, plan)][1:] == ["Another heron", "Rain begins"]


async def test_a_hop_is_tried_again_behind_the_take_that_was_picked_before_it_since(engine: Engine) -> None:
    plan = await run(
        engine, planned(engine, "A heron lands\nFog rolls in\nRain", takes=2, gate=Gate.ASK), PlanState.STOPPED
    )
    engine.films.runner.accept(plan.id)
    plan = await until(lambda: at if (at := now(engine, plan)).stop.hop_id == plan.hops[1].id else None, 60)
    _, former, _ = path(engine, plan)
    other = next(state for state in engine.films.tree.siblings(former.take.id) if state.take.id != former.take.id)
    engine.films.picks.pick(other.take.id)
    engine.films.runner.try_again(plan.id)
    plan = await until(
        lambda: at if (at := now(engine, plan)).stop.hop_id == now(engine, plan).hops[2].id else None, 60
    )
    assert [take.words for take in path(engine, plan)] == ["", "A heron lands", "Fog rolls in"]
    assert path(engine, plan)[1].take.id == other.take.id
    assert path(engine, plan)[2].take.parent_id == other.take.id
    assert [hop.prompt for hop in plan.to_come] == ["Fog rolls in", "Rain"]
    assert creates(engine) == 6


async def test_a_restart_before_the_first_hop_is_sent_changes_nothing_of_that(sandbox: Sandbox, tmp_path: Path) -> None:
    wanted = asyncio.Event()

    async def never(parent: TakeState, hop: PlannedHop) -> Generation:
        wanted.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def makes(parent: TakeState, hop: PlannedHop) -> Generation:
        return replace(hop.generation or Generation("kling-v3"), first_frame=tmp_path / "seed.png")

    async with running(sandbox, tmp_path / "data") as engine:
        plan = await run(engine, planned(engine, "A heron lands", gate=Gate.RUN))
        by_hand = engine.submit("Another heron", video_id=path(engine, plan)[0].take.clip_id)
        await engine.until(by_hand, lambda task: task.clip is not None and task.clip.file is not None)
        engine.films.plans.add_hop(plan.id, PlannedHop("", "on", Way.CONTINUE, generation=Generation("kling-v3")))
        engine.films.runner._seeds = HopSeeds(never, engine.studio.background.run)
        engine.films.runner.run(plan.id)
        await asyncio.wait_for(wanted.wait(), 30)
    async with running(sandbox, tmp_path / "data") as engine:
        engine.studio.lines.pause(SANDBOX.name, True)
        engine.films.runner._seeds = HopSeeds(makes, engine.studio.background.run)
        engine.films.runner.resume()
        plan = await until(lambda: found if (found := now(engine, plan)).hops[1].task_ids else None)
        assert plan.hops[1].parent_id == by_hand.id, "what the lane showed as it was run"


async def test_a_take_by_hand_that_comes_late_beside_an_earlier_hop_does_not_lead_the_plan_astray(
    engine: Engine,
) -> None:
    plan = await _one_is_made_and_one_runs(engine)
    root, made = path(engine, plan)
    by_hand = engine.submit("Another heron", video_id=root.take.clip_id)
    await engine.until(by_hand, lambda task: task.clip is not None and task.clip.file is not None)
    assert [take.take.id for take in path(engine, plan)] == [root.take.id, by_hand.id], "nobody has picked"
    await _let_it_finish(engine)
    plan = await stands(engine, plan, PlanState.DONE)
    assert [take.words for take in path(engine, plan)][1:] == ["A heron lands", "Fog rolls in", "The lamps go on"]
    engine.films.picks.pick(by_hand.id)
    engine.films.plans.paste(plan.id, "Rain begins")
    plan = await run(engine, plan)
    assert [take.words for take in path(engine, plan)][1:] == ["Another heron", "Rain begins"], "the creator has"
    assert made.words == "A heron lands"
