"""The queue as a list: what is at Kling, what waits here in its order, what came in today; words when it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyleOptionViewItem, QWidget

from kling_desktop.domain.tasks import Task
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.menu_place import menu_place
from kling_desktop.ui.queue.held_hops import HeldHop, held_height, paint_held
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.rows.task_answers import TaskRole
from kling_desktop.ui.takes.task_delegate import TaskDelegate, paint_ground
from kling_desktop.ui.takes.task_heads import head_height, paint_head
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.theme.fonts import scaled

_TICK_MS = 1000
_MIME = "application/x-kling-desktop-task"
HeadRole = int(Qt.ItemDataRole.UserRole) + 40
"""Stretch and number of tasks of a head."""
HopRole = HeadRole + 1
"""The hop of a row that a plan holds."""
_Index = QModelIndex | QPersistentModelIndex


class Stretch(Enum):
    """Part of the queue, in the order of the page."""

    AT_KLING = auto()
    WAITING = auto()
    TOMORROW = auto()
    """Today's budget does not allow them."""
    OVER_CAP = auto()
    """The budget of their film or plan does not allow them."""
    HELD = auto()
    """By a plan."""
    TODAY = auto()


_Row = tuple[Stretch, int] | Task | HeldHop
"""A head is its stretch and how many it holds."""


@dataclass(frozen=True, slots=True)
class QueueRows:
    """What the page shows."""

    at_kling: tuple[Task, ...] = ()
    waiting: tuple[Task, ...] = ()
    """In the order in which they will be sent."""
    today: tuple[Task, ...] = ()
    """Done since the creator's midnight, newest first."""
    unlisted: int = 0
    """How many more wait behind those."""
    tomorrow: tuple[Task, ...] = ()
    """Those that today's budget does not allow."""
    over_cap: tuple[Task, ...] = ()
    """Those that the budget of their film or plan does not allow."""
    held: tuple[HeldHop | Task, ...] = ()
    """Hops that a plan holds; of one whose tasks were written down already, those tasks."""

    def stretches(self) -> tuple[tuple[Stretch, tuple[HeldHop | Task, ...], int], ...]:
        """Those that have rows, with how many tasks they are."""
        parts: tuple[tuple[Stretch, tuple[HeldHop | Task, ...], int], ...] = (
            (Stretch.AT_KLING, self.at_kling, len(self.at_kling)),
            (Stretch.WAITING, self.waiting, len(self.waiting) + self.unlisted),
            (Stretch.TOMORROW, self.tomorrow, len(self.tomorrow)),
            (Stretch.OVER_CAP, self.over_cap, len(self.over_cap)),
            (Stretch.HELD, self.held, len(self.held)),
            (Stretch.TODAY, self.today, len(self.today)),
        )
        return tuple(part for part in parts if part[1])


class QueueModel(QAbstractListModel):
    """A head for each stretch, and its tasks below. What is said of a task is what the list of all takes says."""

    placed = Signal(str, str)
    """Id of a waiting task that was dropped, and of the one before which it is to be sent; "" behind all."""

    def __init__(self, tasks: TaskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._rows: list[_Row] = []
        self._waiting = 0

    def show(self, rows: QueueRows) -> None:
        """Show these rows; only what a row says is told where all rows are of the same tasks as before."""
        new: list[_Row] = []
        for stretch, tasks, count in rows.stretches():
            new += [(stretch, count), *tasks]
        same = [_key(row) for row in new] == [_key(row) for row in self._rows]
        if not same:
            self.beginResetModel()
        self._rows, self._waiting = new, len(rows.waiting)
        if not same:
            self.endResetModel()
        elif new:
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))

    def task(self, row: int) -> Task | None:
        """The task of a row; None for a head."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Task) else None

    def hop(self, row: int) -> HeldHop | None:
        """The held hop of a row; None for others."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, HeldHop) else None

    def row_of(self, id: str) -> int | None:
        """Where a task or a held hop stands."""
        return next((at for at, row in enumerate(self._rows) if not isinstance(row, tuple) and row.id == id), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - an index is a value
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, Task):
            return self._tasks.said_of(row, role)
        is_said = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if isinstance(row, HeldHop):
            tip = formatting.tip(row.words) if role == Qt.ItemDataRole.ToolTipRole else None
            return row if role == HopRole else row.sentence if is_said else tip
        if role == HeadRole:
            return row
        return f"{_name(row[0])} {row[1]}" if is_said else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Waiting tasks are dragged, and dropped between one another."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if isinstance(self._rows[index.row()], tuple):
            return Qt.ItemFlag.NoItemFlags
        is_waiting = self.place_of(index.row()) is not None
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if is_waiting else Qt.ItemFlag.NoItemFlags)

    def place_of(self, row: int) -> int | None:
        """Which of the waiting tasks a row is, from 0; None for other rows."""
        first = self._first_waiting()
        return row - first if first is not None and 0 <= row - first < self._waiting else None

    def _first_waiting(self) -> int | None:
        heads = (at for at, row in enumerate(self._rows) if isinstance(row, tuple) and row[0] is Stretch.WAITING)
        head = next(heads, None)
        return None if head is None else head + 1

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The waiting task that is dragged, by its id."""
        dragged = QMimeData()
        task = self.task(indexes[0].row()) if indexes else None
        if task is not None:
            dragged.setData(_MIME, QByteArray(task.id.encode()))
        return dragged

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        return data.hasFormat(_MIME) and self._before(row, parent) is not None

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Tells where it is to stand; the queue itself moves it, and shows itself anew."""
        before = self._before(row, parent)
        if before is None or not data.hasFormat(_MIME):
            return False
        self.placed.emit(bytes(data.data(_MIME).data()).decode(), before)
        return False  # true would have the view take the row out

    def _before(self, row: int, parent: _Index) -> str | None:
        """Id of the waiting task before which a drop lies; "" behind the last, None outside of them."""
        first = self._first_waiting()
        at = parent.row() if parent.isValid() else row
        if first is None or not first <= at <= first + self._waiting:
            return None
        task = self.task(at) if at < first + self._waiting else None
        return task.id if task is not None else ""


