"""The tasks as a Qt model, under heads: any number of rows, of which only those in sight are in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

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
from shiboken6 import isValid

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Filter, Order, Task
from kling_desktop.studio.feed import (
    ClipChanged,
    Fact,
    FilmChanged,
    PosterMade,
    QueueChanged,
    SeamLimitsMoved,
    SeamsFound,
    TaskChanged,
    TaskForgotten,
    TransferMoved,
    VerdictsJudged,
)
from kling_desktop.ui.takes import task_heads
from kling_desktop.ui.takes.rows.task_answers import HeadRole, TaskAnswers, pictured
from kling_desktop.ui.takes.rows.task_folds import Folds
from kling_desktop.ui.takes.rows.task_pages import TaskPages
from kling_desktop.ui.takes.rows.task_rows import TaskRows
from kling_desktop.ui.takes.task_layout import Head, Run, TaskLayout, changed_heads, one_run
from kling_desktop.ui.takes.task_words import Told

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class TaskModel(QAbstractTableModel):
    """One column. Hears facts in batches and touches only the rows they are about."""

    recounted = Signal()
    """The number of tasks, under this filter or in all, may be another."""

    def __init__(
        self,
        rows: TaskRows,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
        order: Order = Order.NEWEST,
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._answers = TaskAnswers(rows, clock)
        self._filter = Filter()
        self._order = order
        self._folds = Folds()
        self._pages = TaskPages(self._fetch)
        self._due: dict[str, Task | None] = {}
        """Changed tasks of which the list has not told yet where they stand now; None is one that was taken out."""
        self._asked = self._answered = 0
        """Numbers of the last list that was asked for, and of the last that came."""
        self._shown_as = self._filter, self._order
        """What the rows are now; what is wanted may be on its way."""
        self._show(TaskLayout(order, ()), Listed())
        self._list_at_once()

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def order(self) -> Order:
        return self._order

    @property
    def layout(self) -> TaskLayout:
        """Where heads and takes stand."""
        return self._layout

    @property
    def is_counting(self) -> bool:
        """Whether a list was asked for that has not come yet: `recounted` follows."""
        return self._asked != self._answered

    def show_only(self, filter: Filter) -> None:
        """Show the tasks of a filter, as soon as they are counted."""
        if filter != self._filter:
            self._filter = filter
            self._count()

    def order_by(self, order: Order) -> None:
        """Show them in another order, under its heads, as soon as they are counted."""
        if order is not self._order:
            self._order = order
            self._count()

    @property
    def folds(self) -> tuple[str, ...]:
        """Which heads are folded in which order, for `stand`."""
        return self._folds.texts

    def stand(self, order: Order, folds: Collection[str]) -> None:
        """Show the tasks in an order and with the folds that another list had; at once, for a window being built."""
        is_other, is_folded_otherwise = order is not self._order, tuple(folds) != self.folds
        self._order, self._folds = order, Folds(folds)
        if is_other:
            self.reload()
        elif is_folded_otherwise:
            self._fold_anew()

    def reload(self) -> None:
        """Forget what is in memory and count anew, at once."""
        self.beginResetModel()
        self._list_at_once()
        self.endResetModel()
        self.recounted.emit()

    def _list_at_once(self) -> None:
        listed = self._rows.listed(self._filter, self._order)
        self._asked += 1
        self._answered, self._due, self._shown_as = self._asked, {}, (self._filter, self._order)
        self._show(TaskLayout(self._order, listed.stretches, self._folds.of(self._order)), listed)

    def _show(self, layout: TaskLayout, listed: Listed) -> None:
        self._layout, self._listed = layout, listed
        self._shown = listed.unfolded([key for key in layout.keys if layout.is_folded(key)])
        self._pages.clear()

    def fold(self, row: int, folded: bool) -> None:
        """Hide or show the takes under the head at a row."""
        head = self._layout.head(row)
        if head is None or head.folded is folded:
            return
        stretch, order = head.stretch, self._layout.order
        keys = self._folds.of(order)
        if folded:
            self.beginRemoveRows(_NO_PARENT, row + 1, row + stretch.count)
            keys.add(stretch.key)
        else:
            self.beginInsertRows(_NO_PARENT, row + 1, row + stretch.count)
            keys.discard(stretch.key)
        self._show(TaskLayout(order, self._layout.stretches, keys), self._listed)
        if folded:
            self.endRemoveRows()
        else:
            self.endInsertRows()
        self._tell_changed([row])

    def fold_all(self, folded: bool) -> None:
        """Hide or show the takes under all heads."""
        self._folds.only(self._layout.order, self._layout.keys if folded else ())
        self._fold_anew()

    def _fold_anew(self) -> None:
        order = self._layout.order
        self.beginResetModel()
        self._show(TaskLayout(order, self._layout.stretches, self._folds.of(order)), self._listed)
        self.endResetModel()
        self.recounted.emit()

    def unfold_task(self, task_id: str) -> None:
        """Open the head under which a task is hidden."""
        place = self._place_in_list(task_id)
        if place is not None and self._layout.is_folded(self._layout.keys[place[0]]):
            self.fold(self._layout.head_rows[place[0]], False)

    def _fetch(self, offset: int, limit: int) -> list[Task | None]:
        numbers = self._shown[offset : offset + limit]
        return self._rows.page(numbers) if numbers else []

    @property
    def total(self) -> int:
        """The number of all tasks, shown or not."""
        return self._listed.total

    def head(self, row: int) -> Head | None:
        """The head that a row is; None for a task."""
        return self._layout.head(row)

    def task(self, row: int) -> Task | None:
        """The task of a row; None for a head, and beyond the rows."""
        take = self._layout.take(row)
        return None if take is None else self._pages.task(take)

    def task_in_memory(self, row: int) -> Task | None:
        """The task of a row without asking for it, as it was last shown."""
        take = self._layout.take(row)
        return None if take is None else self._pages.task_in_memory(take)

    def row_of(self, task_id: str) -> int | None:
        """The row of a task; None when the filter or a fold hides it, and until it is counted."""
        take = self._pages.row(task_id)
        if take is not None:
            return self._layout.row(take)
        place = self._place_in_list(task_id)
        return None if place is None else self._layout.row_in(*place)

    def _place_in_list(self, task_id: str) -> tuple[int, int] | None:
        number = self._rows.number(task_id)
        return None if number is None else self._listed.place(number)

    def is_known(self, task_id: str) -> bool:
        """Whether there is such a task, counted or not."""
        return self._rows.number(task_id) is not None

    def hides(self, task_id: str) -> bool:
        """Whether the filter keeps a task from the rows."""
        return not self._rows.passes(self._filter, task_id)

    def told(self, task: Task) -> Told:
        """What is known of a take beside its task: asked for once, until something is found anew."""
        return self._answers.told(task)

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
                self._answers.note_transfer(fact)
                moved[fact.task_id] = None
            elif isinstance(fact, ClipChanged):
                moved.update(dict.fromkeys(self._note_clip(fact.clip)))
            elif isinstance(fact, QueueChanged):
                moved.update(dict.fromkeys(self._answers.note_queue(fact)))
            elif isinstance(fact, SeamsFound):
                moved.update(dict.fromkeys(self._note_seams(fact.clip_id)))
            elif isinstance(fact, FilmChanged):
                self._answers.ask_again()
            elif isinstance(fact, SeamLimitsMoved):
                self._answers.ask_again()
                self.dataChanged.emit(self.index(0, 0), self.index(max(0, self.rowCount() - 1), 0))
        made = {fact.clip_id: fact.file for fact in facts if isinstance(fact, PosterMade)}
        self._answers.note_posters(made)
        self._tell_changed({*self._rows_of(moved), *(self._rows_showing(made) if made else ())})
        if latest:
            self._hear_tasks(latest, gone={fact.task_id for fact in facts if isinstance(fact, TaskForgotten)})
        elif any(isinstance(fact, FilmChanged) or self._is_moved_by(fact) for fact in facts):
            self._count()  # what stands under the heads may be otherwise now

    def _is_moved_by(self, fact: Fact) -> bool:
        by_verdict = self._order is Order.VERDICT or bool(self._filter.verdicts)
        return by_verdict and isinstance(fact, SeamsFound | VerdictsJudged)

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
        self._answers.want_posters_of(clips)

    def _note_clip(self, clip: Clip) -> list[str]:
        """Give a clip that changed to the tasks that made it; returns their ids."""
        made = [task for task in self._pages if task.clip and task.clip.id == clip.id]
        self._answers.want_poster_again(clip.id)
        for task in made:
            self._pages.replace(replace(task, clip=clip))
        return [task.id for task in made]

    def _note_seams(self, clip_id: str) -> list[str]:
        """A clip's seams were judged: what was told of the tasks that made it is asked for again; returns their ids."""
        made = [task.id for task in self._pages if task.clip and task.clip.id == clip_id]
        self._answers.ask_again(made)
        return made

    def _rows_showing(self, clip_ids: Container[str]) -> list[int]:
        return self._rows_of([task.id for task in self._pages if pictured(task) in clip_ids])

    def _rows_of(self, task_ids: Iterable[str]) -> list[int]:
        """The rows of those tasks whose pages are here."""
        return [self._layout.row(take) for take in self._pages.rows(task_ids)]

    def _hear_tasks(self, latest: dict[str, Task | None], gone: Collection[str]) -> None:
        """`gone` are the ids of those that were taken out, put back meanwhile or not: then under another number."""
        if any(task is None or task.status.ended for task in latest.values()):
            self._answers.ask_again_what_is_usual()
        self._answers.ask_again(latest)
        self._replace(task for task in latest.values() if self._may_show(task))
        stay = not gone and all(self._stays(task_id, task) for task_id, task in latest.items())
        if not stay or self.is_counting:
            self._due |= latest
        if stay:
            self.recounted.emit()
        else:
            self._count()

    def _stays(self, task_id: str, task: Task | None) -> bool:
        """Whether a task is among the rows, and where it was: then nothing is to be counted."""
        if self._filter.text or self._order not in (Order.NEWEST, Order.FILM) or not self._may_show(task):
            return False
        if self._pages.row(task_id) is not None:
            return True
        # While a list is on its way, a number that is known may have passed from one task to another.
        return not self.is_counting and self._place_in_list(task_id) is not None

    def _count(self) -> None:
        self._asked += 1
        self._rows.ask(self._filter, self._order, partial(self._take_in, self._asked, (self._filter, self._order)))

    def _take_in(self, number: int, shown_as: tuple[Filter, Order], listed: Listed) -> None:
        """A list has come: show it, moving as few rows as that takes."""
        if not isValid(self) or number < self._answered or shown_as != (self._filter, self._order):
            return
        before, self._answered = self._layout, number
        now = TaskLayout(self._order, listed.stretches, self._folds.of(self._order))
        run = None if shown_as != self._shown_as or self._is_unclear() else self._run_to(now, listed)
        self._shown_as = shown_as
        due = self._due
        if not self.is_counting:  # else the next list tells of some of them
            self._due = {}
        if run is None:
            self.beginResetModel()
            self._show(now, listed)
            self.endResetModel()
        else:
            self._move(run, now, listed)
            self._replace(task for task in due.values() if task and not self._is_shown(task))
            self._tell_changed(changed_heads(before, now))
        self.recounted.emit()

    def _is_shown(self, task: Task) -> bool:
        row = self._pages.row(task.id)
        return row is not None and self._pages.task_in_memory(row) == task

    def _is_unclear(self) -> bool:
        """Whether tasks came and others were taken out: the library may give the new ones the numbers of the old."""
        gone = None in self._due.values()
        return gone and any(task and self._pages.row(id) is None for id, task in self._due.items())

    def _run_to(self, now: TaskLayout, listed: Listed) -> Run | None:
        shown = listed.unfolded([key for key in now.keys if now.is_folded(key)])
        return one_run(self._layout, now, self._shown, shown)

    def _move(self, run: Run, now: TaskLayout, listed: Listed) -> None:
        if run.count > 0:
            self.beginInsertRows(_NO_PARENT, run.first, run.last)
            self._show(now, listed)
            self.endInsertRows()
        elif run.count < 0:
            self.beginRemoveRows(_NO_PARENT, run.first, run.last)
            self._show(now, listed)
            self.endRemoveRows()
        else:
            self._layout, self._listed = now, listed

    def _may_show(self, task: Task | None) -> bool:
        """Whether the filter's states let a task through; whether its text does, only the rows know."""
        wanted = self._filter
        return (
            task is not None
            and (not wanted.states or task.status in wanted.states)
            and (not wanted.picks or task.pick in wanted.picks)
            and task.stars >= wanted.stars_from
            and (not wanted.verdicts or self.told(task).verdict in wanted.verdicts)
        )

    def _replace(self, tasks: Iterable[Task | None]) -> None:
        """Show tasks as they are now, as far as they are in memory."""
        rows = []
        for task in tasks:
            row = self._pages.row(task.id) if task is not None else None
            if task is not None and row is not None:
                self._pages.replace(task)
                self._answers.want_poster_again(pictured(task))
                rows.append(self._layout.row(row))
        self._tell_changed(rows)

    def _tell_changed(self, rows: Iterable[int]) -> None:
        for row in rows:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    # --- Qt's questions ------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._layout.rows

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        task = self.task(index.row()) if index.isValid() and self._answers.knows(role) else None
        if task:
            return self._answers.said_of(task, role)
        head = self._layout.head(index.row()) if index.isValid() else None
        return self._said_of_head(head, role) if head is not None else None

    @staticmethod
    def _said_of_head(head: Head, role: int) -> object:
        """Its name is what stays the same while takes come below it and go."""
        if role == HeadRole:
            return head
        if role == Qt.ItemDataRole.DisplayRole:
            return task_heads.head_words(head)
        return task_heads.head_sentence(head) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def said_of(self, task: Task, role: int) -> object:
        """What `data` says of a task, whether it is among the rows or not."""
        return self._answers.said_of(task, role)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        task = self.task(index.row()) if index.isValid() else None
        if task is None and self._layout.head(index.row() if index.isValid() else -1) is not None:
            return super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
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
        files = [file for task in tasks if task and (file := self._rows.file_of(task))]
        dragged = QMimeData()
        if files:
            dragged.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        return dragged
