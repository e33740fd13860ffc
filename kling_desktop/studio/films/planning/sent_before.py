"""What was sent by hand where a plan is to go on: the plan goes on behind it, as its lane shows them."""

from __future__ import annotations

from kling_desktop.domain.plans import HopState, PlannedHop
from kling_desktop.domain.takes import TakeState
from kling_desktop.studio.films.tree import Tree


def sent_before(tree: Tree, hop: PlannedHop, tip: TakeState) -> PlannedHop | None:
    """As a hop of no plan, without an id, what an unsent hop waits for; None when it goes on from the path's end.

    The hop says so itself from then on by `parent_id`, for when the program ends meanwhile.
    """
    slot = hop.parent_id if hop.parent_id and hop.parent_id == tip.take.slot else tip.take.id
    if slot != hop.parent_id and tree.making(slot) is None:
        return None
    takes = [state for state in tree.children(slot) if state.task is not None]
    tasks = [state.task for state in takes if state.task is not None]
    return PlannedHop(
        "",
        tasks[-1].extension.prompt if tasks else "",
        way=takes[-1].take.way if takes else hop.way,
        negative_prompt=tasks[-1].extension.negative_prompt if tasks else "",
        state=HopState.SENT,
        parent_id=slot,
        task_ids=tuple(task.id for task in tasks),
        newest=len(tasks),
    )
