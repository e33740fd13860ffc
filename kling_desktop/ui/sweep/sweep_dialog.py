"""The dialog before a sweep: which files would go, how many and how large, and that they can come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.clips import Clip
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.sweep.sweep_rows import SweepDelegate, SweepRow, SweepRows
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.room import roomy


class SweepDialog(QDialog):
    """Open it with `open()`. It moves nothing: it says what is wished."""

    sweep_asked = Signal(object)
    """Ids of the tasks whose files are to go, never empty."""

    def __init__(
        self,
        rows: Sequence[SweepRow],
        posters: Posters,
        poster: Callable[[Clip], Path | None],
        parent: QWidget | None = None,
        needed: int = 0,
    ) -> None:
        """`needed`: so many rejected takes are not among them, because the films of others consist of their files."""
        super().__init__(parent)
        self.setWindowTitle(tr("Sweep rejected takes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.rows = SweepRows(rows, self)
        self.list = _List(self)
        self.list.setModel(self.rows)
        self.list.setItemDelegate(SweepDelegate(posters, poster, self.list))
        self.count = QLabel(self)
        self.count.setProperty("heading", True)
        self._kept = QLabel(
            tr("The files go to the trash of this program for 7 days. The takes stay in the list."), self
        )
        if needed:
            self._kept.setText(f"{self._kept.text()} {needed_words(needed)}")
        self._kept.setProperty("quiet", True)
        self._kept.setWordWrap(True)
        self.sweep = QPushButton(tr("Sweep"), self)
        self.sweep.setProperty("primary", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        buttons.addButton(self.sweep, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(16), scaled(16), scaled(16))
        column.setSpacing(theme.GAP)
        column.addWidget(self.count)
        column.addWidget(self._kept)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        buttons.accepted.connect(self._ask)
        buttons.rejected.connect(self.reject)
        self.rows.changed.connect(self._say)
        posters.loaded.connect(self.list.viewport().update)
        self.resize(roomy(self, 560, 460))
        self.list.setFocus()
        self._say()

    def _ask(self) -> None:
        ids = [row.task.id for row in self.rows.chosen]
        self.accept()
        if ids:
            self.sweep_asked.emit(ids)

    def _say(self) -> None:
        chosen = self.rows.chosen
        files = sum(row.files for row in chosen)
        size = formatting.size(sum(row.size_bytes for row in chosen))
        takes = tr_count(len(chosen), "{n} rejected take", "{n} rejected takes")
        self.count.setText(f"{takes} · {tr_count(files, '{n} file', '{n} files')} · {size}")
        self.sweep.setText(tr("Sweep {size}", size=size) if chosen else tr("Sweep"))
        self.sweep.setEnabled(bool(chosen))
        self.sweep.setAccessibleDescription(self.count.text())


def needed_words(takes: int) -> str:
    """Why so many rejected takes are not swept."""
    return tr_count(
        takes,
        "{n} rejected take keeps its file: the film of another take consists of it.",
        "{n} rejected takes keep their files: the films of other takes consist of them.",
    )


class _List(QListView):
    """Space, Enter or a click leaves a take out, or takes it in again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Rejected takes whose files would go"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._switch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._switch(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _switch(self, index: QModelIndex) -> None:
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        self.model().setData(index, state, Qt.ItemDataRole.CheckStateRole)
