"""The time at Kling: what Kling's own answers say, and never this computer's clock where they have said it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything that Kling has made."""


class KlingTime:
    """Kling dates each answer. From the first one on, time is that date and what has passed since by a clock that
    nobody sets and that runs on while the computer sleeps: setting the clock on the wall moves no day and no last day.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """As before the first answer."""
        self._theirs: datetime | None = None
        self._ours = 0.0
        self._is_real = False

    def tell(self, theirs: datetime, *, is_real: bool = True) -> None:
        """Kling's date of an answer that came just now. A pretended Kling (`is_real` False) has this computer's clock:
        it is believed only while no real one has answered.
        """
        if is_real or not self._is_real:
            self._theirs, self._ours, self._is_real = theirs, _running_seconds(), is_real

    @property
    def is_told(self) -> bool:
        """Whether Kling has answered since the program began."""
        return self._theirs is not None

    def now(self) -> datetime:
        """The time as well as it is known: this computer's until Kling has told it."""
        return self._since() or datetime.now(UTC)

    def surely(self) -> datetime:
        """The latest moment that has come for certain: nothing is over, deleted or old enough by a guess."""
        return self._since() or _EARLIEST

    def _since(self) -> datetime | None:
        if self._theirs is None:
            return None
        return self._theirs + timedelta(seconds=_running_seconds() - self._ours)


KLING_TIME = KlingTime()
"""The one of this program: as with the clock on the wall, there is no second."""


def _running_seconds() -> float:
    """Seconds since some moment, those of sleep among them. Linux and macOS leave sleep out of `time.monotonic`."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if (clock := getattr(time, name, None)) is not None:
            return time.clock_gettime(clock)
    return time.monotonic()
