"""Says where a film goes now, or ends, that the creator has not picked himself, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from kling_desktop.domain.plans import HopState, PlanState
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.feed import BranchLeft, Fact, TakePicked, TaskChanged
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.tree import Tree
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import shown_name
from kling_desktop.ui.painted.lettering import elided
from kling_desktop.ui.theme.fonts import WORDS, font, scaled
from kling_desktop.ui.window import Window

_SECONDS = 20
"""So long it can be taken back where it is said; later by picking the other take."""

_NAME_PIXELS = 160
"""Room for the film's name at a text size of 100 %: it may be a whole prompt."""


class DisplacedWiring(QObject):
    """Without a pick the film goes through the newest take: what is behind the other one is out of sight then. So is
    what was made from a take that is rejected. A plan picks the cleanest of several.
    """

    def __init__(self, window: Window, films: Films, tree: Tree, picks: Picks, plans: Plans) -> None:
        super().__init__(window)
        self._window = window
        self._films = films
        self._tree = tree
        self._picks = picks
        self._plans = plans
        self._told: set[str] = set()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Look at each take when it comes in, which is before its file does, and at what plans pick."""
        for fact in facts:
            if isinstance(fact, TakePicked) and fact.by_plan:
                self._tell_picked(fact)
            if isinstance(fact, BranchLeft):
                self._tell_left(fact)
            if isinstance(fact, TaskChanged) and _has_just_come(fact.task) and fact.task.id not in self._told:
                self._told.add(fact.task.id)
                self._look_at(fact.task)

    def _look_at(self, task: Task) -> None:
        state = self._tree.take_of_task(task.id)
        former = self._tree.displaced_by(state.take) if state is not None else None
        if state is not None and former is not None:
            self._window.notices.toast(
                self._words(state, former), tr("Undo"), partial(self._put_back, former.take.id), seconds=_SECONDS
            )

    def _tell_picked(self, fact: TakePicked) -> None:
        picked, former = self._tree.take(fact.take_id), self._tree.take(fact.before) if fact.before else None
        if picked is None:
            return
        film, hop, take = self._name(fact.film_id), picked.take.hop, picked.number
        if former is None:
            said = tr("{film}: the plan has picked take {take} of hop {hop}.", film=film, hop=hop, take=take)
            self._window.notices.toast(said)
            return
        said = tr(
            "{film}: the plan has picked take {take} of hop {hop} in place of take {n}.",
            film=film,
            hop=hop,
            take=take,
            n=former.number,
        )
        self._window.notices.toast(said, tr("Undo"), partial(self._put_back, fact.before), seconds=_SECONDS)

    def _tell_left(self, fact: BranchLeft) -> None:
        """Unless it was taken back meanwhile, or lies behind another one that was rejected with it."""
        left, path = self._tree.take(fact.take_id), self._tree.path(fact.film_id).takes
        if left is None or not left.is_rejected or left.take.parent_id not in {state.take.id for state in path}:
            return
        instead = next((state for state in path if state.take.slot == left.take.slot), None)
        said = self._words(instead, left) if instead is not None else self._words_of_end(left)
        self._window.notices.toast(said, tr("Undo"), partial(self._put_back, fact.take_id), seconds=_SECONDS)

    def _words_of_end(self, left: TakeState) -> str:
        name, hop = self._name(left.take.film_id), left.take.hop
        if hop == 1:
            return tr(
                "{film} is its first clip alone now; what hangs below take {other} is grey.",
                film=name,
                other=left.number,
            )
        return tr(
            "{film} ends with hop {hop} now; what hangs below take {other} is grey.",
            film=name,
            hop=hop - 1,
            other=left.number,
        )

    def _words(self, state: TakeState, former: TakeState) -> str:
        plan, name = self._plans.current(state.take.film_id), self._name(state.take.film_id)
        hop, take = state.take.hop, state.number
        unsent = plan is not None and any(planned.state is HopState.PLANNED for planned in plan.hops)
        if plan is not None and plan.state is PlanState.RUNNING and unsent:
            return tr(
                "{film} goes through take {take} of hop {hop} now, and so does its plan.", film=name, hop=hop, take=take
            )
        return tr(
            "{film} goes through take {take} of hop {hop} now; what hangs below take {other} is grey.",
            film=name,
            hop=hop,
            take=take,
            other=former.number,
        )

    def _name(self, film_id: str) -> str:
        film = self._films.film(film_id)
        return elided(shown_name(film) if film else "", font(WORDS), scaled(_NAME_PIXELS))

    def _put_back(self, take_id: str) -> None:
        if self._tree.take(take_id) is not None:
            self._picks.pick(take_id)


def _has_just_come(task: Task) -> bool:
    return task.status is Status.SUCCEEDED and task.clip is not None and task.clip.file is None
