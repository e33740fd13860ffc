"""Says why the program cannot start: on the terminal, and in a box of its own where somebody can see it."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from kling_desktop.errors import KlingDesktopError
from kling_desktop.ui.i18n import tr

_UNSEEN = ("offscreen", "minimal", "minimalegl", "vnc")
"""Qt's platforms without eyes before them: a box would wait there for ever."""


def show_startup_error(error: KlingDesktopError) -> None:
    """Say the error, and wait until the box is read if there is one. Called when no loop runs any more."""
    title, advice = tr(type(error).title), tr(type(error).advice)
    if sys.stderr is not None:  # a windowed program on Windows has none
        sys.stderr.write(f"Kling Desktop: {title}. {advice} ({error.message})\n")
    if QGuiApplication.platformName() in _UNSEEN:
        return
    box = QMessageBox(QMessageBox.Icon.Critical, "Kling Desktop", title)
    box.setInformativeText(advice)
    box.setDetailedText(error.message)
    box.exec()
