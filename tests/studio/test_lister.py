"""Whole lists are read beside the loop; the newest wish counts, and a list that changes all the time still comes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Filter, Order
from kling_desktop.store.films import listing as listing_module
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library
from kling_desktop.studio.background import Background
from kling_desktop.studio.feed import Fact, Feed, Noticed
from kling_desktop.studio.lister import Lister
from tests.harness.tasks import NOON, asked
from tests.harness.waiting import until


class Room:
    """A library of three takes, and an ear for the lists that come."""

    def __init__(self, folder: Path) -> None:
        self.library = Library.open(folder / "library.sqlite3")
        for number in range(3):
            self.library.put(asked(number))
        self.feed = Feed()
        self.facts: list[Fact] = []
        self.feed.subscribe(self.facts.extend)
        self.background = Background(self.feed)
        self.listing = Listing(self.library.database, lambda: NOON)
        self.lister = Lister(self.listing, self.background.run)
        self.heard: list[tuple[str, int, int]] = []
        """What was looked for, how many were found, and in which thread that was told."""

    def ask(self, text: str = "") -> None:
        def hear(listed: Listed) -> None:
            self.heard.append((text, len(listed.numbers), threading.get_ident()))

        self.lister.ask(Filter(text=text), Order.FILM, hear)

    async def hears(self, *found: tuple[str, int]) -> None:
        """Until nothing is read any more; then this is what was heard, all of it in the loop's thread."""
        await until(lambda: not self.lister._is_reading, what="the end of the reading")
        assert self.heard == [(text, count, threading.get_ident()) for text, count in found]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    room = Room(tmp_path)
    yield room
    await room.background.close()
    room.library.close()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every library is read beside the loop."""
    monkeypatch.setattr(listing_module, "_SHORT", -1)


async def test_a_short_list_is_there_at_once(room: Room) -> None:
    room.ask("take 1")
    assert [(text, count) for text, count, _ in room.heard] == [("take 1", 1)]


@pytest.mark.usefixtures("large")
async def test_a_long_one_comes_later(room: Room) -> None:
    room.ask()
    assert room.heard == []
    await room.hears(("", 3))
    room.ask("take 1")
    await room.hears(("", 3), ("take 1", 1))


@pytest.mark.usefixtures("large")
async def test_of_letters_typed_one_by_one_only_the_last_counts(room: Room) -> None:
    with room.library.database.beside():  # so that nothing is read before all are typed
        for text in ("t", "ta", "take 2"):
            room.ask(text)
            await asyncio.sleep(0)
    await room.hears(("take 2", 1))


@pytest.mark.usefixtures("large")
async def test_a_list_that_changes_while_it_is_read_comes_and_comes_again(room: Room) -> None:
    with room.library.database.beside():
        room.ask()
        await asyncio.sleep(0)
        for number in (3, 4):
            room.library.put(asked(number))
            room.ask()
    await room.hears(("", 5), ("", 5))


@pytest.mark.usefixtures("large")
async def test_a_list_that_is_wanted_at_once_comes_in_the_place_of_one_on_its_way(room: Room) -> None:
    with room.library.database.beside():
        room.ask("take 1")
        await asyncio.sleep(0)
        reading = asyncio.create_task(asyncio.to_thread(room.lister.listed, Filter(), Order.FILM))
        await asyncio.sleep(0)
        await until(lambda: room.lister._current is None, what="its being dropped")
    assert len((await reading).numbers) == 3
    await room.hears()


@pytest.mark.usefixtures("large")
@pytest.mark.expects_log("something in the background broke off")
async def test_what_cannot_be_read_is_told_and_the_next_list_comes(room: Room) -> None:
    room.library._connection.execute("ALTER TABLE film RENAME TO away")
    room.ask()
    await until(lambda: room.facts, what="the trouble")
    (fact,) = room.facts
    assert isinstance(fact, Noticed)
    assert fact.trouble.error == "StoreTrouble"
    room.library._connection.execute("ALTER TABLE away RENAME TO film")
    room.ask()
    await room.hears(("", 3))


@pytest.mark.usefixtures("large")
async def test_a_reading_on_its_way_is_called_off_with_the_rest(room: Room) -> None:
    with room.library.database.beside():
        room.ask()
        await asyncio.sleep(0)
        await room.background.close()
    assert room.heard == []
    assert room.facts == []
