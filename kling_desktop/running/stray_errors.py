"""Stray errors: what nobody caught is logged and told."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import KlingDesktopError

log = logging.getLogger(__name__)


@contextmanager
def strays_caught(tell: Callable[[Trouble], None]) -> Iterator[None]:
    """While the block runs, errors of the loop and of Qt's slots go to `tell`.

    Needs a running loop. One error costs the creator a notice, never the tasks of the neighbours.
    """
    loop, before, strays = asyncio.get_running_loop(), sys.excepthook, _Strays(tell)
    loop.set_exception_handler(strays.of_the_loop)
    sys.excepthook = strays.of_a_slot
    try:
        yield
    finally:
        sys.excepthook = before
        strays.let_go()


class _Strays:
    """Hears of stray errors until it lets go of who is told: then it only logs.

    A thread keeps the hook that stood when it began, for as long as it lives: an idle worker would hold the whole
    program that was closed.
    """

    def __init__(self, tell: Callable[[Trouble], None]) -> None:
        self._tell: Callable[[Trouble], None] | None = tell

    def let_go(self) -> None:
        self._tell = None

    def of_the_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("%s", context.get("message"), exc_info=error)
        self._say(error if isinstance(error, KlingDesktopError) else KlingDesktopError())

    def of_a_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
        elif isinstance(error, KlingDesktopError):  # of a disk that takes nothing it is enough to say so
            log.error("%s", error)
            self._say(error)
        else:
            log.error("an error that nobody caught", exc_info=error)
            self._say(KlingDesktopError())

    def _say(self, error: KlingDesktopError) -> None:
        if self._tell is not None:
            self._tell(error.trouble)
