"""The command field: one line to type in, and under it everything that fits, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import in_its_direction
from kling_desktop.ui.search.entries import Entry, Source, best, kind_words
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.fonts import scaled

_WIDTH, _HEIGHT, _ROW, _PAD = 560, 420, 32, 8
_STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTRY = int(Qt.ItemDataRole.UserRole)


class Palette(QDialog):
    """Show it with `ask()`. Up and Down walk the finds while the cursor stays in the field; Enter does one."""

    used = Signal(str)
    """Id of an entry that was done."""

    def __init__(
        self,
        sources: Sequence[Source],
        uses: Callable[[], Mapping[str, int]],
        parent: QWidget,
        awaits: Callable[[], bool] = lambda: False,
    ) -> None:
        """`awaits` says whether a source looks on for what is typed: whoever owns it calls `list_anew` then."""
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._awaits = awaits
        self._is_listing = self._is_entered = False
        """Whether Enter was pressed while a source was still looking: what is done is what it finds."""
        self._window = parent
        self._sources = sources
        self._uses = uses
        self.setWindowTitle(tr("Search takes and commands"))
        self.setAccessibleName(tr("Search takes and commands"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Takes, films, commands, settings"))
        self.field.setAccessibleName(tr("Search takes and commands"))
        make_searchable(self.field)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Finds"))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Painter(self.list))
        self._none = QLabel(tr("Nothing is called so."), self)
        self._none.setProperty("quiet", True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)  # where the finds would begin
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(_PAD)
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._enter)
        self.list.itemClicked.connect(lambda _: self._do_chosen())
        # What is found holds actions of menus that are filled afresh before the next time.
        self.finished.connect(lambda _: self.list.clear())

    def ask(self) -> None:
        """Come up empty, over the upper part of the window."""
        window = self._window
        self.resize(min(scaled(_WIDTH), window.width() - 4 * _PAD), min(scaled(_HEIGHT), window.height() - 8 * _PAD))
        corner = QPoint((window.width() - self.width()) // 2, min(72, window.height() // 10))
        self.move(window.mapToGlobal(corner))
        self.field.clear()
        self._find("")
        self.open()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """It has no frame of the system's, and on a light window nothing but an edge tells the two apart."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def entries(self) -> list[Entry]:
        """What is listed now, best first."""
        return [self.list.item(row).data(_ENTRY) for row in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that walk the list walk it from the field."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _STEPS
        ):
            self._step(event.key())
            return True
        return super().eventFilter(watched, event)

    def _step(self, key: int) -> None:
        count = self.list.count()
        if not count:
            return
        page = max(1, self.list.viewport().height() // max(1, self.list.sizeHintForRow(0)))
        way = -1 if key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1
        row = self.list.currentRow()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.setCurrentRow((row + way) % count)
        else:
            self.list.setCurrentRow(max(0, min(count - 1, row + way * page)))

    def list_anew(self) -> None:
        """A source has found what it looked for; whoever walks the list stays where they are."""
        if self._is_listing:
            return  # it has found it at once
        chosen = self.list.currentItem().data(_ENTRY).id if self.list.currentRow() > 0 else None
        is_entered = self._is_entered
        self._find(self.field.text())
        row = next((row for row, entry in enumerate(self.entries()) if entry.id == chosen), 0)
        self.list.setCurrentRow(row)
        if is_entered and self.isVisible():
            self._do_chosen()

    def _find(self, typed: str) -> None:
        self._is_listing, self._is_entered = True, False
        try:
            self._list(typed)
        finally:
            self._is_listing = False

    def _list(self, typed: str) -> None:
        found = best(typed, (entry for source in self._sources for entry in source(typed)), self._uses())
        self.list.clear()
        for entry in found:
            item = QListWidgetItem(theme.icon(entry.icon or "list"), entry.words, self.list)
            item.setData(_ENTRY, entry)
            item.setSizeHint(QSize(0, scaled(_ROW)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _said(entry))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(found))
        self._none.setVisible(not found and not self._awaits())

    def _enter(self) -> None:
        if self._awaits() and self.list.currentRow() <= 0:
            self._is_entered = True
        else:
            self._do_chosen()

    def _do_chosen(self) -> None:
        item = self.list.currentItem()
        entry: Entry | None = item.data(_ENTRY) if item is not None else None
        if entry is None or not entry.can_be_done:
            return
        self.accept()
        self.used.emit(entry.id)
        entry.act()


def _said(entry: Entry) -> str:
    """An entry as a screen reader says it."""
    parts = (entry.words, _beside(entry), entry.key)
    return ", ".join(part for part in parts if part)


def _beside(entry: Entry) -> str:
    where = entry.beside or kind_words(entry.kind)
    return where if entry.can_be_done else tr("{where} · not now", where=where)


class _Painter(QStyledItemDelegate):
    """The words at the left; where it belongs and its key, quiet, at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        entry: Entry = index.data(_ENTRY)  # type: ignore[attr-defined]  # the stubs ask for two kinds of index
        option = QStyleOptionViewItem(option)
        beside = _beside(entry)
        right = f"{beside}   {entry.key}" if entry.key else beside
        metrics = option.fontMetrics
        box: QRect = option.rect
        width = min(metrics.horizontalAdvance(right) + 2 * _PAD, box.width() // 2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, QColor(theme.tokens().sel))
        side = 16
        place = QRect(box.left() + _PAD, box.center().y() - side // 2, side, side)
        theme.icon(entry.icon or "list").paint(painter, place)
        painter.setFont(fonts.font())
        painter.setPen(QColor(theme.tokens().text if entry.can_be_done else theme.tokens().faint))
        words = box.adjusted(2 * _PAD + side, 0, -width, 0)
        line = painter.fontMetrics().elidedText(entry.words, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), in_its_direction(line))
        painter.setPen(QColor(theme.tokens().quiet))
        end = QRect(box.right() - width, box.top(), width - _PAD, box.height())
        painter.drawText(end, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), right)
