"""What the list says of a take, role by role; asked for once, and kept until something is found anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip, Progress
from kling_desktop.domain.tasks import Task
from kling_desktop.studio.feed import QueueChanged, TransferMoved
from kling_desktop.ui.takes import task_words
from kling_desktop.ui.takes.rows.task_pages import PAGE, PAGES_KEPT
from kling_desktop.ui.takes.rows.task_rows import TaskRows
from kling_desktop.ui.takes.task_words import Told

TaskRole = int(Qt.ItemDataRole.UserRole) + 1
"""The Task of a row."""
ProgressRole = TaskRole + 1
"""Progress of its transfer, or None."""
PosterRole = TaskRole + 2
"""Path of the still to show, or None: of its own clip, or of the clip it extends while it has none."""
TypicalRole = TaskRole + 3
"""Usual seconds (half, nine in ten) of its profile's tasks, or None."""
PlaceRole = TaskRole + 4
"""Its place in the local queue, from 1; 0 when it does not wait there."""

HeadRole = TaskRole + 5
"""The Head that a row is, or None."""
ToldRole = TaskRole + 6
"""What is Told of a take beside its task."""


class TaskAnswers:
    """Belongs to the model, which tells it what happened. Whether a take is among the rows makes no difference."""

    def __init__(self, rows: TaskRows, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._clock = clock
        self._told: dict[str, Told] = {}
        self._posters: dict[str, str] = {}
        """Where stills lie, by their clips: of thousands, and as text a look for garbage does not go through them."""
        self._posters_wanted: set[str] = set()
        self._progress: dict[str, Progress] = {}
        self._typical: dict[str, tuple[float, float] | None] = {}
        self._places: dict[Profile, dict[str, int]] = {}
        self._by_role: dict[int, Callable[[Task], object]] = {
            int(Qt.ItemDataRole.DisplayRole): self._text,
            int(Qt.ItemDataRole.AccessibleTextRole): self._text,
            int(Qt.ItemDataRole.ToolTipRole): self._tip,
            TaskRole: lambda task: task,
            ProgressRole: lambda task: self._progress.get(task.id),
            PosterRole: self._poster,
            TypicalRole: self._usual,
            PlaceRole: self._place,
            ToldRole: self.told,
        }

    def knows(self, role: int) -> bool:
        """Whether there is an answer for a role."""
        return role in self._by_role

    def said_of(self, task: Task, role: int) -> object:
        """The answer for a role; None where there is none."""
        answer = self._by_role.get(role)
        return answer(task) if answer else None

    def told(self, task: Task) -> Told:
        """What is known of a take beside its task."""
        if task.id not in self._told:
            if len(self._told) >= PAGE * PAGES_KEPT:
                self._told.clear()
            self._told[task.id] = self._rows.told(task)
        return self._told[task.id]

    # --- what happened -------------------------------------------------------------------------------------------

    def ask_again(self, task_ids: Iterable[str] | None = None) -> None:
        """What was told of these tasks may be otherwise now, or of all."""
        if task_ids is None:
            self._told.clear()
        else:
            for task_id in task_ids:
                self._told.pop(task_id, None)

    def ask_again_what_is_usual(self) -> None:
        """A task has ended: the usual times may be others."""
        self._typical.clear()

    def want_posters_of(self, clips: Iterable[Clip]) -> None:
        """Have the stills of these clips found, each once."""
        for clip in clips:
            if clip.id not in self._posters and clip.id not in self._posters_wanted:
                self._posters_wanted.add(clip.id)
                self._rows.want_poster(clip)

    def want_poster_again(self, clip_id: str) -> None:
        """A still that could not be made may be made now: of the file, where it was of the address."""
        self._posters_wanted.discard(clip_id)

    def note_posters(self, made: Mapping[str, Path]) -> None:
        """Stills were made: the file of each by the id of its clip."""
        self._posters.update((clip_id, str(file)) for clip_id, file in made.items())

    def note_transfer(self, fact: TransferMoved) -> None:
        """A transfer moved, or ended."""
        if fact.progress is None:
            self._progress.pop(fact.task_id, None)
        else:
            self._progress[fact.task_id] = fact.progress

    def note_queue(self, queue: QueueChanged) -> set[str]:
        """Give the waiting tasks their places; returns the ids of those whose place is another."""
        before = self._places.get(queue.profile, {})
        now = self._places[queue.profile] = {id: place for place, id in enumerate(queue.waiting, 1)}
        return {id for id, _ in before.items() ^ now.items()}

    # --- answers -------------------------------------------------------------------------------------------------

    def _text(self, task: Task) -> str:
        usual, place = self._usual(task), self._place(task)
        return task_words.sentence(task, self._progress.get(task.id), usual, self._clock(), place, self.told(task))

    def _tip(self, task: Task) -> str:
        return task_words.tip(task, self._progress.get(task.id), self._usual(task), self._clock(), self._place(task))

    def _place(self, task: Task) -> int:
        return self._places.get(task.profile, {}).get(task.id, 0)

    def _poster(self, task: Task) -> Path | None:
        file = self._posters.get(pictured(task))
        return Path(file) if file else None

    def _usual(self, task: Task) -> tuple[float, float] | None:
        profile = task.profile.name
        if profile not in self._typical:
            self._typical[profile] = self._rows.typical_seconds(profile)
        return self._typical[profile]


def pictured(task: Task) -> str:
    """Id of the clip whose still stands for a task."""
    return task.clip.id if task.clip else task.extension.video_id
