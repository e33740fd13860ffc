"""Long work lets others have their turn, and is whole in any case."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from kling_desktop.studio.films.taking_in.turns import in_turns, unbroken


def _count(seen: list[int], upto: int) -> Generator[None, None, str]:
    for number in range(upto):
        seen.append(number)
        yield
    return "done"


async def test_others_have_their_turn() -> None:
    seen: list[int] = []
    going = asyncio.ensure_future(in_turns(_count(seen, 3), 0))
    counts = []
    while not going.done():
        await asyncio.sleep(0)
        counts.append(len(seen))
    assert await going == "done"
    assert set(counts) == {1, 2, 3}


async def test_what_is_short_is_done_in_one_turn() -> None:
    seen: list[int] = []
    going = asyncio.ensure_future(in_turns(_count(seen, 3), 60))
    await asyncio.sleep(0)
    assert (going.done(), seen) == (True, [0, 1, 2])


async def test_called_off_it_is_done_all_the_same() -> None:
    seen: list[int] = []
    going = asyncio.ensure_future(in_turns(_count(seen, 3), 0))
    await asyncio.sleep(0)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert seen == [0, 1, 2]


async def test_the_end_of_what_cannot_be_called_off_is_waited_for() -> None:
    go, ended = asyncio.Event(), []

    async def work() -> None:
        await go.wait()
        ended.append(True)

    going = asyncio.ensure_future(unbroken(work()))
    await asyncio.sleep(0)
    going.cancel()
    await asyncio.sleep(0)
    assert not going.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert ended == [True]
