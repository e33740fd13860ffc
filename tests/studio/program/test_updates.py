"""Nobody is asked until the creator asks, and a source that nobody has published asks nobody at all."""

from __future__ import annotations

import pytest

from kling_desktop.errors import UpdateUnknown
from kling_desktop.studio.program.updates import ADDRESS, Updates
from tests.harness.servers.odd_server import OddServer, response
from tests.harness.servers.releases import PUBLIC_KEY, release, signed


async def test_a_source_that_nobody_has_published_asks_nobody() -> None:
    assert ADDRESS == ""
    assert not Updates().can_ask
    with pytest.raises(UpdateUnknown):
        await Updates().ask()


async def test_one_press_is_one_request_and_before_it_there_is_none() -> None:
    with OddServer(lambda _: [response(signed(release(version="2.0")))]) as server:
        updates = Updates(server.url, PUBLIC_KEY, own="1.9")
        assert server.heard == []
        newer = await updates.ask()
        assert newer is not None
        assert newer.version == "2.0"
        assert await Updates(server.url, PUBLIC_KEY, own="2.0").ask() is None
    assert len(server.heard) == 2
