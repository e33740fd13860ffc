"""A closed window and its program are gone: nothing that lasts longer than they do holds on to them."""

from __future__ import annotations

import gc
import weakref

import pytest

from tests.journeys.conftest import Start

pytestmark = pytest.mark.timeout(60)


async def test_a_closed_program_is_freed(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "it rains")
        await creator.sees_take()
        window, studio = creator.window, creator.program.studio
        held = [window, window.tasks.table, window.tasks.model, studio, studio.feed, creator.program.preferences]
        seen = {type(each).__name__: weakref.ref(each) for each in held}
        del creator, window, studio, held
    gc.collect()
    assert [name for name, each in seen.items() if each() is not None] == []
