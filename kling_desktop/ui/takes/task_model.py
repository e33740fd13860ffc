"""The tasks as a Qt model: any number of rows, of which only those in sight are in memory."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip, Progress
from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.studio.feed import (
    ClipChanged,
    Fact,
    PosterMade,
    QueueChanged,
    TaskChanged,
    TaskForgotten,
    TransferMoved,
)
from kling_desktop.ui.takes import task_words
from kling_desktop.ui.takes.task_pages import TaskPages

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

PLACED_AT_ONCE = 50
"""More new rows than this at once (an adopted history) reset the model: to look for the place of each costs more."""

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class TaskRows(Protocol):
    """What the model asks for rows: newest first, as they stand now."""

    def count(self, wanted: Filter, /) -> int: ...
    def page(self, wanted: Filter, offset: int, limit: int, /) -> list[Task]: ...
    def place(self, wanted: Filter, task_id: str, /) -> int | None: ...
    def typical_seconds(self, profile_name: str, /) -> tuple[float, float] | None:
        """Seconds in which half, and nine in ten, of a profile's tasks were done; None while that is not known."""

    def want_poster(self, clip: Clip, /) -> None:
        """Have a still of a clip found or made; PosterMade tells where it is."""


class TaskModel(QAbstractTableModel):
    """One column, newest first. Hears facts in batches and touches only the rows they are about."""

    recounted = Signal()
    """The number of tasks, under this filter or in all, may be another."""

    def __init__(
        self, rows: TaskRows, clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._clock = clock
        self._filter = Filter()
        self._count = rows.count(self._filter)
        self._pages = TaskPages(lambda offset, limit: rows.page(self._filter, offset, limit))
        self._posters: dict[str, Path] = {}
        self._posters_wanted: set[str] = set()
        self._progress: dict[str, Progress] = {}
        self._typical: dict[str, tuple[float, float] | None] = {}
        self._places: dict[Profile, dict[str, int]] = {}
        self._answers: dict[int, Callable[[Task], object]] = {
            int(Qt.ItemDataRole.DisplayRole): self._text,
            int(Qt.ItemDataRole.AccessibleTextRole): self._text,
            int(Qt.ItemDataRole.ToolTipRole): self._tip,
            TaskRole: lambda task: task,
            ProgressRole: lambda task: self._progress.get(task.id),
            PosterRole: self._poster,
            TypicalRole: self._usual,
            PlaceRole: self._place,
        }

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        return self._filter

    def show_only(self, filter: Filter) -> None:
        """Show the tasks of a filter from now on."""
        if filter != self._filter:
            self._filter = filter
            self.reload()

    def reload(self) -> None:
        """Forget what is in memory and count anew."""
        self.beginResetModel()
        self._count = self._rows.count(self._filter)
        self._pages.clear()
        self.endResetModel()
        self.recounted.emit()

    @property
    def total(self) -> int:
        """The number of all tasks, shown or not."""
        return self._rows.count(Filter())

    def task(self, row: int) -> Task | None:
        """The task of a row; None beyond the rows."""
        return self._pages.task(row) if 0 <= row < self._count else None

    def task_in_memory(self, row: int) -> Task | None:
        """The task of a row without asking for it, as it was last shown."""
        return self._pages.task_in_memory(row)

    def row_of(self, task_id: str) -> int | None:
        """The row of a task; None when the filter hides it."""
        row = self._pages.row(task_id)
        if row is None:
            row = self._rows.place(self._filter, task_id)
        return row if row is not None and row < self._count else None

    # --- facts ---------------------------------------------------------------------------------------------------

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Take in a batch of facts."""
        latest: dict[str, Task | None] = {}
        moved: dict[str, None] = {}
        for fact in facts:
            if isinstance(fact, TaskChanged):
                latest[fact.task.id] = fact.task
            elif isinstance(fact, TaskForgotten):
                latest[fact.task_id] = None
            elif isinstance(fact, TransferMoved):
                self._note_transfer(fact)
                moved[fact.task_id] = None
            elif isinstance(fact, ClipChanged):
                moved.update(dict.fromkeys(self._note_clip(fact.clip)))
            elif isinstance(fact, QueueChanged):
                moved.update(dict.fromkeys(self._note_queue(fact)))
        made = {fact.clip_id: fact.file for fact in facts if isinstance(fact, PosterMade)}
        self._posters.update(made)
        self._tell_changed({*self._pages.rows(moved), *(self._rows_showing(made) if made else ())})
        if latest:
            self._hear_tasks(latest)

    def tick(self, rows: range) -> None:
        """Time has passed: the elapsed times in these rows are others now."""
        self._tell_changed(self._running(rows))

    def runs(self, rows: range) -> bool:
        """Whether a task in these rows goes on, so that its elapsed time is another each second."""
        return any(True for _ in self._running(rows))

    def _running(self, rows: range) -> Iterator[int]:
        return (row for row in rows if (task := self.task_in_memory(row)) and task.watched and not task.status.ended)

    def want_posters(self, rows: range) -> None:
        """Have the stills of these rows found, each once; not for rows that only fly by."""
        tasks = (self.task_in_memory(row) for row in rows)
        self.want_posters_of(task.clip for task in tasks if task and task.clip)

    def want_posters_of(self, clips: Iterable[Clip]) -> None:
        """Have the stills of these clips found, each once."""
        for clip in clips:
            if clip.id not in self._posters and clip.id not in self._posters_wanted:
                self._posters_wanted.add(clip.id)
                self._rows.want_poster(clip)

    def _note_transfer(self, fact: TransferMoved) -> None:
        if fact.progress is None:
            self._progress.pop(fact.task_id, None)
        else:
            self._progress[fact.task_id] = fact.progress

    def _note_queue(self, queue: QueueChanged) -> set[str]:
        """Give the waiting tasks their places; returns the ids of those whose place is another."""
        before = self._places.get(queue.profile, {})
        now = self._places[queue.profile] = {id: place for place, id in enumerate(queue.waiting, 1)}
        return {id for id, _ in before.items() ^ now.items()}

    def _note_clip(self, clip: Clip) -> list[str]:
        """Give a clip that changed to the tasks that made it; returns their ids."""
        made = [task for task in self._pages if task.clip and task.clip.id == clip.id]
        # A still that could not be made of an address may be made of the file.
        self._posters_wanted.discard(clip.id)
        for task in made:
            self._pages.replace(replace(task, clip=clip))
        return [task.id for task in made]

    def _rows_showing(self, clip_ids: Container[str]) -> list[int]:
        return self._pages.rows([task.id for task in self._pages if _pictured(task) in clip_ids])

    def _hear_tasks(self, latest: dict[str, Task | None]) -> None:
        if any(task is None or task.status.ended for task in latest.values()):
            self._typical.clear()
        here = {id for id in latest if self._pages.row(id) is not None}
        unseen = {id: task for id, task in latest.items() if id not in here}
        leaving = sorted(self._pages.rows(id for id in here if not self._may_show(latest[id])))
        self._replace(task for id in here if (task := latest[id]) and self._may_show(task))
        entering = self._entering(unseen, self._rows.count(self._filter) - (self._count - len(leaving)))
        if entering is None or not _is_one_run(leaving, entering):
            self.reload()
            return
        self._remove(leaving)
        self._insert(entering)
        self.recounted.emit()

    def _may_show(self, task: Task | None) -> bool:
        """Whether the filter's states let a task through; whether its text does, only the rows know."""
        wanted = self._filter
        return (
            task is not None
            and (not wanted.states or task.status in wanted.states)
            and (not wanted.picks or task.pick in wanted.picks)
            and task.stars >= wanted.stars_from
        )

    def _replace(self, tasks: Iterable[Task]) -> None:
        rows = []
        for task in tasks:
            self._pages.replace(task)
            self._posters_wanted.discard(_pictured(task))
            rows += self._pages.rows([task.id])
        self._tell_changed(rows)

    def _entering(self, unseen: dict[str, Task | None], more: int) -> list[int] | None:
        """The rows at which tasks enter, ascending, when `more` rows came to those in memory; None if it is unclear.

        A task that is not in memory may be new, or one far from sight. Only the number of rows tells, which the
        rows always know best; where it leaves more than one explanation, None asks for a reset.
        """
        possible = sum(self._may_show(task) for task in unseen.values())
        if more == 0 and (not possible or possible == len(unseen)):
            return []
        if not 0 < more <= min(possible, PLACED_AT_ONCE):
            return None
        places = [self._rows.place(self._filter, id) for id, task in unseen.items() if self._may_show(task)]
        rows = sorted(row for row in places if row is not None)
        return rows if len(rows) == more else None

    def _remove(self, run: list[int]) -> None:
        if run:
            self.beginRemoveRows(_NO_PARENT, run[0], run[-1])
            self._count -= len(run)
            self._pages.clear()
            self.endRemoveRows()

    def _insert(self, run: list[int]) -> None:
        if run:
            self.beginInsertRows(_NO_PARENT, run[0], run[-1])
            self._count += len(run)
            self._pages.clear()
            self.endInsertRows()

    def _tell_changed(self, rows: Iterable[int]) -> None:
        for row in rows:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    # --- Qt's questions ------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        answer = self._answers.get(role)
        task = self.task(index.row()) if answer and index.isValid() else None
        return answer(task) if answer and task else None

    def said_of(self, task: Task, role: int) -> object:
        """What `data` says of a task, whether it is among the rows or not."""
        answer = self._answers.get(role)
        return answer(task) if answer else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        task = self.task(index.row()) if index.isValid() else None
        if task is None:
            return Qt.ItemFlag.NoItemFlags
        flags = super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
        kept = task.clip is not None and task.clip.file is not None
        return flags | Qt.ItemFlag.ItemIsDragEnabled if kept else flags

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The kept files of the rows, as a file manager or an editor takes them; empty when there are none."""
        tasks = (self.task(row) for row in sorted({index.row() for index in indexes}))
        files = [task.clip.file for task in tasks if task and task.clip and task.clip.file]
        dragged = QMimeData()
        if files:
            dragged.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        return dragged

    def _text(self, task: Task) -> str:
        usual, place = self._usual(task), self._place(task)
        return task_words.sentence(task, self._progress.get(task.id), usual, self._clock(), place)

    def _tip(self, task: Task) -> str:
        return task_words.tip(task, self._progress.get(task.id), self._usual(task), self._clock(), self._place(task))

    def _place(self, task: Task) -> int:
        return self._places.get(task.profile, {}).get(task.id, 0)

    def _poster(self, task: Task) -> Path | None:
        return self._posters.get(_pictured(task))

    def _usual(self, task: Task) -> tuple[float, float] | None:
        profile = task.profile.name
        if profile not in self._typical:
            self._typical[profile] = self._rows.typical_seconds(profile)
        return self._typical[profile]


def _is_one_run(leaving: list[int], entering: list[int]) -> bool:
    """Whether the rows lie side by side, all of them coming or all going. Between two runs the model would stand as
    the library never did: such a batch is counted anew."""
    run = leaving or entering
    return not (leaving and entering) and (not run or run[-1] - run[0] == len(run) - 1)


def _pictured(task: Task) -> str:
    """Id of the clip whose still stands for a task."""
    return task.clip.id if task.clip else task.extension.video_id
