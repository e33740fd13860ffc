"""What is usual: how long this account's tasks have taken, told only when there is enough to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH = 5
"""Finished tasks from which a typical time is honest."""


@dataclass(frozen=True, slots=True)
class Typical:
    """Seconds in which half, nine in ten, and 95 % of the finished tasks were done."""

    half: float
    most: float
    nearly_all: float


def typical(seconds: Sequence[float]) -> Typical | None:
    """The quantiles of finished tasks' durations; None while there are fewer than `ENOUGH`."""
    if len(seconds) < ENOUGH:
        return None
    ordered = sorted(seconds)
    return Typical(*(_quantile(ordered, share) for share in (0.5, 0.9, 0.95)))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear interpolation between the neighbours (definition 7 of Hyndman and Fan, 1996)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
