"""The actor's film: a plan of extended and continued hops, run, looked at, and to be whole in the end."""

from __future__ import annotations

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import Plan, PlannedHop, PlanState
from kling_desktop.domain.takes import Gate, TakeState, Way
from kling_desktop.domain.tasks import Filter, Generation, Task
from tests.faults.acts import Acts
from tests.harness.engine import Engine

Hops = tuple[tuple[str, str], ...]
"""Words and way of each hop, first hop first."""

_MADE_WITH = Generation(model="kling-v3")


def plan_film(engine: Engine, video_id: str, hops: Hops, takes: int) -> None:
    """Every write of this may be the last one; the next start goes on from there."""
    if not hops:
        return
    plan = _current(engine, video_id, takes)
    for words, way in hops[len(plan.hops) :]:
        is_new_clip = Way(way) is Way.CONTINUE
        hop = PlannedHop("", words, Way(way), takes, generation=_MADE_WITH if is_new_clip else None)
        engine.films.plans.add_hop(plan.id, hop)
    if plan.state is PlanState.READY:
        engine.films.runner.run(plan.id)


def is_at_rest(engine: Engine, acts: Acts) -> bool:
    """Whether plans have come to their end or to a stop, and the film of every continued take is there.

    The creator looks at each of them: one that is missing is wanted.
    """
    if not all(plan.state in (PlanState.DONE, PlanState.STOPPED) for plan in engine.films.plans.earlier()):
        return False
    continued = [state for task in _kept(engine) if (state := _continued(engine, task))]
    looked_at = [_has_film(engine, state, acts) for state in continued]  # each of them, so that all are wanted
    return all(looked_at)


def _has_film(engine: Engine, state: TakeState, acts: Acts) -> bool:
    """What is said to be there is noted: one look decides both, as films are made in threads meanwhile."""
    film = engine.films.continuation.film_of(state)
    if film is None:
        engine.films.continuation.want(state)
        return False
    acts.note("film", task=state.take.task_id, file=str(film))
    return True


def _current(engine: Engine, video_id: str, takes: int) -> Plan:
    clip = engine.library.clip(video_id) or Clip(video_id)
    engine.library.put_clip(clip)
    root = engine.films.films.take_root(clip)
    plans = engine.films.plans
    return plans.current(root.film_id) or plans.new(root.film_id, SANDBOX, gate=Gate.RUN, takes=takes)


def _kept(engine: Engine) -> list[Task]:
    tasks = engine.studio.ledger.page(Filter(), 0, 100)
    return [task for task in tasks if task.clip is not None and task.clip.file is not None]


def _continued(engine: Engine, task: Task) -> TakeState | None:
    state = engine.films.tree.take_of_task(task.id)
    return state if state is not None and state.take.way is Way.CONTINUE else None
