"""What the list of all takes asks for rows, answered by the rooms of the studio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.lister import Lister
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.takes.task_words import Told


class Listing(Protocol):
    """The takes of the library."""

    def page(self, numbers: Sequence[int], /) -> list[Task | None]: ...
    def number(self, task_id: str, /) -> int | None: ...
    def passes(self, wanted: Filter, task_id: str, /) -> bool: ...


class StudioRows:
    """Fulfils `TaskRows`: tasks come from the library, stills from the clips, usual times from what has ended."""

    def __init__(
        self,
        studio: Studio,
        listing: Listing,
        lister: Lister,
        tree: Tree,
        seam: Callable[[Clip], Seam | None],
        film: Callable[[str], Path | None],
    ) -> None:
        """`seam` gives the one at which the newest stretch of a clip begins, if it was found; `film` the file of the
        film up to a take, by its id, None while that is not joined.
        """
        self.listed = lister.listed
        self.ask = lister.ask
        self.page = listing.page
        self.number = listing.number
        self.passes = listing.passes
        self.typical_seconds = studio.typical_times.seconds
        self.want_poster = studio.clips.want_poster
        self._tree = tree
        self._seam = seam
        self._film = film

    def told(self, task: Task) -> Told:
        """Its place in its film, and how its seam was judged."""
        state = self._tree.take_of_task(task.id)
        hop = state.take.hop if state is not None else None
        seam = self._seam(task.clip) if task.clip and state is not None and state.take.way is not Way.ROOT else None
        if seam is None or seam.told is None:
            return Told(hop)
        return Told(hop, seam.told, seam_words.judged(seam), seam.doubtful)

    def file_of(self, task: Task) -> Path | None:
        """What plays of its take: of a continued one the film that it was joined to."""
        state = self._tree.take_of_task(task.id)
        if state is not None:
            return self._film(state.take.id)
        return task.clip.file if task.clip else None
