"""Tasks of paused plans that wait here, and are kept from being sent, over a restart too."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kling_desktop.domain.plans import Plan
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.films.tree import Tree


class HeldTasks:
    """Plain calls that return at once."""

    def __init__(
        self,
        tree: Tree,
        is_unsent: Callable[[Task], bool],
        hold: Callable[[str], object],
        release: Callable[[str], object],
    ) -> None:
        """`hold` keeps a task that waits here from being sent, and `release` lets it go (`Studio.stop_watching`,
        `Studio.watch`); `is_unsent` says whether nothing of it can have left.
        """
        self._tree = tree
        self._is_unsent = is_unsent
        self._hold = hold
        self._release = release
        self._held: set[str] = set()
        """Plans whose waiting tasks were held already: what is sent of them since, the creator wants sent."""

    def hold(self, plan: Plan) -> None:
        """Nothing more of the plan leaves; what is at Kling goes on."""
        self._held.add(plan.id)
        for task in self._queued(plan):
            if task.watched and self._is_unsent(task):
                self._hold(task.id)

    def hold_paused(self, paused: Iterable[Plan]) -> None:
        """The same, once for each of these plans."""
        for plan in paused:
            if plan.id not in self._held:
                self.hold(plan)

    def release(self, plan: Plan) -> None:
        """All that waits of the plan may leave."""
        self._held.discard(plan.id)
        for task in self._queued(plan):
            if not task.watched:
                self._release(task.id)

    def _queued(self, plan: Plan) -> list[Task]:
        """Tasks of the hop under way that wait here."""
        hop = plan.current
        states = [self._tree.take_of_task(id) for id in hop.task_ids] if hop else []
        tasks = [state.task for state in states if state is not None and state.task is not None]
        return [task for task in tasks if task.status is Status.QUEUED]
