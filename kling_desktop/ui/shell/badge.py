"""The number on the program's icon in the taskbar or dock: takes that are under way."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

_PLAIN_NAME = "kling_desktop"


def show_badge(tasks: int) -> None:
    """Show how many, or nothing for 0; nothing happens where the system has no such badge.

    A number, never a share: Kling tells no progress. On Linux Qt tells it to the docks that listen to
    com.canonical.Unity.LauncherEntry, at an object path that it makes of the program's name as it stands: one with a
    space is no valid path, and Qt 6.11 then sends nothing but a warning. So it has another name for that one call.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not app.desktopFileName():
        return  # docks know a program by that file; without it Qt can only warn
    name, was_blocked = app.applicationName(), app.blockSignals(True)
    app.setApplicationName(_PLAIN_NAME)
    try:
        app.setBadgeNumber(tasks)
    finally:
        app.setApplicationName(name)
        app.blockSignals(was_blocked)
