"""How far the machine itself wavers while something is measured: without that a ratio says nothing."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def noise(reference: Sequence[float]) -> str:
    """The middle half of the reference's runs, as per cent of their median."""
    low, middle, high = statistics.quantiles(reference, n=4)
    return f"noise of the machine: middle half of the reference within {(high - low) / middle:.0%}"
