"""What breaks off in the background is told as what it is."""

from __future__ import annotations

import asyncio

import pytest

from kling_desktop.errors import StoreBusy
from kling_desktop.studio.background import Background
from kling_desktop.studio.feed import Fact, Feed, Noticed
from tests.harness.waiting import until


@pytest.mark.expects_log("something in the background broke off")
@pytest.mark.parametrize(
    ("error", "told"), [(StoreBusy("locked"), "StoreBusy"), (ZeroDivisionError(), "KlingDesktopError")]
)
async def test_what_breaks_off_is_told_as_what_it_is(error: Exception, told: str) -> None:
    facts: list[Fact] = []
    feed = Feed()
    feed.subscribe(facts.extend)

    async def work() -> None:
        await asyncio.sleep(0)
        raise error

    Background(feed).run(work())
    await until(lambda: facts, what="the fact")
    (fact,) = facts
    assert isinstance(fact, Noticed)
    assert fact.trouble.error == told
