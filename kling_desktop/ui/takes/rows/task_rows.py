"""Where the list's model has its takes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Filter, Order, Task
from kling_desktop.ui.takes.task_words import Told


class TaskRows(Protocol):
    """What the model asks for rows, as they stand now."""

    def listed(self, wanted: Filter, order: Order, /) -> Listed:
        """Which takes stand in the list, whatever time that takes."""

    def ask(self, wanted: Filter, order: Order, then: Callable[[Listed], None], /) -> None:
        """Hand that to `then`, at once or later; a call for another list comes in the place of those before it."""

    def page(self, numbers: Sequence[int], /) -> list[Task | None]:
        """The takes with these numbers of a list; None for those that were taken out meanwhile."""

    def number(self, task_id: str, /) -> int | None:
        """The number of a task; None when there is no such task."""

    def passes(self, wanted: Filter, task_id: str, /) -> bool:
        """Whether the filter lets a task through."""

    def told(self, task: Task, /) -> Told: ...
    def file_of(self, task: Task, /) -> Path | None:
        """The film up to and including its take, as it is dragged out; None while there is none."""

    def typical_seconds(self, profile_name: str, /) -> tuple[float, float] | None:
        """Seconds in which half, and nine in ten, of a profile's tasks were done; None while that is not known."""

    def want_poster(self, clip: Clip, /) -> None:
        """Have a still of a clip found or made; PosterMade tells where it is."""
