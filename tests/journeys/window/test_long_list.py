"""A list so long that it is read beside the window: filtered, gone through, changed, and left while it is read."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Order
from kling_desktop.store.films import listing
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_SHORT", -1)


def _shown(creator: Creator) -> list[str]:
    found = (creator.take(number) for number in range(creator.tasks.model.layout.takes))
    return [task.extension.prompt for task in found if task]


def _shows(creator: Creator, *prompts: str) -> bool:
    return not creator.tasks.model.is_counting and _shown(creator) == list(prompts)


def _shows_first(creator: Creator, prompt: str) -> bool:
    return _shown(creator)[:1] == [prompt]


async def test_a_long_list_is_filtered_put_in_order_and_changed(start: Start) -> None:
    async with start() as creator:
        for words in ("A heron lands", "A tram passes"):
            creator.asks(creator.clip_id("dawn-lake"), words)
            await creator.sees(partial(_shows_first, creator, words), "its row")
            await creator.sees_take()
        creator.types(creator.tasks.filter.box, "heron")
        await creator.sees(partial(_shows, creator, "A heron lands"), "the heron alone")
        creator.presses(creator.tasks.filter.box, Qt.Key.Key_Return)
        selected = await creator.sees(creator.tasks.selected, "it to be chosen")
        assert selected.extension.prompt == "A heron lands"
        creator.tasks.filter.sorted.emit(Order.STARS)
        creator.tasks.filter.clear()
        await creator.sees(partial(_shows, creator, "A tram passes", "A heron lands"), "both")
        assert creator.tasks.selected() == selected
        creator.program.studio.forget(selected.id)
        await creator.sees(partial(_shows, creator, "A tram passes"), "the tram alone")


async def test_the_window_is_closed_while_a_list_is_read(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        for text in ("h", "he", "her"):
            creator.tasks.filter.box.setText(text)
            creator.tasks.filter.tell()
        assert creator.tasks.model.is_counting
    async with start() as creator:
        await creator.sees(partial(_shows, creator, "A heron lands"), "the take")
        assert creator.banners() == ""
