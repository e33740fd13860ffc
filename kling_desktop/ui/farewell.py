"""Says in a box of its own why the program cannot start."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from kling_desktop.errors import KlingDesktopError
from kling_desktop.ui.words import tr


def say_why(error: KlingDesktopError) -> None:
    """Show the error and wait until it is read. Called when no loop runs any more."""
    box = QMessageBox(QMessageBox.Icon.Critical, "Kling Desktop", tr(type(error).title))
    box.setInformativeText(tr(type(error).advice))
    box.setDetailedText(error.message)
    box.exec()
