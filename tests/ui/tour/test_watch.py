"""A tour does not wait for a sandbox that is gone for good, nor in a window that is closed."""

from __future__ import annotations

import asyncio

import pytest

from kling_desktop.errors import SandboxEnded, Unreachable
from kling_desktop.studio.feed import Feed, Noticed
from kling_desktop.ui.tour.watch import unless_it_cannot_go_on


async def test_a_tour_gives_what_it_gives() -> None:
    async def tour() -> int:
        return 0

    assert await unless_it_cannot_go_on(tour(), Feed(), asyncio.Event()) == 0


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

    assert await unless_it_cannot_go_on(tour(), feed, asyncio.Event()) == 1
    await ended.wait()
    assert SandboxEnded.title in capsys.readouterr().out


async def test_a_tour_in_a_window_that_is_closed_ends_and_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    closed, ended = asyncio.Event(), asyncio.Event()

    async def tour() -> int:
        closed.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    assert await unless_it_cannot_go_on(tour(), Feed(), closed) == 1
    assert ended.is_set()
    assert "The window was closed" in capsys.readouterr().out
