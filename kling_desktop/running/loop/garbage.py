"""Garbage: circles that nothing holds any more are looked for in the window's thread alone.

Python does it in whichever thread makes one object too many, and Qt's objects may be in them. A QObject that goes in
another thread than its own leaves its timers and notifiers with Qt, which calls it once more when they are due: the
program is gone without a word.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, Qt
from PySide6.QtGui import QGuiApplication

_OLDEST = 2
"""The generation of what has outlived the others, and has to be looked through whole."""

_WORTH_IT = 1.25
"""The oldest is looked through again when it has grown to so much of what was left the last time, as Python does it."""


_TOO_MUCH = 3.0
"""While the window is watched, it is when it has grown to so much: the objects of a session with 10 000 takes
are looked through in 70 ms, which a creator at work would feel, and hold next to no garbage."""

_USUAL = 50_000
"""Objects of a session with a middling library: what is less than that has not grown."""


class GarbageCollector:
    """Does in its caller's thread what Python would do by itself in any."""

    def __init__(self, is_watched: Callable[[], bool] = lambda: False) -> None:
        """`is_watched` says whether a pause would be felt now."""
        self._is_watched = is_watched
        self._old = 0
        """Objects that were left when all were looked through last."""
        self._put_off = 0
        """The count of the oldest generation when it had not grown enough: to count its objects is work too."""

    def collect_due(self) -> None:
        """Look through what Python would have looked through by now; nothing most of the time."""
        counts, most = gc.get_count(), gc.get_threshold()
        if counts[0] <= most[0]:
            return
        if counts[1] <= most[1]:
            gc.collect(0)
        elif counts[2] <= most[2] + self._put_off:
            gc.collect(1)
        elif self._has_grown(len(gc.get_objects(_OLDEST))):
            gc.collect()
            self._old, self._put_off = len(gc.get_objects(_OLDEST)), 0
        else:
            self._put_off = counts[2]
            gc.collect(1)

    def _has_grown(self, objects: int) -> bool:
        if self._is_watched():
            return objects > max(self._old, _USUAL) * _TOO_MUCH
        return objects > self._old * _WORTH_IT


@contextmanager
def garbage_collected_here() -> Iterator[None]:
    """While the block runs, look for garbage in this thread, whenever its loop has nothing to do, and in no other.

    Needs a QApplication. It wakes nobody: a thread beside the window that makes much of it tells of its work as well.
    """
    dispatcher = QAbstractEventDispatcher.instance()
    collect_due = partial(GarbageCollector.collect_due, GarbageCollector(_is_watched))
    was_enabled = gc.isenabled()
    gc.disable()
    dispatcher.aboutToBlock.connect(collect_due)
    try:
        yield
    finally:
        dispatcher.aboutToBlock.disconnect(collect_due)
        if was_enabled:
            gc.enable()


def _is_watched() -> bool:
    """Whether the creator works with the program, and not with another one, or with none."""
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
