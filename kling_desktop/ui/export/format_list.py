"""The ways to hand a film over, under headings: formats, presets, the creator's own, and what is no film."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kling_desktop.studio.films.handing_over.choices import PRESETS, Options, Preset
from kling_desktop.ui import theme
from kling_desktop.ui.export.export_words import format_words, kind_words, preset_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled

_CHOICE = Qt.ItemDataRole.UserRole
_KIND = Qt.ItemDataRole.UserRole + 1
_OWN = Qt.ItemDataRole.UserRole + 2

_PLAIN = Options()
_GROUNDS = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver
"""What has a ground or a frame of its own, which goes round the whole row."""
_ROW, _HEAD = 24, 30
"""Heights in pixels at a text size of 100 %."""


class FormatList(QListWidget):
    """One of them is always the current one."""

    removed = Signal(str)
    """A preset of the creator's own is to be forgotten; its title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Formats"))
        self.setFixedWidth(scaled(216))
        self.setProperty("topics", True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_KindDelegate(self))
        words = format_words()
        for heading, keys in (
            (tr("Film"), ("h264-anywhere", "h264-near-lossless", "h264-small", "mp4-copy", "original")),
            (tr("For cutting"), ("prores-422-hq", "dnxhr-hq", "png-sequence")),
            (tr("Loop"), ("gif", "webp", "avif")),
        ):
            self._head(heading)
            for key in keys:
                self._add(words[key][0], key, _PLAIN)
        self._head(tr("Presets"))
        for preset in PRESETS:
            if preset.options != _PLAIN:
                self._add(preset_words(preset.title), preset.format_key, preset.options)
        self._own_from = self.count()
        self._head(tr("Hand over"))
        for key in ("timelines", "archive", "seam-stills", "contact-sheet", "prompts-csv", "prompts-text"):
            self._add(words[key][0], key, _PLAIN)
        self.setCurrentRow(1)

    @property
    def chosen(self) -> tuple[str, Options]:
        """Key of the format or output, and the options that come with it."""
        item = self.currentItem()
        key, options = item.data(_CHOICE) if item is not None else ("h264-anywhere", _PLAIN)
        return str(key), options

    def choose(self, key: str) -> None:
        """Make the first entry of this format the current one."""
        for row in range(self.count()):
            data = self.item(row).data(_CHOICE)
            if data is not None and data[0] == key:
                self.setCurrentRow(row)
                return

    def show_own(self, presets: Sequence[Preset], chosen: str = "") -> None:
        """The creator's own presets, those of formats that are no more left out; `chosen` becomes the current one."""
        known = format_words()
        while (item := self.item(self._own_from)) is not None and item.data(_OWN):
            if self.currentRow() == self._own_from:
                self.setCurrentRow(1)
            self.takeItem(self._own_from)
        for place, preset in enumerate((each for each in presets if each.format_key in known), self._own_from):
            item = self._item(preset.title, preset.format_key, preset.options)
            item.setData(_OWN, preset.title)
            self.insertItem(place, item)
            if preset.title == chosen:
                self.setCurrentRow(place)

    def own_menu(self) -> QMenu | None:
        """What can be done with the current entry; None for one of the program's."""
        item = self.currentItem()
        title = item.data(_OWN) if item is not None else None
        if not title:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Delete this preset")).triggered.connect(lambda: self.removed.emit(title))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (menu := self.own_menu()) is not None:
            menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None and item.data(_OWN):
            self.removed.emit(item.data(_OWN))
        else:
            super().keyPressEvent(event)

    def _head(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setSizeHint(QSize(0, scaled(_HEAD)))
        item.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _add(self, words: str, key: str, options: Options) -> None:
        self.addItem(self._item(words, key, options))

    def _item(self, words: str, key: str, options: Options) -> QListWidgetItem:
        item = QListWidgetItem(f"  {words}")
        item.setSizeHint(QSize(0, scaled(_ROW)))
        item.setData(_CHOICE, (key, options))
        item.setData(_KIND, kind_words(key))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        return item


class _KindDelegate(QStyledItemDelegate):
    """Writes at the right what comes out."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        kind = str(index.data(_KIND) or "")
        room = option.fontMetrics.horizontalAdvance(kind) + theme.GAP if kind else 0
        whole = option.rect
        beside = QStyleOptionViewItem(option)
        if room and option.widget is not None:
            # The words end before the kind; the ground goes on under it.
            option.widget.style().drawPrimitive(
                QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
            )
            beside.rect = whole.adjusted(0, 0, -room - theme.GAP // 2, 0)
            beside.state = option.state & ~_GROUNDS
        super().paint(painter, beside, index)
        if kind:
            painter.save()
            painter.setPen(theme.colours().quiet)
            right = whole.adjusted(whole.width() - room - theme.GAP // 2, 0, -theme.GAP // 2, 0)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, kind)
            painter.restore()
