"""Says why the program cannot start: on the terminal, and in a box of its own where somebody can see it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from kling_desktop.domain.places.home import home_folder
from kling_desktop.errors import KlingDesktopError, Remedy
from kling_desktop.ui.i18n import tr

_UNSEEN = ("offscreen", "minimal", "minimalegl", "vnc")
"""Qt's platforms without eyes before them: a box would wait there for ever."""


def show_startup_error(error: KlingDesktopError) -> Path | None:
    """Say the error, and wait until the box is answered if there is one; the folder to start in instead, if any.

    Called when no loop runs any more.
    """
    title, advice = tr(type(error).title), tr(type(error).advice)
    if sys.stderr is not None:  # a windowed program on Windows has none
        sys.stderr.write(f"Kling Desktop: {title}. {advice} ({error.message})\n")
    if QGuiApplication.platformName() in _UNSEEN:
        return None
    box = startup_box(error)
    box.exec()
    clicked = box.clickedButton()
    if clicked is None or box.buttonRole(clicked) != QMessageBox.ButtonRole.AcceptRole:
        return None
    chosen = QFileDialog.getExistingDirectory(None, tr("Choose another folder"), str(home_folder()))
    return Path(chosen) if chosen else None


def startup_box(error: KlingDesktopError) -> QMessageBox:
    """The box: one sentence, the system's own words on demand, and the ways out that this error leaves."""
    box = QMessageBox(QMessageBox.Icon.Critical, "Kling Desktop", tr(type(error).title))
    box.setInformativeText(tr(type(error).advice))
    if error.message:
        box.setDetailedText(error.message)
    if type(error).remedy is Remedy.FREE_SPACE:
        box.addButton(tr("Choose another folder"), QMessageBox.ButtonRole.AcceptRole)
    quit_button = box.addButton(tr("Quit"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(quit_button)
    return box
