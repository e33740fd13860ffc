"""Plans that run in a real engine: written, started, and watched until they stand."""

from __future__ import annotations

from typing import Any

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import Plan, PlanState
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Filter, Status, Task
from tests.harness.engine import Engine
from tests.harness.waiting import until


def planned(engine: Engine, text: str, **settings: Any) -> Plan:
    """A plan of these lines, going on from the sandbox's first clip."""
    clip = Clip(engine.clip_id("dawn-lake"))
    engine.library.put_clip(clip)
    root = engine.films.films.take_root(clip)
    plan = engine.films.plans.new(root.film_id, SANDBOX, **settings)
    engine.films.plans.paste(plan.id, text)
    return now(engine, plan)


def now(engine: Engine, plan: Plan) -> Plan:
    """The plan as it stands."""
    found = engine.films.plans.plan(plan.id)
    assert found is not None
    return found


def statuses(engine: Engine) -> list[Status]:
    """Of all tasks, newest first."""
    return [task.status for task in engine.studio.ledger.page(Filter(), 0, 20)]


def at_kling(engine: Engine) -> list[Task]:
    """What Kling works on."""
    return [task for task in engine.studio.ledger.page(Filter(), 0, 20) if task.status.at_kling]


async def stands(engine: Engine, plan: Plan, state: PlanState) -> Plan:
    """The plan once it is in this state."""
    return await until(
        lambda: found if (found := now(engine, plan)).state is state else None,
        30,
        f"the plan to be {state}: {now(engine, plan).stop} {statuses(engine)}",
    )


async def run(engine: Engine, plan: Plan, state: PlanState = PlanState.DONE) -> Plan:
    """Run it until it is in this state."""
    engine.films.runner.run(plan.id)
    return await stands(engine, plan, state)


def path(engine: Engine, plan: Plan) -> list[TakeState]:
    """The film that it goes on from, take by take."""
    return list(engine.films.tree.path(plan.film_id).takes)


def creates(engine: Engine) -> int:
    """How many tasks the sandbox has made."""
    return int(engine.ask("audit")["totals"]["created"])
