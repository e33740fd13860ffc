"""The rows on the screen: heads and takes, scrolled smoothly, kept in place while tasks come and go above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QHeaderView, QTableView, QWidget

from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.ui.painted.menu_place import menu_place
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.rows.task_answers import PosterRole
from kling_desktop.ui.takes.task_delegate import TaskDelegate, row_height, still_box
from kling_desktop.ui.takes.task_heads import head_height
from kling_desktop.ui.takes.task_model import TaskModel

REMEMBERED = 200
"""Selected tasks that are found again after the rows were counted anew."""

TICK_MS = 1000
REST_MS = 150
"""Rows that stay in sight for so long have their stills found."""

TICKS_TO_REPAINT = 60
"""Ages ("2 h ago") are told anew once a minute; without a running task in sight that is all that ticks."""


class TaskTable(QTableView):
    """A QTableView, because a QListView lays out all of its rows at each change (170 ms for 100 000)."""

    chosen = Signal(object)
    """Task of the current row, or None; once per task."""
    menu_asked = Signal(QPoint)
    """Where on the screen the menu of the current row is wanted."""

    def __init__(self, model: TaskModel, posters: Posters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = model
        self._posters = posters
        self._current_id = ""
        self._remembered: list[str] = []
        self._anchor: tuple[str, int] | None = None
        """First task in sight and where it begins, in pixels, when the list does not stand at its top."""
        self._measured: Sequence[int] = ()
        """Rows that are as high as heads: those where heads stood when a reset began, and stand since."""
        self._ticks = 0
        self._timer = QTimer(self, interval=TICK_MS)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._look()
        self.setModel(model)
        self._measure_heads()
        self._listen()

    def _look(self) -> None:
        self.setItemDelegate(TaskDelegate(self._posters, parent=self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("ground", "rail")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure_rows()

    def _measure_rows(self) -> None:
        height = row_height(self.font())
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height // 2)
        self._measure_heads()

    def _measure_heads(self) -> None:
        """Silently: for each of some thousand heads Qt would tell of it, and add up all rows to paint itself anew."""
        if self.model() is None:
            return
        down, height = self.verticalHeader(), head_height()
        down.blockSignals(True)
        down.setUpdatesEnabled(False)
        rows, usual = self._tasks.rowCount(), down.defaultSectionSize()
        before, heads = set(self._measured), self._tasks.layout.head_rows
        for row in before.difference(heads):  # a reset leaves every row as high as it was
            if row < rows:
                down.resizeSection(row, usual)
        for row in heads:
            if row not in before:
                down.resizeSection(row, height)
        self._measured = ()
        down.setUpdatesEnabled(True)
        down.blockSignals(False)
        self.updateGeometries()

    def _note_heads(self) -> None:
        """Rows that come and go take their heights along, so that they are where the heads are now."""
        self._measured = self._tasks.layout.head_rows

    def _listen(self) -> None:
        self._timer.timeout.connect(self._tick)
        self._posters.loaded.connect(self._repaint_still)
        self._rest.timeout.connect(self._come_to_rest)
        # Methods, no lambdas: the model would hold those, and with them the table that holds the model, for ever.
        self.verticalScrollBar().valueChanged.connect(self._move)
        for moved in (
            self._tasks.modelReset,
            self._tasks.rowsInserted,
            self._tasks.rowsRemoved,
            self._tasks.dataChanged,
        ):
            moved.connect(self._move)
        self.selectionModel().currentRowChanged.connect(self._announce)
        self._tasks.modelAboutToBeReset.connect(self._note_heads)
        self._tasks.modelAboutToBeReset.connect(self._remember)
        self._tasks.modelReset.connect(self._measure_heads)
        self._tasks.modelReset.connect(self._restore)
        self._tasks.rowsInserted.connect(self._make_room)
        self._tasks.rowsRemoved.connect(self._close_up)

    # --- tasks ---------------------------------------------------------------------------------------------------

    def current_task(self) -> Task | None:
        """The task that has the focus."""
        return self._tasks.task(self.currentIndex().row())

    def selected_tasks(self) -> Iterator[Task]:
        """All selected tasks, from the top."""
        for row in self._selected_rows():
            task = self._tasks.task(row)
            if task is not None:
                yield task

    def select_task(self, task_id: str) -> bool:
        """Make a task the only selected one and bring it into sight; False when it is not among the rows."""
        row = self._tasks.row_of(task_id)
        if row is None:
            return False
        # Not setCurrentIndex of the view: that asks the keyboard, and Ctrl+Enter still holds Ctrl down.
        chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._tasks.index(row, 0), chosen)
        self.scrollTo(self._tasks.index(row, 0))
        return True

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and the last take: to a table of one column they are the ends of its row."""
        if self.model().rowCount() and action is QAbstractItemView.CursorAction.MoveHome:
            return self.model().index(0 if self._tasks.task(1) is None else 1, 0)
        if self.model().rowCount() and action is QAbstractItemView.CursorAction.MoveEnd:
            return self.model().index(self.model().rowCount() - 1, 0)
        return super().moveCursor(action, modifiers)

    def rows_in_sight(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self._tasks.rowCount() - 1) + 1)

    def _selected_rows(self) -> Iterator[int]:
        parts = self.selectionModel().selection()
        ranges = sorted((parts.at(at).top(), parts.at(at).bottom()) for at in range(parts.size()))
        return (row for top, bottom in ranges for row in range(top, bottom + 1))

    def _announce(self) -> None:
        task = self.current_task()
        on_head = self._tasks.head(self.currentIndex().row()) is not None
        is_hidden = self._tasks.filter != Filter() and self._tasks.total > 0
        if task is None and (on_head or is_hidden):
            return  # neither a head nor a filter that hides it takes anything off the stage
        now = task.id if task else ""
        if now != self._current_id:
            self._current_id = now
            self.chosen.emit(task)

    # --- staying in place ----------------------------------------------------------------------------------------

    def _remember(self) -> None:
        """Before rows are counted anew: which tasks are selected. Only those in memory still are what they were."""
        rows = (row for row, _ in zip(self._selected_rows(), range(REMEMBERED), strict=False))
        self._remembered = [task.id for row in rows if (task := self._tasks.task_in_memory(row))]
        top = self.rowAt(0)
        first = self._tasks.task_in_memory(top) if self.verticalScrollBar().value() > 0 else None
        self._anchor = (first.id, self.rowViewportPosition(top)) if first else None

    def _restore(self) -> None:
        again = QItemSelection()
        for task_id in self._remembered:
            row = self._tasks.row_of(task_id)
            if row is not None:
                again.select(self._tasks.index(row, 0), self._tasks.index(row, 0))
        current = self._tasks.row_of(self._current_id) if self._current_id else None
        if current is not None:
            index = self._tasks.index(current, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(again, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._return_to_anchor()
        self._announce()

    def _return_to_anchor(self) -> None:
        row = self._tasks.row_of(self._anchor[0]) if self._anchor else None
        self.executeDelayedItemsLayout()
        if row is not None and self._anchor:
            self.verticalScrollBar().setValue(self._top_of(row) - self._anchor[1])
        elif self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        else:
            self.scrollToTop()

    def _make_room(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._stay(first, last - first + 1)

    def _close_up(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._stay(first, first - last - 1)

    def _stay(self, row: int, more: int) -> None:
        """Rows came or went: those in sight stay where they are, unless the list stands at its top."""
        self.viewport().update()
        bar = self.verticalScrollBar()
        height = self.verticalHeader().defaultSectionSize()
        if bar.value() > 0 and self._top_of(row) < bar.value():
            self.executeDelayedItemsLayout()
            bar.setValue(bar.value() + more * height)

    def _top_of(self, row: int) -> int:
        """Where a row begins, in pixels from the first."""
        down = self.verticalHeader()
        return down.sectionPosition(row) if row < down.count() else down.length()

    # --- time and stills -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()
        self._rest.start()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rest.start()
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure_rows()
        super().changeEvent(event)

    def _move(self) -> None:
        """Other rows are in sight, or the same ones otherwise."""
        self._rest.start()

    def _come_to_rest(self) -> None:
        """The rows in sight stay for a while."""
        rows = self.rows_in_sight()
        self._tasks.want_posters(rows)
        pause = TICK_MS if self._tasks.runs(rows) else TICK_MS * TICKS_TO_REPAINT
        if self._timer.interval() != pause:
            self._timer.setInterval(pause)

    def _tick(self) -> None:
        self._ticks += self._timer.interval() // TICK_MS
        if self._ticks >= TICKS_TO_REPAINT:
            self._ticks = 0
            self.viewport().update()
        else:
            self._tasks.tick(self.rows_in_sight())

    def _repaint_still(self, file: Path) -> None:
        for row in self.rows_in_sight():
            index = self._tasks.index(row, 0)
            if index.data(PosterRole) == file:
                self.update(index)

    # --- keys and dragging ---------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus alone chooses nothing: Qt would choose the first row, even on the way to the one that is clicked."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: the filter box searches, a search from here would read every row, and letters are the player's."""

    def startDrag(self, _supported: Qt.DropAction) -> None:
        """Drag the kept files of the selected rows, with the still under the pointer's hand."""
        dragged = self._tasks.mimeData([self._tasks.index(row, 0) for row in self._selected_rows()])
        if not dragged.hasUrls():
            return
        drag = QDrag(self)
        drag.setMimeData(dragged)
        drag.setPixmap(self.viewport().grab(still_box(self.visualRect(self.currentIndex()))))
        drag.exec(Qt.DropAction.CopyAction)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse on the row under it, by the Menu key on the current one."""
        index, place = menu_place(self, event)
        if index.isValid() and self._tasks.task(index.row()) is not None:
            self.menu_asked.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a head folds it, or opens it again."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        head = self._tasks.head(index.row())
        if head is not None and event.button() == Qt.MouseButton.LeftButton:
            self._tasks.fold(index.row(), not head.folded)

    def _fold_by_key(self, event: QKeyEvent) -> bool:
        """Left folds what stands under a head, and goes from a take to its head; Right opens it; Enter does either."""
        key, row = event.key(), self.currentIndex().row()
        above = self._tasks.layout.head_row(row)
        if above is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        head = self._tasks.head(row)
        if key == Qt.Key.Key_Left and head is None:
            self.setCurrentIndex(self._tasks.index(above, 0))
        elif head is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._tasks.fold(row, key == Qt.Key.Key_Left)
        elif head is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tasks.fold(row, not head.folded)
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        """On a head its keys are the list's, though the player, and the list's own menu, know them too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_for_heads(event):
            event.accept()
            return True
        return super().event(event)

    def _is_for_heads(self, event: QKeyEvent) -> bool:
        is_head = self._tasks.head(self.currentIndex().row()) is not None
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return is_head and event.key() in keys and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._fold_by_key(event):
            return
        if event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return
        super().keyPressEvent(event)
