"""The label of a setting: its name, and a dot that says it differs from the usual and takes it back there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.painted.changed_dot import ChangedDot
from kling_desktop.ui.theme.fonts import scaled

_WIDTH = 120
"""Least width at a text size of 100 %, so that the fields of all pages begin at one line."""


class SettingLabel(QWidget):
    """Stands before the field of one setting."""

    reset_asked = Signal()

    def __init__(self, words: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dot = ChangedDot(words, self)
        self._words = QLabel(words, self)
        self._words.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP // 2)
        row.addWidget(self.dot)
        row.addWidget(self._words)
        row.addStretch(1)
        self.setMinimumWidth(scaled(_WIDTH))
        self.dot.clicked.connect(lambda: self.reset_asked.emit())
        self.show_changed(changed=False)

    def show_changed(self, *, changed: bool) -> None:
        """Whether the setting differs from its first value."""
        self.dot.setVisible(changed)

    @property
    def is_changed(self) -> bool:
        return not self.dot.isHidden()
