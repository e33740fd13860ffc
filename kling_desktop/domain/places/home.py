"""Where a dialog for files begins when nothing else is known: the creator's home folder, if files can be there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def home_folder() -> Path:
    """The home folder, or the one for temporary files where it is not there, cannot be written, or is made of nothing
    but the system's own facts. Such a one, as /proc, is a service's home: its entries change all the time, and Qt's
    dialog for files would read it for ever.
    """
    try:
        home = Path.home()
        is_fit = home.is_dir() and os.access(home, os.W_OK | os.X_OK) and not _is_virtual(home)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: nobody knows where it is
        is_fit = False
    return home if is_fit else Path(tempfile.gettempdir())


def _is_virtual(folder: Path) -> bool:
    """Whether no disk lies behind it: it has no room for anything."""
    return hasattr(os, "statvfs") and os.statvfs(folder).f_blocks == 0
