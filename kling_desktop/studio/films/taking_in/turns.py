"""Long work of the loop's thread, done in turns so short that the window does not stand still for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

Result = TypeVar("Result")

TURN_SECONDS = 0.004
"""Who hears of what was done in a turn needs the rest of a picture's 16 ms."""


async def in_turns(work: Generator[None, None, Result], turn_seconds: float = TURN_SECONDS) -> Result:
    """What the work returns, which yields wherever it may be interrupted. Cancelled, the rest is done at once: it is
    whole in any case.
    """
    while True:
        until = time.perf_counter() + turn_seconds
        try:
            next(work)
            while time.perf_counter() < until:
                next(work)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]  # typeshed says Any; the generator's type says Result
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            for _ in work:
                """Nobody waits for a turn any more."""
            raise


async def unbroken(work: Coroutine[Any, Any, Result]) -> Result:
    """What the work gives. Cancelled, it is waited for until its end, as a thread has to be."""
    going = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(going)
    except asyncio.CancelledError:
        await asyncio.wait([going])
        raise
