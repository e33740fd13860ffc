"""A look says how far it is once it takes long, and nothing more when it is stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Progress
from kling_desktop.studio.films.taking_in.homecoming import files_in
from kling_desktop.studio.films.taking_in.search import Search, SearchStopped


async def test_a_short_look_says_nothing_a_long_one_how_far_it_is() -> None:
    short, long = list[Progress](), list[Progress]()
    await asyncio.to_thread(Search(short.append, quiet_seconds=60).moved, 1, 10)
    search = Search(long.append, quiet_seconds=0)
    for done in (1, 2):  # two words at once are one too many
        await asyncio.to_thread(search.moved, done, 10)
    await asyncio.sleep(0)
    assert (short, long) == ([], [Progress(1, 10)])


async def test_stopped_it_ends_and_says_nothing_more(tmp_path: Path) -> None:
    heard: list[Progress] = []
    search = Search(heard.append, quiet_seconds=0)
    search.moved(1, 10)
    search.stop()
    await asyncio.sleep(0)
    (tmp_path / "file").touch()
    with pytest.raises(SearchStopped):
        await asyncio.to_thread(files_in, tmp_path, search.moved)
    assert heard == []
