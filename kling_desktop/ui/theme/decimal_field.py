"""A field for a number with tenths, as such numbers are typed anywhere."""

from __future__ import annotations

from unicodedata import normalize

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class DecimalField(QDoubleSpinBox):
    """A comma stands before the tenths as a full stop does, whatever the system's language takes it for: 12,5 that is
    read as 125 may be paid. Digits may be as wide as an input method writes them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())  # a point, as everywhere else in the program
        self.setDecimals(1)

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Qt's, of the number that is meant; the field shows it so."""
        return super().validate(_plain(text), at)

    def valueFromText(self, text: str) -> float:
        """Qt's, of the number that is meant."""
        return super().valueFromText(_plain(text))


def _plain(text: str) -> str:
    return normalize("NFKC", text).replace(",", ".").replace("\N{IDEOGRAPHIC FULL STOP}", ".")
