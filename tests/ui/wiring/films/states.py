"""Takes of a film as the tree tells them, made of the tasks that every test knows."""

from __future__ import annotations

from kling_desktop.domain.takes import Take, TakeMark, TakeState, Way
from kling_desktop.domain.tasks import Task
from tests.harness.tasks import NOON


def state_of(task: Task, *, hop: int = 2, picked: bool = False) -> TakeState:
    """The first of two takes of its hop."""
    clip_id = task.clip.id if task.clip else ""
    way = Way.EXTEND if task.extension.generation is None else Way.CONTINUE
    take = Take(task.id, "film", "parent", way, hop, NOON, "", task_id=task.id, clip_id=clip_id)
    return TakeState(take, task, task.clip, TakeMark(), 1, 2, is_picked=picked)
