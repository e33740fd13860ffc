"""A tour does not wait for a sandbox that is gone for good."""

from __future__ import annotations

import asyncio

import pytest

from kling_desktop.errors import SandboxEnded, Unreachable
from kling_desktop.studio.feed import Feed, Noticed
from kling_desktop.ui.tour.sandbox_watch import unless_the_sandbox_ends


async def test_a_tour_gives_what_it_gives() -> None:
    async def tour() -> int:
        return 0

    assert await unless_the_sandbox_ends(tour(), Feed()) == 0


async def test_a_tour_that_waits_for_a_sandbox_that_is_gone_ends_and_has_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    feed, ended = Feed(), asyncio.Event()

    async def tour() -> int:
        feed.publish(Noticed(Unreachable().trouble))
        await asyncio.sleep(0)
        feed.publish(Noticed(SandboxEnded("code 1").trouble))
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    assert await unless_the_sandbox_ends(tour(), feed) == 1
    await ended.wait()
    assert SandboxEnded.title in capsys.readouterr().out
