"""Connects the budget's page: caps, tasks that wait for money, the ledger, its sums and its export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from kling_desktop.domain.units import CapScope, local_day
from kling_desktop.errors import FileTrouble
from kling_desktop.studio.feed import BudgetChanged, Fact
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui.budget import ledger_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import shown_name
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.takes import open_folder

if TYPE_CHECKING:
    from kling_desktop.ui.budget.budget_dialog import BudgetDialog


class LedgerWiring(QObject):
    """The page is made when it is first wanted."""

    unit_priced = Signal()
    """Money is told otherwise from now on."""

    def __init__(self, window: Window, budget: Budget, films: Films, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._budget = budget
        self._films = films
        self._preferences = preferences
        self.dialog: BudgetDialog | None = None
        window.bar.budget_asked.connect(self.open)
        window.menu_bar.budget_asked.connect(self.open)
        window.account.chosen.connect(lambda _: self._follow())

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened, once for a batch of facts."""
        if self.dialog and self.dialog.isVisible() and any(isinstance(fact, BudgetChanged) for fact in facts):
            self._show()

    def open(self) -> None:
        """Show the page of the account that is chosen now."""
        if self.dialog is None:
            self.dialog = self._made()
        self._show_caps()
        self._show()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _follow(self) -> None:
        """Another account is chosen: what is set from now on is its cap, so its caps are shown."""
        if self.dialog and self.dialog.isVisible():
            self._show_caps()
            self._show()

    @property
    def _name(self) -> str:
        return self._preferences.profile.name

    def _made(self) -> BudgetDialog:
        from kling_desktop.ui.budget.budget_dialog import BudgetDialog  # most starts never show it
        from kling_desktop.ui.budget.ledger_model import LedgerModel

        dialog = BudgetDialog(LedgerModel(self._budget, self._film_name), self._window)
        dialog.caps.cap_set.connect(self._set_cap)
        dialog.caps.cap_dropped.connect(lambda scope: self._budget.drop_cap(self._name, scope))
        dialog.unit_priced.connect(self._set_unit_price)
        dialog.wanted.connect(self._show)
        dialog.anyway_asked.connect(self._budget.send_anyway)
        dialog.export_asked.connect(lambda chosen: self._export(Path(chosen)))
        return dialog

    def _set_cap(self, scope: CapScope, units: Decimal) -> None:
        self._budget.set_cap(self._name, scope, units)

    def _set_unit_price(self, price: Decimal) -> None:
        self._preferences.change(unit_price=float(price))
        self._show_caps()
        self._show()
        self.unit_priced.emit()

    def _show_caps(self) -> None:
        if self.dialog is not None:
            self.dialog.show_caps(self._budget.caps(self._name), self._preferences.unit_price)

    def _show(self) -> None:
        if self.dialog is None:
            return
        span = self.dialog.span(self._name, local_day(datetime.now(UTC)))
        self.dialog.show_sums(self._budget.sums(span))
        column = self.dialog.column
        self.dialog.show_groups([(self._words(column, key), sum_) for key, sum_ in self._budget.by(column, span)])
        self.dialog.show_waiting(self._budget.waiting(self._name))
        self.dialog.entries.show(span)

    def _words(self, column: str, key: str) -> str:
        words = {
            "film_id": self._film_name,
            "model": ledger_words.model_words,
            "way": ledger_words.way_words,
            "outcome": ledger_words.outcome_words,
        }
        return words[column](key) if column in words else key

    def _film_name(self, film_id: str) -> str:
        film = self._films.film(film_id) if film_id else None
        return shown_name(film) if film else tr("No film")

    def _export(self, target: Path) -> None:
        if self.dialog is None:
            return
        try:
            self._budget.export(self.dialog.span(self._name, local_day(datetime.now(UTC))), target)
        except FileTrouble as error:
            self._window.notices.show_banner("ledger", f"{tr(error.title)}. {tr(error.advice)}", level="error")
        else:
            saved = tr("Saved {name}", name=target.name)
            self._window.notices.toast(saved, tr("Show in folder"), lambda: open_folder(target))
