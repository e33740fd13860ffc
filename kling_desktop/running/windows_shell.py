"""What Windows wants of a program beside its window: an id for the task bar, and a console to print to."""

from __future__ import annotations

import sys
from pathlib import Path

APP_ID = "KlingDesktop.KlingDesktop"
"""Windows groups by it, and keeps the icon of a pinned program by it; without one it takes Python's."""

_PARENT = -1


def name_for_taskbar() -> None:
    """To be called before the first window. Does nothing elsewhere."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)


def reach_console() -> None:
    """Have `--version` and `--help` print where they were typed. Does nothing elsewhere, and where they print already.

    A program with a window and no console has no `sys.stdout` on Windows; the console that started it can be joined.
    """
    if sys.platform == "win32" and sys.stdout is None:
        import ctypes

        if ctypes.windll.kernel32.AttachConsole(_PARENT):
            console = Path("CONOUT$").open("w", encoding="utf-8", buffering=1)  # noqa: SIM115 - for as long as we run
            sys.stdout = sys.stderr = console
