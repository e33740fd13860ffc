"""The finds of the account's history as a Qt model with a check box a row, soonest to die first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.history import Urgency, is_lost, urgency
from kling_desktop.ui import theme
from kling_desktop.ui.history import history_words
from kling_desktop.ui.i18n import tr

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
LENGTH, MADE, FATE, UNITS = 1, 2, 3, 4
_ROW_HEIGHT = 3.5 * theme.GAP
_PLAIN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_CHECKED = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
"""Made once: a view asks for them twice a row whenever a page has come."""


class HistoryFinds(QAbstractTableModel):
    """Failed ones are left out until they are asked for; one that is left out is never chosen."""

    chosen_changed = Signal()
    """Other rows are checked now, or there are others."""

    def __init__(
        self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: dict[str, Task] = {}
        self._keys: dict[str, Urgency] = {}
        self._shown: list[Task] = []
        self._chosen: set[str] = set()
        self._with_failed = False

    # --- faces ---

    def clear(self) -> None:
        """Begin anew."""
        self._all.clear()
        self._keys.clear()
        self._chosen.clear()
        self._arrange()

    def add(self, tasks: Iterable[Task]) -> None:
        """More finds; those that are here already are brought up to date."""
        now = self._clock()
        for task in tasks:
            self._all[task.kling_id], self._keys[task.kling_id] = task, urgency(task, now)
        self._arrange()

    def remove(self, kling_ids: Iterable[str]) -> None:
        """Finds that are in the library now."""
        gone = set(kling_ids)
        self.beginResetModel()
        self._all = {id: task for id, task in self._all.items() if id not in gone}
        self._shown = [task for task in self._shown if task.kling_id not in gone]
        self._chosen -= gone
        self.endResetModel()
        self.chosen_changed.emit()

    def show_failed(self, is_wanted: bool) -> None:
        """Show failed tasks too, or no longer."""
        self._with_failed = is_wanted
        self._arrange()

    @property
    def shown(self) -> Sequence[Task]:
        """What stands in the rows."""
        return self._shown

    @property
    def chosen(self) -> list[Task]:
        """What is checked."""
        return [task for task in self._shown if task.kling_id in self._chosen]

    @property
    def failed(self) -> int:
        """How many finds are failed tasks, shown or not."""
        return sum(task.status is Status.FAILED for task in self._all.values())

    def check(self, rows: Iterable[int], is_chosen: bool) -> None:
        """Choose these rows, or choose them no longer."""
        for row in rows:
            change = self._chosen.add if is_chosen else self._chosen.discard
            change(self._shown[row].kling_id)
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0), [int(Qt.ItemDataRole.CheckStateRole)])
        self.chosen_changed.emit()

    def is_chosen(self, row: int) -> bool:
        return self._shown[row].kling_id in self._chosen

    def _arrange(self) -> None:
        self.beginResetModel()
        wanted = (task for task in self._all.values() if self._with_failed or task.status is not Status.FAILED)
        self._shown = sorted(wanted, key=lambda task: self._keys[task.kling_id])
        self._chosen &= {task.kling_id for task in self._shown}
        self.endResetModel()
        self.chosen_changed.emit()

    # --- Qt's questions ---

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else UNITS + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("What"), tr("Length"), tr("Made"), tr("At Kling"), tr("Units"))[section]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.NoItemFlags if not index.isValid() else _CHECKED if index.column() == 0 else _PLAIN

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        task, now = self._shown[index.row()], self._clock()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(task, index.column(), now)
            case Qt.ItemDataRole.CheckStateRole if index.column() == 0:
                return Qt.CheckState.Checked if self.is_chosen(index.row()) else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return history_words.sentence(task, now)
            case Qt.ItemDataRole.ToolTipRole:
                return history_words.sentence(task, now)
            case Qt.ItemDataRole.ForegroundRole if task.status is Status.FAILED or is_lost(task, now):
                return QColor(theme.colours().quiet)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(index.column())
            case Qt.ItemDataRole.SizeHintRole:
                return QSize(0, round(_ROW_HEIGHT))
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.check([index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def _text(self, task: Task, column: int, now: datetime) -> str:
        match column:
            case 0:
                return history_words.what(task)
            case 1:
                return history_words.length(task)
            case 2:
                return history_words.made(task, now)
            case 3:
                return history_words.fate(task, now)
        return history_words.units(task)


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column == UNITS else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
