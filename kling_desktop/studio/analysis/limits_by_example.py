"""Moves the creator's limits of seams by example: this seam is fine, this one is not; told, and undone on request."""

from __future__ import annotations

import logging

from kling_desktop.domain.analysis import Measure, Seam
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.frozen import frozen
from kling_desktop.studio.feed import Feed, SeamLimitsMoved
from kling_desktop.studio.preferences import Preferences

log = logging.getLogger(__name__)


@frozen
class LimitMoved:
    """From where on a step was told of, and is now, in the measure's unit."""

    measure: Measure
    before: float
    after: float


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
        self._before: list[SeamLimits] = []

    def call_fine(self, seam: Seam) -> tuple[LimitMoved, ...]:
        """From now on a seam like this one is clean. Empty: it is already. SeamLimitsMoved tells."""
        return self._move(kept_limits(self._preferences).as_fine(seam))

    def call_not_fine(self, seam: Seam) -> tuple[LimitMoved, ...]:
        """From now on a seam like this one is bad. Empty: it is already, or nothing about it can be measured."""
        return self._move(kept_limits(self._preferences).as_not_fine(seam))

    def undo(self) -> tuple[LimitMoved, ...]:
        """Take the last move back; empty when there is none left."""
        return self._put(self._before.pop()) if self._before else ()

    def _move(self, limits: SeamLimits) -> tuple[LimitMoved, ...]:
        before = kept_limits(self._preferences)
        if moved := self._put(limits):
            self._before.append(before)
        return moved

    def _put(self, limits: SeamLimits) -> tuple[LimitMoved, ...]:
        before = kept_limits(self._preferences)
        moved = tuple(
            LimitMoved(measure, before.slight(measure), limits.slight(measure))
            for measure in Measure
            if before.factor(measure) != limits.factor(measure)
        )
        if moved:
            self._preferences.change(seam_limits=tuple((measure.value, factor) for measure, factor in limits.factors))
            self._feed.publish(SeamLimitsMoved(limits))
            log.info("limits of %s moved by example", ", ".join(move.measure for move in moved))
        return moved
