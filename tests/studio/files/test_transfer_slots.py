"""The places among the transfers."""

from __future__ import annotations

import asyncio

from kling_desktop.studio.files.transfer_slots import TransferSlots


class _Transfers:
    """Transfers that want a place, those that have one, and how often the number of places was asked for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked = 0
        self.inside: list[int] = []
        self.order: list[int] = []
        self.places = TransferSlots(self._most)
        self._go_on = asyncio.Event()
        self.running: list[asyncio.Task[None]] = []

    def begin(self, count: int) -> None:
        self.running += [asyncio.create_task(self._run(number)) for number in range(count)]

    def end_all(self) -> None:
        self._go_on.set()

    def _most(self) -> int:
        self.asked += 1
        return self.most

    async def _run(self, number: int) -> None:
        async with self.places:
            self.inside.append(number)
            self.order.append(number)
            assert len(self.inside) <= max(self.most, 1)
            try:
                await self._go_on.wait()
            finally:
                self.inside.remove(number)


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_only_so_many_run_at_once_and_in_the_order_in_which_they_came() -> None:
    transfers = _Transfers(3)
    transfers.begin(10)
    await settled()
    assert transfers.inside == [0, 1, 2]
    transfers.end_all()
    await asyncio.gather(*transfers.running)
    assert transfers.order == list(range(10))


async def test_more_places_are_taken_when_called_and_none_still_means_one() -> None:
    transfers = _Transfers(0)
    transfers.begin(5)
    await settled()
    assert transfers.inside == [0]
    transfers.most = 4
    transfers.places.call()
    await settled()
    assert transfers.inside == [0, 1, 2, 3]
    transfers.end_all()
    await asyncio.gather(*transfers.running)


async def test_who_goes_away_takes_no_place_with_it() -> None:
    transfers = _Transfers(1)
    transfers.begin(4)
    await settled()
    transfers.running[1].cancel()  # while it waits
    transfers.running[0].cancel()  # while it has the place
    await asyncio.sleep(0)
    transfers.running[2].cancel()  # called, but not inside yet
    await settled()
    assert transfers.order == [0, 3]
    transfers.end_all()
    await transfers.running[3]
    assert transfers.inside == []


async def test_one_that_leaves_wakes_one_and_not_all() -> None:
    transfers = _Transfers(2)
    transfers.begin(500)
    await settled()
    transfers.end_all()
    await asyncio.gather(*transfers.running)
    assert transfers.asked < 5 * 500


async def test_whoever_would_send_more_is_told_when_few_wait() -> None:
    transfers = _Transfers(most=1)
    transfers.begin(4)
    await asyncio.sleep(0)  # one has the place, three wait
    await asyncio.wait_for(transfers.places.few_wait(4), 10)
    told = asyncio.create_task(transfers.places.few_wait(2))
    for gone in transfers.running[2:]:  # they still stand in line, until they would be called
        gone.cancel()
    await asyncio.sleep(0)
    assert not told.done()
    transfers.end_all()
    await asyncio.wait_for(told, 10)
    await asyncio.gather(*transfers.running, return_exceptions=True)
