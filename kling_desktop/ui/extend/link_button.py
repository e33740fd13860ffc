"""A button that looks like a link: an act that is at hand and not the main one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton


def link_button(words: str, tip: str) -> QPushButton:
    """`tip` says what it does, also to who cannot see it."""
    button = QPushButton(words)
    button.setProperty("link", True)
    button.setFlat(True)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
