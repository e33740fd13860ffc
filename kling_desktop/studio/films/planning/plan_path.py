"""Which takes the film goes through where a plan goes on: the creator's picks before all, else what the plan chose."""

from __future__ import annotations

from collections.abc import Sequence

from kling_desktop.domain.plans import HopState, Plan, PlannedHop
from kling_desktop.domain.takes import Gate, TakeState
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.judge import Judgement
from kling_desktop.studio.films.tree import Tree


class PlanPath:
    """Picks in the plan's name, each of which the creator can undo."""

    def __init__(self, tree: Tree, picks: Picks) -> None:
        self._tree = tree
        self._picks = picks

    def choose(self, hop: PlannedHop, usable: Sequence[TakeState], judged: dict[str, Judgement], gate: Gate) -> str:
        """The creator's pick, if there is one; else the cleanest of several, which is then picked. The pick at which
        the plan stood still when another try was asked for stays only where nothing cleaner came of that.
        """
        chosen, picked = self._tree.chosen(hop.parent_id), self._tree.picked(hop.parent_id)
        if picked and picked == chosen != hop.take_id:
            return picked
        ids = [state.take.id for state in usable]
        if picked and picked == chosen:
            newest = hop.task_ids[len(hop.task_ids) - hop.newest :]
            ids = [state.take.id for state in usable if state.take.id == picked or state.take.task_id in newest]
        elif len(ids) == 1 or gate is Gate.ASK:
            return chosen or ids[-1]
        if not ids:
            return chosen
        best = min(ids, key=lambda id: judged[id].order) if judged else ids[-1]
        self._picks.pick(best, by_plan=True)
        return best

    def keep(self, plan: Plan, take_id: str) -> None:
        """The film goes on through what the plan went on from. A take that came later beside that, by another hand, has
        been picked by nobody; behind it the next hop would be bought for another film.
        """
        for state in self._tree.path_to(take_id).takes:
            place = state.take.slot
            if state.take.film_id != plan.film_id or self._tree.chosen(place) == state.take.id:
                continue
            if state.is_rejected or not state.is_finished or self._tree.picked(place):
                return  # the creator wants it otherwise
            self._picks.pick(state.take.id, by_plan=True)

    def keep_shown(self, plan: Plan) -> None:
        """A plan that is run with nothing under way goes on behind what the lane shows, whatever it went on from last,
        and after a restart too: where the film goes otherwise by itself, that is its path from now on.
        """
        hop = plan.current
        if hop is None or hop.state is not HopState.PLANNED:
            return
        for state in self._tree.path_to(last_made(plan)).takes:
            place = state.take.slot
            shown = self._tree.chosen(place)
            if state.take.film_id == plan.film_id and shown != state.take.id:
                if shown and not self._tree.picked(place):
                    self._picks.pick(shown, by_plan=True)
                return


def last_made(plan: Plan) -> str:
    """The take that the plan went on from last; empty before its first."""
    return next((hop.take_id for hop in reversed(plan.hops) if hop.state is HopState.DONE and hop.take_id), "")
