"""Whether the program on the disk is still the one that runs: an update may exchange it at any time."""

from __future__ import annotations

import sys
from pathlib import Path

import kling_desktop


class ProgramFile:
    """Knows a file as it was at the start. Much of a program is loaded when it is first wanted: from a file that was
    exchanged meanwhile it does not fit, from one that has gone it does not come.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._began_as = _seen(file)

    @property
    def was_exchanged(self) -> bool:
        """Whether another file lies there by now, or none. Asks the disk."""
        return _seen(self._file) != self._began_as


def own_file() -> Path:
    """The frozen program; where Python runs it from its folder, the first file of the package."""
    return Path(sys.executable if getattr(sys, "frozen", False) else kling_desktop.__file__)


def _seen(file: Path) -> tuple[int, int] | None:
    """Time in nanoseconds and size in bytes; not the number of the file, which some network drives give anew."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
