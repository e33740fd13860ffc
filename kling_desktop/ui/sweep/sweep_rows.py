"""The rejected takes that a sweep would move, each to be left out: a still, its words, how much room it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Task
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr_count
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import paint_stars
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.takes.task_words import name
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

RowRole = int(Qt.ItemDataRole.UserRole) + 1
"""The SweepRow."""

_HEIGHT, _CHECK, _GAP = 56, 16, 8
_STILL = 80
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A rejected take with its files."""

    task: Task
    files: int
    size_bytes: int


class SweepRows(QAbstractListModel):
    """All are checked at first."""

    changed = Signal()
    """Other rows are checked now."""

    def __init__(self, rows: Sequence[SweepRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = tuple(rows)
        self._left_out: set[int] = set()

    @property
    def chosen(self) -> list[SweepRow]:
        """Those that are to go."""
        return [row for at, row in enumerate(self.rows) if at not in self._left_out]

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if index.row() in self._left_out else Qt.CheckState.Checked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{name(row.task)}, {size_words(row)}"
        return row if role == RowRole else None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        # What comes from a view is the number of the state.
        keeps = value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
        (self._left_out.discard if keeps else self._left_out.add)(index.row())
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class SweepDelegate(QStyledItemDelegate):
    """Rows are equally high."""

    def __init__(self, posters: Posters, poster: Callable[[Clip], Path | None], parent: QObject) -> None:
        super().__init__(parent)
        self._posters = posters
        self._poster = poster

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, scaled(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: SweepRow = index.data(RowRole)
        worn, box = tokens(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(worn.sel))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(worn.hover))
        self._paint_check(painter, option, index)
        still = QRect(0, 0, scaled(_STILL), scaled(_STILL) * 9 // 16)
        still.moveCenter(box.center())
        still.moveLeft(box.left() + scaled(_CHECK + 2 * _GAP + 4))
        file = self._poster(row.task.clip) if row.task.clip is not None else None
        paint_still(painter, still, file, self._posters)
        said, quiet = size_words(row), lettering(ROW)
        right = box.right() - scaled(_GAP)
        words = QRect(still.right() + scaled(_GAP), box.top() + scaled(8), 0, scaled(20))
        words.setRight(right - width_of(said, quiet) - scaled(2 * _GAP))
        write(painter, words, name(row.task), quiet, QColor(worn.text))
        write(
            painter, box.adjusted(0, 0, -scaled(_GAP), 0), said, quiet, QColor(worn.text), Qt.AlignmentFlag.AlignRight
        )
        below = words.translated(0, scaled(20))
        clip = row.task.clip
        about = clip.file.name if clip is not None and clip.file is not None else ""
        if row.task.stars:
            below.setLeft(_after_stars(painter, below, row.task.stars))
        write(painter, below, about, lettering(SMALL), QColor(worn.quiet))
        painter.restore()

    def _paint_check(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        check = QStyleOptionButton()
        side = scaled(_CHECK)
        place = QRect(option.rect.left() + scaled(_GAP + 4), option.rect.center().y() - side // 2, side, side)
        check.rect = place
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        check.state = QStyle.StateFlag.State_Enabled
        check.state |= QStyle.StateFlag.State_On if on else QStyle.StateFlag.State_Off
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, check, painter, option.widget)


def size_words(row: SweepRow) -> str:
    """As "4.2 MB", with how many files where it is more than one."""
    size = formatting.size(row.size_bytes)
    return size if row.files == 1 else f"{tr_count(row.files, '{n} file', '{n} files')} · {size}"


def _after_stars(painter: QPainter, box: QRect, stars: int) -> int:
    right = box.left() + stars * scaled(10)
    paint_stars(painter, right, box.center().y() + 0.5, stars)
    return right + scaled(_GAP)
