"""Fields for numbers of units, and for what one costs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kling_desktop.ui.theme.decimal_field import DecimalField

MOST_UNITS = 100_000
MOST_PRICE = 100
"""Dollars for a unit."""


class UnitsField(DecimalField):
    """From 0 to MOST_UNITS, by tenths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, MOST_UNITS)
        self.setKeyboardTracking(False)  # a number is meant when it is typed to its end


class PriceField(UnitsField):
    """What a unit costs, in US dollars; typed like units, to a hundredth of a cent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(4)
        self.setRange(0, MOST_PRICE)
        self.setSingleStep(0.01)
        self.setPrefix("$")

    def textFromValue(self, value: float) -> str:
        """As prices are written: two decimals, and more only where there are."""
        whole, _, part = f"{value:.4f}".partition(".")
        return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
