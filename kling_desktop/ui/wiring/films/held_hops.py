"""Reads which hops the plans of all films hold back, for the queue's page and its chip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState
from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.tree import Tree
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import shown_name
from kling_desktop.ui.queue.held_hops import HeldHop
from kling_desktop.ui.wiring.films.film_faces import to_be_changed


class HeldHops:
    """What was run and waits for its turn; a plan that was never run holds nothing, it is only written."""

    def __init__(
        self,
        plans: Plans,
        tree: Tree,
        films: Films,
        task: Callable[[str], Task | None],
        still: Callable[[Clip], Path | None],
    ) -> None:
        """`task` finds one by its id, `still` the picture of a clip's last frame."""
        self._plans = plans
        self._tree = tree
        self._films = films
        self._task = task
        self._still = still

    def count(self) -> int:
        """How many hops wait, those that were sent not counted."""
        return sum(len(_unsent(plan)) for plan in self._plans.holding())

    def rows(self) -> tuple[HeldHop | Task, ...]:
        """By plan, in the order in which they will be sent: first the tasks that a pause keeps here."""
        plans = self._plans.holding()
        are_named = len({plan.film_id for plan in plans}) > 1
        rows: list[HeldHop | Task] = []
        for plan in plans:
            rows += self._kept_here(plan)
            rows += self._hops(plan, are_named)
        return tuple(rows)

    def _kept_here(self, plan: Plan) -> list[Task]:
        if plan.state is not PlanState.PAUSED:
            return []
        ids = [task_id for hop in plan.hops if hop.state is HopState.SENT for task_id in hop.task_ids[-hop.newest :]]
        found = (self._task(task_id) for task_id in ids)
        return [task for task in found if task and task.status is Status.QUEUED and not task.watched]

    def _hops(self, plan: Plan, are_named: bool) -> list[HeldHop]:
        path, unsent = self._tree.path(plan.film_id), _unsent(plan)
        tip = path.tip
        clip = tip.clip if tip else None
        film = self._films.film(plan.film_id) if are_named else None
        first = len(path.takes) + self._under_way(plan, path)
        return [
            HeldHop(
                hop.id,
                plan.film_id,
                number,
                hop.prompt,
                _until(plan, number, is_first=number == first),
                shown_name(film) if film else "",
                self._still(clip) if clip else None,
            )
            for number, hop in enumerate(unsent, first)
        ]

    def _under_way(self, plan: Plan, path: FilmPath) -> int:
        """How many hops stand between the film's last take and those that are not sent: as in the lane."""
        is_making = path.tip is not None and self._tree.making(path.tip.take.id) is not None
        return is_making + len(to_be_changed(plan))


def _unsent(plan: Plan) -> list[PlannedHop]:
    return [hop for hop in plan.hops if hop.state is HopState.PLANNED]


def _until(plan: Plan, number: int, *, is_first: bool) -> str:
    """What a hop waits for. Only the first of a plan that stands still waits for the creator."""
    if is_first and plan.state is PlanState.STOPPED:
        return tr("until you decide about hop {n}", n=number - 1)
    if is_first and plan.state is PlanState.PAUSED:
        return tr("until the plan runs again")
    return tr("after hop {n}", n=number - 1)
