"""Stray errors: what nobody caught is logged and told, and a signal closes the program in order."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import KlingDesktopError

log = logging.getLogger(__name__)


@contextmanager
def strays_caught(tell: Callable[[Trouble], None], close: Callable[[], object]) -> Iterator[None]:
    """While the block runs, errors of the loop and of Qt's slots go to `tell`, and SIGINT and SIGTERM to `close`.

    Needs a running loop. One error costs the creator a notice, never the tasks of the neighbours.
    """
    loop, before = asyncio.get_running_loop(), sys.excepthook

    def of_the_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("%s", context.get("message"), exc_info=error)
        tell(error.trouble if isinstance(error, KlingDesktopError) else KlingDesktopError().trouble)

    def of_a_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
        elif isinstance(error, KlingDesktopError):  # of a disk that takes nothing it is enough to say so
            log.error("%s", error)
            tell(error.trouble)
        else:
            log.error("an error that nobody caught", exc_info=error)
            tell(KlingDesktopError().trouble)

    loop.set_exception_handler(of_the_loop)
    sys.excepthook = of_a_slot
    numbers = () if sys.platform == "win32" else (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, close)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
        sys.excepthook = before
