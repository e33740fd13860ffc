"""A copy that takes a while says how far it is, can be stopped, and is finished though the program ends."""

from __future__ import annotations

import asyncio
import filecmp
import os
from pathlib import Path

import pytest

from kling_desktop.studio.feed import CopyMoved, Fact, Feed, FileSaved
from kling_desktop.studio.files.copies import Copies
from tests.harness.servers.trickle import Trickle
from tests.harness.waiting import until

MB = 1 << 20


@pytest.fixture
def facts() -> list[Fact]:
    return []


@pytest.fixture
def feed(facts: list[Fact]) -> Feed:
    made = Feed()
    made.subscribe(facts.extend)
    return made


@pytest.fixture
def take(tmp_path: Path) -> Path:
    file = tmp_path / "take.mp4"
    file.write_bytes(os.urandom(4 * MB))
    return file


async def test_a_quick_copy_needs_no_words(feed: Feed, facts: list[Fact], take: Path, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    await Copies(feed).make(take, target)
    await until(lambda: FileSaved(target, None) in facts, 30, "the word")
    assert [fact for fact in facts if isinstance(fact, CopyMoved)] == [CopyMoved(target, None)]
    assert filecmp.cmp(take, target, shallow=False)


async def test_a_slow_copy_says_how_far_it_is(feed: Feed, facts: list[Fact], take: Path, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    await Copies(feed, quiet_seconds=0).make(take, target)
    await until(lambda: FileSaved(target, None) in facts, 30, "the word")
    first = next(fact for fact in facts if isinstance(fact, CopyMoved))
    assert first.progress is not None
    assert first.progress.total_bytes == 4 * MB
    assert facts[-2:] == [CopyMoved(target, None), FileSaved(target, None)]


async def test_a_copy_that_fails_says_why(feed: Feed, facts: list[Fact], tmp_path: Path) -> None:
    await Copies(feed).make(tmp_path / "gone.mp4", tmp_path / "film.mp4")
    await until(lambda: len(facts) == 2, 30, "the word")
    saved = facts[-1]
    assert isinstance(saved, FileSaved)
    assert saved.trouble is not None
    assert saved.trouble.error == "FileGone"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe to slow a copy down")
class TestSlow:
    async def test_stopped_it_leaves_nothing(self, feed: Feed, facts: list[Fact], tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        source, target = Trickle(tmp_path / "pipe"), tmp_path / "out" / "film.mp4"
        copies = Copies(feed, quiet_seconds=0)
        making = asyncio.create_task(copies.make(source.path, target))
        source.let_through(2)
        await until(lambda: facts, 30, "the first word")
        copies.stop(target)
        source.let_through(2)
        await making
        source.end()
        await until(lambda: CopyMoved(target, None) in facts, 30, "the last word")
        assert not [fact for fact in facts if isinstance(fact, FileSaved)]
        assert list((tmp_path / "out").iterdir()) == []

    async def test_it_is_finished_though_the_program_ends(self, feed: Feed, facts: list[Fact], tmp_path: Path) -> None:
        source, target = Trickle(tmp_path / "pipe"), tmp_path / "film.mp4"
        making = asyncio.create_task(Copies(feed, quiet_seconds=0).make(source.path, target))
        source.let_through(1)
        await until(lambda: facts, 30, "the first word")
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        told = len(facts)
        source.let_through(2)
        await asyncio.to_thread(source.end)
        await until(target.exists, 30, "the copy")
        assert target.stat().st_size == 3 * MB
        assert len(facts) == told
