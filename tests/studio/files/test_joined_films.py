"""Joined films are a cache: the oldest make room, the newest stays, and all can be deleted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.studio.feed import FilmRendered
from kling_desktop.studio.files.joined_films import JoinedFilms


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "renders"
    made.mkdir()
    for number in range(4):  # seen one day after the other
        file = made / f"{number}.mp4"
        file.write_bytes(bytes(1000))
        os.utime(file, (number * 86_400, 0))
    (made / "9.mp4.part").write_bytes(bytes(1000))
    return made


def _left(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_what_was_not_seen_for_longest_makes_room(folder: Path) -> None:
    under_way: list[asyncio.Task[None]] = []

    def run(work: Coroutine[Any, Any, None]) -> None:
        under_way.append(asyncio.get_running_loop().create_task(work))

    joined = JoinedFilms(folder, run, most=2500)
    joined.on_facts([FilmRendered("take", None, None)])
    assert not under_way, "one that could not be made takes no room"
    joined.on_facts([FilmRendered("take", folder / "3.mp4", None)])
    await asyncio.gather(*under_way)
    assert _left(folder) == {"2.mp4", "3.mp4", "9.mp4.part"}
    assert await joined.measure() == 2000


async def test_one_that_is_larger_than_all_may_be_stays_while_it_is_the_newest(folder: Path) -> None:
    await JoinedFilms(folder, lambda work: work.close(), most=10).keep_within()
    assert _left(folder) == {"3.mp4", "9.mp4.part"}


async def test_what_is_on_the_stage_stays(folder: Path) -> None:
    joined = JoinedFilms(folder, lambda work: work.close(), most=10)
    joined.on_stage = lambda: folder / "0.mp4"
    await joined.keep_within()
    assert _left(folder) == {"0.mp4", "3.mp4", "9.mp4.part"}
    await joined.clear()
    assert _left(folder) == {"0.mp4", "9.mp4.part"}


async def test_all_can_be_deleted_but_what_is_in_the_making(folder: Path, tmp_path: Path) -> None:
    joined = JoinedFilms(folder, lambda work: work.close())
    await joined.clear()
    assert _left(folder) == {"9.mp4.part"}
    assert await joined.measure() == 0
    assert await JoinedFilms(tmp_path / "none", lambda work: work.close()).measure() == 0
