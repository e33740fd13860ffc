"""Facts arrive in batches, in order, at every listener."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kling_desktop.studio.feed import Fact, Feed, TaskForgotten


async def test_facts_of_one_turn_come_as_one_batch_in_order() -> None:
    feed, heard = Feed(), list[Sequence[Fact]]()
    feed.subscribe(heard.append)
    facts = [TaskForgotten(str(n)) for n in range(3)]
    for fact in facts:
        feed.publish(fact)
    assert heard == []
    await asyncio.sleep(0)
    assert heard == [facts]


async def test_a_fact_published_by_a_listener_comes_in_the_next_batch() -> None:
    feed, heard = Feed(), list[Sequence[Fact]]()

    def answer(facts: Sequence[Fact]) -> None:
        heard.append(facts)
        if len(heard) == 1:
            feed.publish(TaskForgotten("answer"))

    feed.subscribe(answer)
    feed.publish(TaskForgotten("question"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert heard == [[TaskForgotten("question")], [TaskForgotten("answer")]]


async def test_who_leaves_hears_no_more() -> None:
    feed, heard = Feed(), list[Sequence[Fact]]()
    leave = feed.subscribe(heard.append)
    leave()
    feed.publish(TaskForgotten("late"))
    await asyncio.sleep(0)
    assert heard == []


async def test_once_closed_it_tells_nobody_not_even_what_was_on_its_way() -> None:
    feed, heard = Feed(), list[Sequence[Fact]]()
    feed.subscribe(heard.append)
    feed.publish(TaskForgotten("on its way"))
    feed.close()
    feed.publish(TaskForgotten("late"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert heard == []


async def test_what_is_held_back_is_told_when_it_is_published() -> None:
    feed, batches, held = Feed(), list[Sequence[Fact]](), list[Fact]()
    feed.subscribe(batches.append)
    first, second = TaskForgotten("one"), TaskForgotten("two")
    with feed.held_back(held):
        feed.publish(first)
    feed.publish(second)
    await asyncio.sleep(0)
    assert (held, batches) == ([first], [[second]])
    feed.publish(first)
    await asyncio.sleep(0)
    assert batches == [[second], [first]]
