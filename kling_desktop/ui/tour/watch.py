"""Ends a tour at once when what it waits for would never come: its sandbox is given up, or its window is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from kling_desktop.errors import SandboxEnded, kind_of
from kling_desktop.studio.feed import Fact, Feed, Noticed
from kling_desktop.ui.tour.hands import say


async def unless_it_cannot_go_on(tour: Coroutine[Any, Any, int], feed: Feed, closed: asyncio.Event) -> int:
    """What the tour gives, or 1 when the sandbox ends for good or `closed` is set before."""
    playing = asyncio.ensure_future(tour)
    closing = asyncio.ensure_future(closed.wait())
    over = asyncio.get_running_loop().create_future()

    def hear(facts: Sequence[Fact]) -> None:
        gone = any(isinstance(fact, Noticed) and kind_of(fact.trouble) is SandboxEnded for fact in facts)
        if gone and not over.done():
            over.set_result(None)

    stop_hearing = feed.subscribe(hear)
    try:
        await asyncio.wait({playing, closing, over}, return_when=asyncio.FIRST_COMPLETED)
        if closing.done():  # a step that failed at the same time failed for that
            say("failed  The window was closed")
            return 1
        if playing.done():
            return playing.result()
        say(f"failed  {SandboxEnded.title}. {SandboxEnded.advice}")
        return 1
    finally:
        stop_hearing()
        over.cancel()
        closing.cancel()
        playing.cancel()
        await asyncio.wait({playing, closing})
