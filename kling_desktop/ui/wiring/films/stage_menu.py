"""The menu of the take over the stage: the same whether its film or its seam is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QMenu

from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.domain.tasks import MOST_STARS
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.menu.menu_bar import empty


@dataclass(frozen=True, slots=True)
class StageVerbs:
    """What can be done with a take, by its id."""

    pick: Callable[[str], None]
    """Picks it, or no longer."""
    reject: Callable[[str, bool], None]
    star: Callable[[str, int], None]
    extend: Callable[[str], None]
    ask_sibling: Callable[[str], None]
    open_seam: Callable[[str], None]
    adjust_join: Callable[[str], None]
    compare: Callable[[str], None]


def fill_stage_menu(menu: QMenu, state: TakeState | None, verbs: StageVerbs) -> None:
    """Put into an emptied menu what makes sense for this take now."""
    empty(menu)
    if state is None:
        return
    take_id = state.take.id
    if state.is_finished:
        _add(menu, tr("No longer picked") if state.is_picked else tr("Pick for the film"), verbs.pick, take_id)
        rejected = state.is_rejected
        words = tr("Take back from the rejected") if rejected else tr("Reject")
        _add(menu, words, verbs.reject, take_id, not rejected)
        _add_stars(menu.addMenu(tr("Stars")), state, verbs)
        menu.addSeparator()
        _add(menu, tr("Extend from here"), verbs.extend, take_id)
    _add(menu, tr("Another take of this hop"), verbs.ask_sibling, take_id)
    _add(menu, tr("Look at the seam"), verbs.open_seam, take_id)
    if state.is_finished and state.take.way is Way.CONTINUE:
        _add(menu, tr("Adjust the join…"), verbs.adjust_join, take_id)
    _add(menu, tr("Compare"), verbs.compare, take_id)


def _add_stars(menu: QMenu, state: TakeState, verbs: StageVerbs) -> None:
    for count in range(MOST_STARS + 1):
        words = tr("No star") if not count else tr_count(count, "{n} star", "{n} stars")
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(count == state.stars)
        action.triggered.connect(partial(_call, partial(verbs.star, state.take.id, count)))


def _add(menu: QMenu, words: str, verb: Callable[..., None], *arguments: object) -> None:
    menu.addAction(words).triggered.connect(partial(_call, partial(verb, *arguments)))


def _call(verb: Callable[[], None], _checked: bool = False) -> None:
    verb()
