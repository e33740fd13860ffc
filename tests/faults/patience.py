"""How long an actor waits: until nothing has changed although the machine had time for it, however loaded it is."""

from __future__ import annotations

import hashlib
from time import monotonic, thread_time

LOOK_SECONDS = 0.02
"""The actor's pause between two looks."""
LONGEST_SECONDS = 1200.0
"""After so long an actor that has not ended by itself is killed by the campaign."""
_WORK_SECONDS = 12.0
"""So much time of a processor the actor wants to have had itself, with nothing changing, before it gives up."""
_WORK_PER_LOOK = 0.01
_BLOCK = bytes(1 << 20)


class Patience:
    """At an end when nothing has changed for a while, and then for as long as some work of its own takes.

    Clips are rendered, received and decoded by other threads and processes at the same priority: on a machine that is
    busy with other things they get as little of it as this work does, so that time alone would prove nothing.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds` without any change are suspicious."""
        self._seconds = seconds
        self._changed_at = monotonic()
        self._worked = 0.0
        self._seen: object = None

    def is_over(self, seen: object) -> bool:
        """Call once a look, with what is seen."""
        if seen != self._seen:
            self._seen, self._changed_at, self._worked = seen, monotonic(), 0.0
        elif monotonic() > self._changed_at + self._seconds:
            self._worked += _work()
        return self._worked > _WORK_SECONDS


def _work() -> float:
    """Keep a processor busy for a moment, without holding Python's lock; for how long it had one."""
    began = thread_time()
    while thread_time() < began + _WORK_PER_LOOK:
        hashlib.sha256(_BLOCK).digest()
    return thread_time() - began
