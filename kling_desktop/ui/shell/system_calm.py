"""Whether this computer's settings ask every program for less movement.

Qt 6.11 has no such hint. On Linux the desktop's portal tells it (`org.freedesktop.appearance`, `reduced-motion`), on
Windows the "animation effects" of its settings. macOS is not asked: what it takes was not tried.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

from kling_desktop.ui.shell.session_bus import has_session_bus

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

_SERVICE, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_KEY = ["org.freedesktop.appearance", "reduced-motion"]
_REDUCED = 1
"""What the key holds where calm is wanted; 0, and whatever is not known, is no wish."""
_SPI_GETCLIENTAREAANIMATION = 0x1042


class SystemCalm(QObject):
    """Silent where nobody knows: then no calm is wanted."""

    changed = Signal(bool)
    """Whether calm is wanted now, when it was not before, or the other way round."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted = False

    def ask(self) -> None:
        """Ask once, without waiting, and listen from then on where the system tells of changes (Linux)."""
        if has_session_bus():
            self._ask_portal()
        elif sys.platform == "win32":
            self._take(_windows_wants_calm())

    def _ask_portal(self) -> None:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        hear = SLOT("_hear(QDBusMessage)")
        bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self, hear)  # type: ignore[call-overload]  # takes str
        asked = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "ReadOne")
        asked.setArguments(_KEY)
        watcher = QDBusPendingCallWatcher(bus.asyncCall(asked), self)
        watcher.finished.connect(self._answer)

    def _answer(self, watcher: QDBusPendingCallWatcher) -> None:
        if not watcher.isError():
            self._take(_is_reduced(watcher.reply().arguments()))
        watcher.deleteLater()

    @Slot("QDBusMessage")
    def _hear(self, told: QDBusMessage) -> None:
        arguments = told.arguments()
        if arguments[:2] == _KEY:
            self._take(_is_reduced(arguments[2:]))

    def _take(self, wanted: bool) -> None:
        if wanted != self.wanted:
            self.wanted = wanted
            self.changed.emit(wanted)


def _is_reduced(arguments: list[object]) -> bool:
    """Of the value that came, in whichever wrapping."""
    value = arguments[0] if arguments else None
    while hasattr(value, "variant"):
        value = value.variant()
    return value == _REDUCED


def _windows_wants_calm() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    moves = ctypes.c_int(1)
    asked = ctypes.windll.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
    return bool(asked) and not moves.value
