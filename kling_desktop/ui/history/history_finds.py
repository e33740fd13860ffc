"""The finds of the account's history as a Qt model with a check box a row, soonest to die first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor

from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.studio.history import Urgency, is_lost, urgency
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.history import history_words
from kling_desktop.ui.i18n import tr

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
LENGTH, MADE, FATE, UNITS = 1, 2, 3, 4
_ROW_HEIGHT = 3.5 * theme.GAP
_PLAIN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_CHECKED = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
"""Made once: a view asks for them twice a row whenever a page has come."""

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
_CHECK: Final = int(Qt.ItemDataRole.CheckStateRole)
_SIZE: Final = int(Qt.ItemDataRole.SizeHintRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ANSWERED: Final = frozenset(
    (_DISPLAY, _ALIGNMENT, _FOREGROUND, _CHECK, _SIZE, _TOOL_TIP, int(Qt.ItemDataRole.AccessibleTextRole))
)
_TOLD_FOR: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Face:
    """What a row shows."""

    texts: tuple[str, ...]
    """One a column."""
    is_quiet: bool


class HistoryFinds(QAbstractTableModel):
    """Failed ones are left out until they are asked for; one that is left out is never chosen."""

    chosen_changed = Signal()
    """Other rows are checked now, or there are others."""

    def __init__(self, clock: Callable[[], datetime] = KLING_TIME.now, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: dict[str, Task] = {}
        self._keys: dict[str, Urgency] = {}
        self._shown: list[Task] = []
        self._chosen: set[str] = set()
        self._with_failed = False
        self._faces: dict[str, _Face] = {}
        self._told_until = datetime.min.replace(tzinfo=UTC)

    # --- faces ---

    def clear(self) -> None:
        """Begin anew."""
        self._all.clear()
        self._keys.clear()
        self._faces.clear()
        self._chosen.clear()
        self._arrange()

    def add(self, tasks: Iterable[Task]) -> None:
        """More finds; those that are here already are brought up to date."""
        now = self._clock()
        for task in tasks:
            self._all[task.kling_id], self._keys[task.kling_id] = task, urgency(task, now)
            self._faces.pop(task.kling_id, None)
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
        role = int(role)
        if role not in _ANSWERED or not index.isValid():  # most questions of a table that is painted
            return None
        row, column = index.row(), index.column()
        if role == _DISPLAY:
            return self._face(row).texts[column]
        if role == _ALIGNMENT:
            return _ALIGNMENTS[column]
        if role == _FOREGROUND:
            return QColor(theme.colours().quiet) if self._face(row).is_quiet else None
        if role == _CHECK:
            return (Qt.CheckState.Checked if self.is_chosen(row) else Qt.CheckState.Unchecked) if column == 0 else None
        if role == _SIZE:
            return QSize(0, round(_ROW_HEIGHT))
        if role == _TOOL_TIP:
            return formatting.tip(history_words.sentence(self._shown[row], self._clock()))
        if column == 0:
            return history_words.sentence(self._shown[row], self._clock())
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.check([index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def _face(self, row: int) -> _Face:
        """Told once for all questions about a row, and anew when a minute has gone: its words tell times."""
        now = self._clock()
        if now >= self._told_until:
            self._faces.clear()
            self._told_until = now + _TOLD_FOR
        task = self._shown[row]
        face = self._faces.get(task.kling_id)
        if face is None:
            face = self._faces[task.kling_id] = _face_of(task, now)
        return face


def _face_of(task: Task, now: datetime) -> _Face:
    texts = (
        history_words.what(task),
        history_words.length(task),
        history_words.made(task, now),
        history_words.fate(task, now),
        history_words.units(task),
    )
    return _Face(texts, task.status is Status.FAILED or is_lost(task, now))


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column == UNITS else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


_ALIGNMENTS: Final = tuple(_alignment(column) for column in range(UNITS + 1))
