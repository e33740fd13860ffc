"""What was sent by hand where a plan is to go on: the plan goes on behind it, as its lane shows them."""

from __future__ import annotations

from dataclasses import replace

from kling_desktop.domain.plans import HopState, PlannedHop
from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.studio.films.tree import Tree


def sent_before(tree: Tree, hop: PlannedHop, tip: TakeState) -> PlannedHop | None:
    """As a hop of no plan, without an id, what an unsent hop waits for; None when it goes on from the path's end.

    The hop says so itself from then on by `parent_id`, for when the program ends meanwhile.
    """
    slot = hop.parent_id if hop.parent_id and hop.parent_id == tip.take.slot else tip.take.id
    if slot != hop.parent_id and tree.making(slot) is None:
        return None
    tasks = [state.task for state in tree.children(slot) if state.task is not None]
    ids = tuple(task.id for task in tasks)
    sent = PlannedHop("", state=HopState.SENT, parent_id=slot, task_ids=ids, newest=len(ids))
    if not tasks:  # all of it was taken back
        return sent
    asked = tasks[-1].extension
    way = Way.CONTINUE if asked.generation else Way.EXTEND
    return replace(sent, prompt=asked.prompt, negative_prompt=asked.negative_prompt, way=way)
