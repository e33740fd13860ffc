"""The list of takes is met again in the order, and with the heads folded, that it was left with."""

from __future__ import annotations

from kling_desktop.domain.tasks import Order
from tests.journeys.conftest import Start


async def test_the_list_stands_at_the_next_start_as_it_was_left(start: Start) -> None:
    async with start() as creator:
        for clip, words in (("dawn-lake", "A heron lands"), ("square-meadow", "A tram passes")):
            creator.asks(creator.clip_id(clip), words)
            await creator.sees_take()
        model = creator.tasks.model
        await creator.sees(lambda: len(model.layout.head_rows) == 2, "two films")
        model.fold(model.layout.head_rows[1], True)  # the tram's is the newer: it stands above, and is chosen
        folded = model.folds
        assert model.rowCount() == 3
    async with start() as creator:
        assert creator.tasks.model.folds == folded
        assert creator.tasks.model.rowCount() == 3
        creator.tasks.filter.sorted.emit(Order.NEWEST)
        assert creator.tasks.model.rowCount() == 2
    async with start() as creator:
        assert creator.tasks.model.order is Order.NEWEST
