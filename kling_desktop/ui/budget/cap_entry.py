"""Takes what may be spent at most: a day, for each film, for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from kling_desktop.domain.units import PRICE_PER_UNIT, Cap, CapScope
from kling_desktop.ui import theme
from kling_desktop.ui.budget.units_field import UnitsField
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.changed_dot import ChangedDot

_FIRST_UNITS = {CapScope.DAY: 50, CapScope.FILM: 100, CapScope.PLAN: 30}
"""What stands in a field before its limit is switched on."""


class CapEntry(QWidget):
    """A switch and a number for each cap; tells each change at once."""

    cap_set = Signal(object, object)
    """CapScope, Decimal units."""
    cap_dropped = Signal(object)
    """CapScope."""

    def __init__(
        self, scopes: Sequence[CapScope] = tuple(CapScope), parent: QWidget | None = None, *, dots: bool = False
    ) -> None:
        """`dots` puts one before each limit that is on, as settings have it: usual is none."""
        super().__init__(parent)
        self.dots: dict[CapScope, ChangedDot] = {}
        self._has_dots = dots
        self._unit_price = PRICE_PER_UNIT
        words = {
            CapScope.DAY: (tr("Spend at most"), tr("units a day")),
            CapScope.FILM: (tr("For each film at most"), tr("units")),
            CapScope.PLAN: (tr("For each plan at most"), tr("units")),
        }
        self.switches: dict[CapScope, QCheckBox] = {}
        self.fields: dict[CapScope, UnitsField] = {}
        self._prices: dict[CapScope, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        grid.setColumnStretch(4, 1)
        for row, scope in enumerate(scopes):
            self._add_row(grid, row, scope, *words[scope])
        note = Sentence(tr("What would go over it waits in the queue, uncharged."), self)
        note.dress(quiet=True)
        grid.addWidget(note, len(scopes), 1, 1, 4)
        self._grid = grid

    def add_below(self, words: str, field: QWidget) -> None:
        """One more number, in line with those of the caps."""
        label = QLabel(words, self)
        label.setBuddy(field)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 1)
        self._grid.addWidget(field, row, 2)

    def show_caps(self, caps: Sequence[Cap], unit_price: Decimal = PRICE_PER_UNIT) -> None:
        """Show the caps that hold for all, and what they come to; nothing is told."""
        self._unit_price = unit_price
        held = {cap.scope: cap.units for cap in caps if not cap.subject}
        for scope, switch in self.switches.items():
            field = self.fields[scope]
            for widget in (switch, field):
                widget.blockSignals(True)
            switch.setChecked(scope in held)
            field.setEnabled(scope in held)
            if scope in held:
                field.setValue(float(held[scope]))
            for widget in (switch, field):
                widget.blockSignals(False)
            self._price(scope)

    def units(self, scope: CapScope) -> Decimal | None:
        """The cap that stands in the fields; None for none."""
        return Decimal(str(self.fields[scope].value())) if self.switches[scope].isChecked() else None

    def _add_row(self, grid: QGridLayout, row: int, scope: CapScope, before: str, after: str) -> None:
        switch, field = QCheckBox(before, self), UnitsField(self)
        field.setValue(_FIRST_UNITS[scope])
        field.setEnabled(False)
        field.setAccessibleName(f"{before} ({after})")
        price = QLabel(self)
        price.setProperty("quiet", True)
        self.switches[scope], self.fields[scope], self._prices[scope] = switch, field, price
        for column, widget in enumerate((switch, field, QLabel(after, self), price), 1):
            grid.addWidget(widget, row, column)
        if self._has_dots:
            dot = self.dots[scope] = ChangedDot(before, self)
            dot.clicked.connect(lambda: self._take_back(scope))
            grid.addWidget(dot, row, 0)
        switch.toggled.connect(lambda on: self._switch(scope, on))
        field.valueChanged.connect(lambda _: self._tell(scope))
        self._price(scope)

    def _take_back(self, scope: CapScope) -> None:
        self.switches[scope].setChecked(False)
        self.switches[scope].setFocus()

    def _switch(self, scope: CapScope, on: bool) -> None:
        self.fields[scope].setEnabled(on)
        if on:
            self._tell(scope)
        else:
            self._price(scope)
            self.cap_dropped.emit(scope)

    def _tell(self, scope: CapScope) -> None:
        self._price(scope)
        if (units := self.units(scope)) is not None:
            self.cap_set.emit(scope, units)

    def _price(self, scope: CapScope) -> None:
        units = self.units(scope)
        if scope in self.dots:
            self.dots[scope].setVisible(units is not None)
        self._prices[scope].setText("" if units is None else price_words(units, self._unit_price))


def price_words(units: Decimal, unit_price: Decimal) -> str:
    """About what units cost, at the creator's price of one: "≈ $7.00"."""
    return f"≈ ${units * unit_price:.2f}"
