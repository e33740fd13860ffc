"""A number of units as it is typed anywhere: one too high by ten would be paid."""

from __future__ import annotations

from unicodedata import normalize

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

MOST_UNITS = 100_000
MOST_PRICE = 100
"""Dollars for a unit."""


class UnitsField(QDoubleSpinBox):
    """From 0 to MOST_UNITS, by tenths. A comma stands before the tenths as a full stop does, whatever the system's
    language takes it for, and digits may be as wide as an input method writes them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(1)
        self.setRange(0, MOST_UNITS)
        self.setKeyboardTracking(False)  # a number is meant when it is typed to its end

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Qt's, of the number that is meant; the field shows it so."""
        return super().validate(_plain(text), at)

    def valueFromText(self, text: str) -> float:
        """Qt's, of the number that is meant."""
        return super().valueFromText(_plain(text))


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


def _plain(text: str) -> str:
    return normalize("NFKC", text).replace(",", ".").replace("\N{IDEOGRAPHIC FULL STOP}", ".")
