"""Knows whether the program was closed in order last time: a small mark lies there for as long as it runs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)


class RunMarker:
    """One run of the program on one data directory, which nobody else uses meanwhile."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark
        self._has_begun = False
        self.ended_badly_before = mark.exists()
        """The run before this one was killed, crashed, or lost its power."""

    def begin(self) -> None:
        """Leave the mark. A disk that takes no mark is no reason not to start."""
        self._has_begun = True
        try:
            self._mark.write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n", encoding="utf-8")
        except OSError as error:
            log.warning("the mark of this run cannot be written: %s", error.strerror)

    def end(self) -> None:
        """Take the mark away: everything was closed in order. Without a beginning, an older mark stays."""
        if not self._has_begun:
            return
        try:
            self._mark.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the mark of this run cannot be removed: %s", error.strerror)
