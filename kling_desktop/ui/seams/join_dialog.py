"""Adjusts how a continued take is joined: frames left out at its beginning, and whether its colours are matched."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from kling_desktop.studio.films.joining.joins import MOST_TRIMMED, Join
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy

_STILL_MS = 250
"""One render when the hand is still, by mouse or by key, not one a step."""


class JoinDialog(QDialog):
    """Stands beside the film, which is rendered anew at each change and plays on."""

    changed = Signal(int, bool)
    """Frames to leave out, and whether colours are matched."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Adjust the join"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words = QLabel(self)
        self._hint = QLabel(tr("Looking at the join…"), self)
        self._hint.setWordWrap(True)
        self._hint.setProperty("quiet", True)
        self.trim = QSlider(Qt.Orientation.Horizontal, self)
        self.trim.setRange(0, MOST_TRIMMED)
        self.trim.setTracking(False)
        self._soon = QTimer(self, singleShot=True, interval=_STILL_MS)
        self.trim.setAccessibleName(tr("Frames left out at the beginning of the new clip"))
        self.matched = QCheckBox(tr("Match the colours to the film"), self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        line = QHBoxLayout()
        line.addWidget(self.trim, 1)
        line.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._hint)
        nest(column, line)
        column.addWidget(self.matched)
        column.addWidget(self.buttons)
        self.buttons.rejected.connect(self.reject)
        self._soon.timeout.connect(self._tell)
        self.trim.sliderMoved.connect(self._say)
        self.trim.valueChanged.connect(self._say)
        self._enable(False)
        self._say(0)
        self.resize(roomy(self, 420, 0).width(), self.sizeHint().height())

    def show_join(self, join: Join) -> None:
        """As it is joined now; changes are told from here on."""
        self.trim.setValue(join.trim)
        self.matched.setChecked(join.matched)
        hint = tr("The new clip goes on at once.")
        if join.suggested_trim:
            hint = tr_count(
                join.suggested_trim,
                "The new clip stands still at first: leaving out {n} frame lets it go on.",
                "The new clip stands still at first: leaving out {n} frames lets it go on.",
            )
        if not join.can_match:
            hint = f"{hint} {tr('No colour map was found that helps.')}"
        self._hint.setText(hint)
        self._enable(True)
        self.matched.setEnabled(join.can_match)
        self.trim.valueChanged.connect(self._soon.start)
        self.matched.toggled.connect(self._soon.start)

    def fail(self, why: str) -> None:
        """Say why it cannot be adjusted."""
        self._hint.setText(why)

    def done(self, result: int) -> None:
        """What was changed last is told before the dialog goes."""
        if self._soon.isActive():
            self._soon.stop()
            self._tell()
        super().done(result)

    def _enable(self, ready: bool) -> None:
        self.trim.setEnabled(ready)
        self.matched.setEnabled(ready)

    def _say(self, frames: int) -> None:
        self._words.setText(tr_count(frames, "{n} frame left out", "{n} frames left out"))

    def _tell(self) -> None:
        self.changed.emit(self.trim.value(), self.matched.isChecked())
