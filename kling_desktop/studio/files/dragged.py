"""Takes films off the disk that once were dragged into other programs, and that nobody has read for long."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)


def forget_unread(folder: Path, before: datetime) -> int:
    """Delete the files in that folder that were made, linked and read last before then; how many there were.

    A program that still uses one reads it, which is what keeps it. For work in a worker thread.
    """
    gone = 0
    for file in folder.glob("*"):
        with suppress(OSError):  # it is held open, or gone already: the next start looks again
            if file.is_file() and not file.is_symlink() and _last_use(file) < before.timestamp():
                file.unlink()
                gone += 1
    if gone:
        log.info("%d dragged films that nobody read any more are gone", gone)
    return gone


def _last_use(file: Path) -> float:
    """Seconds since 1970. A link made today to a film of last year was made today: its change tells so."""
    known = file.stat()
    return max(known.st_atime, known.st_mtime, known.st_ctime)
