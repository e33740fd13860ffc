"""What a press is likely to cost, said before it: one table for every button that spends."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kling_desktop.domain.models import extend_units, units
from kling_desktop.domain.tasks import Extension
from kling_desktop.ui import formatting


@dataclass(frozen=True, slots=True)
class Price:
    """What one take is likely to cost, in units: the least and the most."""

    least: Decimal
    most: Decimal

    def times(self, takes: int) -> Price:
        return Price(self.least * takes, self.most * takes)

    def words(self) -> str:
        """As "2" or "1–3.5"."""
        least, most = formatting.units(self.least), formatting.units(self.most)
        return least if least == most else f"{least}–{most}"


def price_of(extension: Extension, source_model: str = "") -> Price | None:
    """What one take is likely to cost by Kling's own table; None for what the table does not hold.

    An extension costs what the model of its clip does, where that is known.
    """
    generation = extension.generation
    if generation is None:
        return Price(*extend_units(source_model))
    exact = units(generation.model, generation.mode, generation.seconds, generation.sound)
    return Price(exact, exact) if exact is not None else None
