"""Ends a tour at once when the sandbox that it plays against is given up: what it waits for would never come."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from kling_desktop.errors import SandboxEnded, kind_of
from kling_desktop.studio.feed import Fact, Feed, Noticed
from kling_desktop.ui.tour.hands import say


async def unless_the_sandbox_ends(tour: Coroutine[Any, Any, int], feed: Feed) -> int:
    """What the tour gives, or 1."""
    playing = asyncio.ensure_future(tour)
    over = asyncio.get_running_loop().create_future()

    def hear(facts: Sequence[Fact]) -> None:
        gone = any(isinstance(fact, Noticed) and kind_of(fact.trouble) is SandboxEnded for fact in facts)
        if gone and not over.done():
            over.set_result(None)

    stop_hearing = feed.subscribe(hear)
    try:
        await asyncio.wait({playing, over}, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            return playing.result()
        say(f"failed  {SandboxEnded.title}. {SandboxEnded.advice}")
        return 1
    finally:
        stop_hearing()
        over.cancel()
        playing.cancel()
