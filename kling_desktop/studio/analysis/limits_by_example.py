"""Moves the creator's limits of seams by example: this seam is fine, this one is not; told, and undone on request."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from kling_desktop.domain.analysis import Measure, Seam
from kling_desktop.domain.seam_limits import USUAL, SeamLimits
from kling_desktop.studio.feed import Feed, SeamLimitsMoved
from kling_desktop.studio.preferences import Preferences

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LimitMoved:
    """How wide a limit was, and is now: so many times as wide as usual."""

    measure: Measure
    factor_before: float
    factor: float

    @property
    def before(self) -> float:
        """From where on a step was told of, in the measure's unit."""
        return self.factor_before * USUAL[self.measure][0]

    @property
    def after(self) -> float:
        """From where on it is told of now, in the measure's unit."""
        return self.factor * USUAL[self.measure][0]


def kept_limits(preferences: Preferences) -> SeamLimits:
    """The limits as the settings keep them."""
    known = {measure.value: measure for measure in Measure}
    kept = preferences.now.seam_limits
    return SeamLimits(tuple((known[name], factor) for name, factor in kept if name in known))


class LimitsByExample:
    """Belongs to the loop's thread."""

    def __init__(self, preferences: Preferences, feed: Feed) -> None:
        self._preferences = preferences
        self._feed = feed

    @property
    def now(self) -> SeamLimits:
        """The limits as they are kept."""
        return kept_limits(self._preferences)

    def call_fine(self, seam: Seam) -> tuple[LimitMoved, ...]:
        """From now on a seam like this one is clean, as far as limits go. Empty: none had to move, or none could.
        SeamLimitsMoved tells.
        """
        return self._put(self.now.as_fine(seam))

    def call_not_fine(self, seam: Seam) -> tuple[LimitMoved, ...]:
        """From now on a seam like this one is bad, as far as limits go. Empty: it is already, or none could move."""
        return self._put(self.now.as_not_fine(seam))

    def take_back(self, moved: Iterable[LimitMoved]) -> tuple[LimitMoved, ...]:
        """Put the limits that were moved where they were before, and leave others as they are: the creator may have
        moved those since.
        """
        limits = self.now
        for move in moved:
            limits = limits.with_factor(move.measure, move.factor_before)
        return self._put(limits)

    def _put(self, limits: SeamLimits) -> tuple[LimitMoved, ...]:
        before = self.now
        moved = tuple(
            LimitMoved(measure, before.factor(measure), limits.factor(measure))
            for measure in Measure
            if before.factor(measure) != limits.factor(measure)
        )
        if moved:
            self._preferences.change(seam_limits=tuple((measure.value, factor) for measure, factor in limits.factors))
            self._feed.publish(SeamLimitsMoved(limits))
            log.info("limits of %s moved by example", ", ".join(move.measure for move in moved))
        return moved
