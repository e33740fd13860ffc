"""How large a dialog opens: in proportion to its letters, and never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.theme.fonts import scaled

_SHARE = 0.94
"""Of the screen; the rest is for the frame that the system puts round a window."""


def roomy(dialog: QWidget, width: int, height: int) -> QSize:
    """A size in pixels at a text size of 100 %, grown with the letters as far as the screen allows."""
    screen = dialog.screen().availableGeometry()
    most = screen.size() * _SHARE
    return QSize(scaled(width), scaled(height)).boundedTo(most)
