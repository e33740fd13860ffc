"""Connects the budget to the bar and to the form's foot: spent today, what remains, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QObject

from kling_desktop.domain.tasks import Extension
from kling_desktop.domain.units import BudgetStanding, CapScope, PressFit
from kling_desktop.studio.feed import BudgetChanged, Fact
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui import formatting
from kling_desktop.ui.extend.submit_foot import BudgetLine
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window


class BudgetWiring(QObject):
    """Everything about what may still be spent."""

    def __init__(self, window: Window, budget: Budget, preferences: Preferences, tree: Tree) -> None:
        super().__init__(window)
        self._window = window
        self._budget = budget
        self._preferences = preferences
        self._tree = tree
        window.account.chosen.connect(lambda _: self._show(budget.standing(preferences.profile.name)))
        self._show(budget.standing(preferences.profile.name))

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened to the chosen account's budget."""
        for fact in facts:
            if isinstance(fact, BudgetChanged) and fact.standing.profile_name == self._preferences.profile.name:
                self._show(fact.standing)

    def _show(self, standing: BudgetStanding) -> None:
        self._window.bar.show_budget(standing.spent, standing.cap, standing.waiting_for_tomorrow)
        self._window.queue_foot.show_charged(standing.charged)
        self._window.form.show_budget(partial(self._line, standing))

    def _line(self, standing: BudgetStanding, asked: Extension, takes: int) -> BudgetLine:
        """Of a press that does not fit whole what will wait, else what waits already or remains."""
        source = self._tree.take_of_clip(asked.video_id) if asked.video_id else None
        fit = self._budget.fit(standing.profile_name, asked, takes, source.take.film_id if source else "")
        words = _will_wait(fit) if fit.waiting else _remaining(standing)
        return BudgetLine(words, warns=bool(fit.waiting), charged=self._budget.charged_last(asked))


def _will_wait(fit: PressFit) -> str:
    left, cap = formatting.units(max(fit.left, Decimal(0))), formatting.units(fit.cap)
    if fit.exceeds:
        return tr("A take may cost more than the whole budget of {cap} units: it waits until you raise it", cap=cap)
    if fit.scope is CapScope.DAY:
        there = tr("{left} of {cap} units are left today", left=left, cap=cap)
    else:
        there = tr("{left} of {cap} units are left for the film", left=left, cap=cap)
    if fit.takes == 1:
        return tr("{left}: this take will wait", left=there)
    if not fit.going:
        return tr("{left}: all {n} takes will wait", left=there, n=fit.takes)
    return tr(
        "{left}: {n} of {takes} takes go, {waiting} will wait",
        left=there,
        n=fit.going,
        takes=fit.takes,
        waiting=fit.waiting,
    )


def _remaining(standing: BudgetStanding) -> str:
    if n := standing.waiting_for_tomorrow:
        return tr_count(n, "{n} take waits for tomorrow's budget", "{n} takes wait for tomorrow's budget")
    if n := standing.waiting:
        return tr_count(
            n,
            "{n} take waits for the budget of its film or plan",
            "{n} takes wait for the budgets of film or plan",
        )
    if standing.cap is None or standing.left is None:
        return ""
    left, cap = formatting.units(max(standing.left, Decimal(0))), formatting.units(standing.cap)
    return tr("{left} of {cap} units are left today", left=left, cap=cap)
