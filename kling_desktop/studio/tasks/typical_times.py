"""What is usual: how long this account's tasks have taken, told only when there is enough to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kling_desktop.domain.tasks import Task

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

ENOUGH = 5
"""Finished tasks from which a typical time is honest."""


class TypicalTimes:
    """Reckoned once a profile, and again after another of its tasks has ended."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, tuple[float, float] | None] = {}

    def seconds(self, profile_name: str) -> tuple[float, float] | None:
        """In how many seconds half, and nine in ten, of this profile's finished tasks were done; None: unknown."""
        if profile_name not in self._known:
            self._known[profile_name] = half_and_most(self._library.finished_seconds(profile_name))
        return self._known[profile_name]

    def task_ended(self, task: Task) -> None:
        """There is one more to reckon with."""
        self._known.pop(task.profile.name, None)


def half_and_most(seconds: Sequence[float]) -> tuple[float, float] | None:
    """In how many of these seconds half, and nine in ten, were done; None while there are fewer than `ENOUGH`."""
    if len(seconds) < ENOUGH:
        return None
    from statistics import quantiles  # not at the start of a program that has finished little yet

    tenths = quantiles(seconds, n=10, method="inclusive")
    return tenths[4], tenths[8]
