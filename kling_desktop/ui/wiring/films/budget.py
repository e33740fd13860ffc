"""Connects the budget to the bar and to the form's foot: spent today, what remains, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QObject

from kling_desktop.domain.units import BudgetStanding
from kling_desktop.studio.feed import BudgetChanged, Fact
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window


class BudgetWiring(QObject):
    """Everything about what may still be spent."""

    def __init__(self, window: Window, budget: Budget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._budget = budget
        self._preferences = preferences
        window.account.chosen.connect(lambda _: self._show(budget.standing(preferences.profile.name)))
        self._show(budget.standing(preferences.profile.name))

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened to the chosen account's budget."""
        for fact in facts:
            if isinstance(fact, BudgetChanged) and fact.standing.profile_name == self._preferences.profile.name:
                self._show(fact.standing)

    def _show(self, standing: BudgetStanding) -> None:
        self._window.bar.show_budget(standing.spent, standing.cap)
        self._window.queue_foot.show_charged(standing.charged)
        self._window.form.show_remaining(_remaining(standing))


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
