"""What is news while the window is behind others is told once, each kind unless it is to be quiet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.tasks import Status
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import QueueChanged, TaskChanged
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.menu.notifying import NotifyingWiring
from tests.harness.tasks import PROFILE, LibraryRows, asked, done, refused


@dataclass
class Desk:
    """A window that is not in front, and what was told."""

    preferences: Preferences
    wiring: NotifyingWiring
    told: list[tuple[str, str, Path | None]]


@pytest.fixture
async def desk(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Desk]:
    library = Library.open(tmp_path / "library.sqlite3")
    window, preferences = Window(LibraryRows(library)), Preferences(tmp_path)
    told: list[tuple[str, str, Path | None]] = []
    wiring = NotifyingWiring(window, preferences, lambda clip: tmp_path / clip, lambda *news: told.append(news))
    yield Desk(preferences, wiring, told)
    await preferences.flush()
    window.put_away()
    library.close()
    await asyncio.sleep(0)


async def test_a_take_is_told_once_with_its_still_when_its_file_is_here(desk: Desk, tmp_path: Path) -> None:
    home = done(1, "A heron lands", tmp_path / "take.mp4")
    desk.wiring.on_facts([TaskChanged(done(9, "Of another day", tmp_path / "old.mp4"))])
    desk.wiring.on_facts([TaskChanged(asked(1, "A heron lands")), TaskChanged(done(1, "A heron lands"))])
    assert desk.told == []
    desk.wiring.on_facts([TaskChanged(home), TaskChanged(replace(home, stars=3))])
    assert home.clip is not None
    assert desk.told == [("A take is here", "A heron lands", tmp_path / home.clip.id)]


async def test_a_failure_is_told_in_words_and_an_empty_queue_after_work(desk: Desk) -> None:
    desk.wiring.on_facts([TaskChanged(asked(2)), TaskChanged(refused(2, "Snow falls"))])
    assert [news[1] for news in desk.told] == ["Snow falls"]
    desk.wiring.on_facts([QueueChanged(PROFILE, (), 0, None, paused=False)])
    desk.wiring.on_facts([QueueChanged(PROFILE, (), 2, None, paused=False)])
    desk.wiring.on_facts([QueueChanged(PROFILE, (), 0, None, paused=False)])
    assert [news[0] for news in desk.told][1:] == ["The queue is empty"]


async def test_what_is_to_be_quiet_is_not_told(desk: Desk) -> None:
    desk.preferences.change(quiet=("failed",))
    failed = refused(2)
    desk.wiring.on_facts([TaskChanged(replace(failed, status=Status.PROCESSING)), TaskChanged(failed)])
    assert desk.told == []
