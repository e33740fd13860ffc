"""Lets the creator choose the frame that a new clip begins with: the last twelve, with what each would cut off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.room import roomy

_STILL = QSize(192, 108)


class FrameChooser(QDialog):
    """A grid of frames, the newest first; Enter or a double click takes the current one."""

    chosen = Signal(object)
    """A `LastFrame`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("First frame of the new clip"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._choices: list[LastFrame] = []
        self._note = QLabel(tr("Reading the last frames…"), self)
        self._note.setWordWrap(True)
        self.frames = QListWidget(self)
        self.frames.setAccessibleName(tr("The last frames"))
        self.frames.setViewMode(QListWidget.ViewMode.IconMode)
        self.frames.setIconSize(_STILL)
        self.frames.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.frames.setMovement(QListWidget.Movement.Static)
        self.frames.setSpacing(8)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (self._note, self.frames, self.buttons):
            column.addWidget(widget)
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)
        self.frames.itemActivated.connect(lambda _: self._take())
        self._ready(False)
        self.resize(roomy(self, 900, 560))

    def show_frames(self, choices: Sequence[LastFrame]) -> None:
        """Offer these; the best one is the current one."""
        self._choices = list(choices)
        self.frames.clear()
        for choice in choices:
            item = QListWidgetItem(_words(choice))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _words(choice).replace("\n", ", "))
            if choice.still is not None:
                item.setIcon(QIcon(QPixmap(str(choice.still))))
            self.frames.addItem(item)
        self._note.setText(
            tr("An earlier frame cuts off what lies behind it, for this take only. The clip itself is never changed.")
        )
        best = next((number for number, choice in enumerate(choices) if choice.best), 0)
        self.frames.setCurrentRow(best)
        self._ready(bool(choices))
        self.frames.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, why: str) -> None:
        """Say why there is nothing to choose from."""
        self._note.setText(why)
        self._ready(False)

    def _ready(self, ready: bool) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def _take(self) -> None:
        row = self.frames.currentRow()
        if 0 <= row < len(self._choices):
            self.chosen.emit(self._choices[row])
            self.accept()


def _words(choice: LastFrame) -> str:
    place = (
        tr_count(choice.cut_frames, "{n} frame is cut off", "{n} frames are cut off")
        if choice.cut_frames
        else tr("Last frame")
    )
    sharp, exposed = round(100 * choice.sharpness), round(100 * choice.exposure)
    score = tr("sharp {sharp} %, exposed {exposed} %", sharp=sharp, exposed=exposed)
    best = tr("best") if choice.best else ""
    return "\n".join(line for line in (" · ".join(word for word in (place, best) if word), score) if line)
