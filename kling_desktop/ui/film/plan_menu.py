"""What can be done with a plan, for any menu: the lane's own, and the film's in the menu bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from kling_desktop.domain.takes import Gate
from kling_desktop.ui.film.film_view import FilmView, PlanState
from kling_desktop.ui.film.lane_head import GATES, TAKES_PER_HOP, gate_words, run_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import written

_Value = TypeVar("_Value")


class PlanMenu(QObject):
    """Fills menus with its acts, each as it can be done at that moment."""

    hop_asked = Signal()
    """A hop is to be added, and written."""
    run_asked = Signal()
    """Run the plan, go on with it, or look again at what came: whatever the lane's button would do."""
    pause_asked = Signal()
    accepted = Signal()
    again_asked = Signal()
    """Try the hop again, at the price that was named."""
    takes_chosen = Signal(int)
    """Takes per hop, 1 to 4."""
    gate_chosen = Signal(Gate)
    stop_after_asked = Signal()
    """Stop when the hop that is under way is done."""
    account_asked = Signal()
    """The plan is to be sent with the chosen account from now on."""
    paste_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()
    reuse_asked = Signal()
    """The words of an earlier plan are wanted."""
    cleared = Signal()
    """All planned hops are to go."""

    def fill(self, menu: QMenu, view: FilmView) -> None:
        """Add what the lane's head has no button for, or only where there is room."""
        running, planned = view.plan is PlanState.RUNNING, view.has_planned
        _add(menu, tr("Stop after this hop"), self.stop_after_asked, on=running)
        if view.chosen_account:
            _add(menu, tr("Send it with {name} from now on", name=view.chosen_account), self.account_asked)
        self._add_takes(menu, view)
        self._add_gates(menu, view)
        menu.addSeparator()
        _add(menu, f"{tr('Paste a list of hops')}\t{written('Ctrl+V')}", self.paste_asked)
        _add(menu, tr("Open a plan…"), self.open_asked)
        _add(menu, tr("Save the plan…"), self.save_asked, on=planned)
        _add(menu, tr("Use an earlier plan…"), self.reuse_asked)
        menu.addSeparator()
        _add(menu, tr("Remove all planned hops"), self.cleared, on=planned)

    def fill_whole(self, menu: QMenu, view: FilmView) -> None:
        """Add everything, also what has its button in the lane."""
        running, stop = view.plan is PlanState.RUNNING, view.stop
        _add(menu, tr("Add a hop"), self.hop_asked)
        if stop is None or stop.unseen or not (stop.acceptable or stop.again):
            can_run = running or stop is not None or view.has_planned
            _add(menu, run_words(view), self.pause_asked if running else self.run_asked, on=can_run)
        if stop is not None and stop.acceptable:
            _add(menu, tr("Accept and go on"), self.accepted)
        if stop is not None and stop.again:
            _add(menu, stop.again, self.again_asked)
        self.fill(menu, view)

    def _add_takes(self, menu: QMenu, view: FilmView) -> None:
        words = {number: f"×{number}" for number in TAKES_PER_HOP}
        _add_choice(menu.addMenu(tr("Takes per hop")), words, view.takes_per_hop, self.takes_chosen)

    def _add_gates(self, menu: QMenu, view: FilmView) -> None:
        words = {gate: gate_words(gate) for gate in GATES}
        _add_choice(menu.addMenu(tr("When the plan stops")), words, view.gate, self.gate_chosen)


def _add_choice(menu: QMenu, words: Mapping[_Value, str], chosen: _Value, signal: SignalInstance) -> None:
    group = QActionGroup(menu)
    for value, shown in words.items():
        action = group.addAction(_add(menu, shown, signal, value))
        action.setCheckable(True)
        action.setChecked(value == chosen)


def _add(menu: QMenu, words: str, signal: SignalInstance, *values: object, on: bool = True) -> QAction:
    action = menu.addAction(words)
    action.setEnabled(on)
    action.triggered.connect(lambda _checked=False: signal.emit(*values))
    return action