class QueueList(QListView):
    """Enter and a double click open a take; Alt or Ctrl with the arrows moves a waiting one, as dragging it does."""

    opened = Signal(object)
    """Task to be shown."""
    hop_opened = Signal(object)
    """Held hop to be shown in its film."""
    moved = Signal(object, int)
    """Waiting task, and -1 to go earlier or 1 to go later."""
    placed = Signal(str, str)
    """Ids of a waiting task, and of the one before which it is to be sent; "" behind all."""
    menu_asked = Signal(object, QPoint)
    """Task, and where on the screen its menu is wanted."""
    shown = Signal()
    """It came into sight: what it shows may be old."""

    def __init__(self, tasks: TaskModel, posters: Posters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QueueModel(tasks, self)
        self._second = QTimer(self, interval=_TICK_MS)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(posters, parent=self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("ground", "rail")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Queue"))
        self.setAccessibleDescription(tr("Alt with Up or Down moves a waiting take earlier or later"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.rows.placed.connect(self.placed)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self._second.timeout.connect(self.viewport().update)
        posters.loaded.connect(self.viewport().update)

    def show_rows(self, rows: QueueRows) -> None:
        """Show them; the chosen task stays chosen while it is there."""
        chosen = self.chosen() or self.rows.hop(self.currentIndex().row())
        self.rows.show(rows)
        row = self.rows.row_of(chosen.id) if chosen else None
        if row is not None and row != self.currentIndex().row():
            self.setCurrentIndex(self.rows.index(row))
        self._run(bool(rows.at_kling))
        self.viewport().update()

    def chosen(self) -> Task | None:
        """The task of the current row."""
        return self.rows.task(self.currentIndex().row())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        moves = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if step and event.modifiers() & moves:
            if (task := self.chosen()) is not None and self.rows.place_of(self.currentIndex().row()) is not None:
                self.moved.emit(task, step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index, place = menu_place(self, event)
        if (task := self.rows.task(index.row())) is not None:
            self.menu_asked.emit(task, place)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed on
        if not self.rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.colours().quiet))
            room = self.viewport().rect().adjusted(scaled(16), scaled(24), -scaled(16), 0)
            words = tr("Nothing is under way. What you send is listed here until it has come in.")
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap), words)
            painter.end()

    def _open(self, row: int) -> None:
        if (task := self.rows.task(row)) is not None:
            self.opened.emit(task)
        elif (hop := self.rows.hop(row)) is not None:
            self.hop_opened.emit(hop)

    def _run(self, running: bool) -> None:
        """What runs is told by the second, as long as somebody can see it."""
        if running and self.isVisible():
            self._second.start()
        else:
            self._second.stop()


class _Delegate(TaskDelegate):
    """Heads are a line of words, held hops two beside a still; tasks look as in the list of all takes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        if index.data(TaskRole) is not None:
            return super().sizeHint(option, index)
        return QSize(0, held_height() if index.data(HopRole) else head_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if index.data(TaskRole) is not None:
            super().paint(painter, option, index)
            return
        painter.save()
        if (hop := index.data(HopRole)) is not None:
            paint_ground(painter, option)
            paint_held(painter, QRect(option.rect), hop, self.posters)
        else:
            stretch, count = index.data(HeadRole)
            paint_head(painter, QRect(option.rect), _name(stretch), count)
        painter.restore()


def _name(stretch: Stretch) -> str:
    return {
        Stretch.AT_KLING: tr("At Kling"),
        Stretch.WAITING: tr("Waiting here"),
        Stretch.TOMORROW: tr("Waiting for tomorrow's budget"),
        Stretch.OVER_CAP: tr("Waiting for a film's or plan's budget"),
        Stretch.HELD: tr("Held by the plan"),
        Stretch.TODAY: tr("Done today"),
    }[stretch]


def _key(row: _Row) -> object:
    """A head by what it says; a task and a hop by kind and id: another kind of row has another height."""
    return row if isinstance(row, tuple) else (type(row), row.id)
