"""The first paint: the window stands on the screen as it was left before the rest of the program is loaded.

What is imported here is what the first paint waits for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QLockFile
from PySide6.QtWidgets import QApplication

from kling_desktop import __version__
from kling_desktop.running.places import APP, data_folder, folder_note
from kling_desktop.running.windows_shell import name_for_taskbar
from kling_desktop.ui.window import Window

_KEPT = "window.json"
_LOCK = "running.lock"
_LONGEST_MS = 200
"""How long a screen may take to ask for the paint. One that does not ask (the window starts minimised) loses this."""


def leave_sources_alone() -> None:
    """Keep Qt's binding from reading the source of every module that is imported after it (0.3 ms each, hundreds of
    them), to see whether it might use one of the binding's switches. None does; a bundle has no sources to read.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", lambda module: False)  # noqa: B010 - mypy knows no such attribute


leave_sources_alone()


def application() -> QApplication:
    """The Qt application, made when there is none; it must outlive everything that is shown."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    name_for_taskbar()
    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("kling-desktop")
    app.setQuitOnLastWindowClosed(False)  # the loop must live until everything is closed in order
    return app


def painted(asked: Path | None, longest_ms: int = _LONGEST_MS) -> Window | None:
    """The window, painted. None when another program has the folder, or when it cannot be used: that is said later.

    `asked` is the data folder, None for the usual one. Blocks for at most `longest_ms` while the screen does not ask
    for the paint.
    """
    app = application()
    if asked is None and folder_note().exists():
        return None  # a folder chosen before may be gone: that is found out, and said, with all that this needs
    data_dir = data_folder(asked)
    if not _is_free(data_dir):
        return None
    window = Window()
    look = window.look_as_left(_kept(data_dir))
    window.show()
    limit = QDeadlineTimer(longest_ms)
    while not (look.was_painted or limit.hasExpired()):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    return window


def look_file(data_dir: Path) -> Path:
    """Where the look of the window is kept from one run to the next."""
    return data_dir / _KEPT


def _kept(data_dir: Path) -> str:
    try:
        return look_file(data_dir).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _is_free(data_dir: Path) -> bool:
    """Whether this start will have a window. It is the right itself that counts, and that is asked for later."""
    if not data_dir.is_dir():
        return True  # a first start
    lock = QLockFile(str(data_dir / _LOCK))
    lock.setStaleLockTime(0)
    return lock.tryLock(0)  # let go of when the object goes
