"""Runs what may hang for ever, as a keyring's service does, in threads that nobody waits for at the end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from kling_desktop.errors import KeyringSilent

PATIENCE_SECONDS = 2.0
"""How long a keyring may take before it is said that it is waited for: it may be asking for its password."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def run_patiently(
    on_wait: Callable[[], None], work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    """The same, and `on_wait` is called once when it takes long. What that raises is raised here, and the work is left
    to itself.
    """
    running = asyncio.ensure_future(run_unjoined(work, *args, **kwargs))
    try:
        await asyncio.wait({running}, timeout=PATIENCE_SECONDS)
        if not running.done():
            on_wait()
        return await running
    finally:
        running.cancel()


def refuse_to_wait() -> None:
    """An `on_wait` for who must have an answer. Raises KeyringSilent."""
    raise KeyringSilent


async def run_unjoined(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What `work` returns or raises. Cancelled, or when the program ends, the thread is left to itself.

    `asyncio.to_thread` would not do: the interpreter joins its threads, so that one that hangs keeps the process alive.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: BaseException | None) -> None:
        if outcome.done():
            return  # cancelled meanwhile
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]  # without an error there is a result

    def run() -> None:
        result: Result | None = None
        error: BaseException | None = None
        try:
            result = work(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await outcome
