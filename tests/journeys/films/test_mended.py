"""Rows of films and plans that make no sense: the window opens, says so, and everything hangs where it hung."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kling_desktop.ui.film.film_view import CardKind
from tests.journeys.conftest import Start
from tests.journeys.films.lane import cards, paste, pick_first_clip

NONSENSE = (
    "UPDATE film SET label = 'plaid', touched_at = 9e300, note = x'00ff'",
    "UPDATE take SET hop = 'deep', parent_id = id",
    "UPDATE plan SET state = 'dreaming', takes = -5, made_at = 'once'",
    "UPDATE hop SET takes = 4000000000, guidance = 9e999, generation = '{', place = 'first'",
)


@pytest.mark.expects_log("StoreMended")
async def test_the_window_opens_says_it_and_loses_nothing(start: Start, data_dir: Path) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, "rain\nfog")
        shown = [(card.id, card.words) for card in cards(creator, CardKind.MADE, CardKind.PLANNED)]
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as foreign:
        for statement in NONSENSE:
            assert foreign.execute(statement).rowcount > 0
        foreign.commit()
    async with start() as creator:
        await creator.sees(lambda: "has been mended" in creator.banners(), "the notice")
        await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == 2, "the hops")
        assert [(card.id, card.words) for card in cards(creator, CardKind.MADE, CardKind.PLANNED)] == shown
        assert creator.ask("audit")["totals"]["created"] == 0, "nothing was bought"
