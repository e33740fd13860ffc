"""A thread beside the window's, whose work ends in the window's again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

T = TypeVar("T")


class SideThread:
    """Does one thing after another.

    Not a QThreadPool: its end waits for its threads without letting them have the interpreter, so that both wait for
    ever.
    """

    def __init__(self, name: str) -> None:
        """`name` is what the thread is called. It starts with the first work, and ends with this object."""
        self._thread = ThreadPoolExecutor(1, name)

    def do(self, work: Callable[[], T], take: Callable[[T], None]) -> None:
        """Hand what `work` makes in the thread to `take`, a method of a QObject of the window's thread, which gets it
        there, unless it is gone by then. `work` holds nothing of Qt but images, and raises nothing."""
        self._thread.submit(_work, work, WeakMethod(take), _carrier())


def _work(work: Callable[[], T], take: WeakMethod[Callable[[T], None]], carrier: _Carrier) -> None:
    carrier.made.emit(take, work())


class _Carrier(QObject):
    """Belongs to no window, and stays: a thread would be the last to hold that of a closed one, and a QObject that
    goes in another thread than its own ends the program at times."""

    made = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.made.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def _hand_over(self, take: WeakMethod[Callable[[object], None]], made: object) -> None:
        method = take()
        if method is not None and isValid(method.__self__):  # type: ignore[attr-defined]  # a method has it
            method(made)


@cache
def _carrier() -> _Carrier:
    return _Carrier()
