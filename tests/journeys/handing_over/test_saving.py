"""A copy that takes a while says so at the top of the window, and can be stopped there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.harness.servers.trickle import Trickle
from tests.journeys.conftest import Start


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe to slow a copy down")
async def test_a_slow_copy_shows_its_progress_and_can_be_stopped(start: Start, tmp_path: Path) -> None:
    slow, target = Trickle(tmp_path / "pipe"), tmp_path / "film.mp4"
    async with start() as creator:
        notices = creator.window.notices
        slow.let_through(2)
        creator.program.studio.background.run(creator.program.studio.copies.make(slow.path, target))

        def saving() -> str | None:
            slow.let_through(1)
            return next((text for text in notices.texts() if text.startswith("Saving film.mp4… ")), None)

        first = await creator.sees(saving, "the progress")
        stop = notices.bar(first)
        await creator.sees(lambda: (now := saving()) and now != first, "more progress")
        assert stop is not None
        assert stop.action is not None, "the bar that is there goes on, or a click would miss it"
        creator.clicks(stop.action)
        await creator.sees(lambda: not saving(), "the bar to go")
        slow.end()
        assert "film.mp4" not in creator.banners()
        assert not _files(tmp_path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux alone has such a folder")
async def test_a_take_is_saved_by_a_service_whose_home_is_no_folder_for_files(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt's dialog would read /proc for ever, and the window stand still with it."""
    target = tmp_path / "film.mp4"
    async with start() as creator:
        monkeypatch.setenv("HOME", "/proc")
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        take = await creator.sees_take()
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        dialog = await creator.sees(lambda: creator.window.findChild(QFileDialog), "the dialog")
        creator.saves_as(dialog, target)
        await creator.sees(target.exists, "the film to be saved")
        assert take.clip is not None
        assert take.clip.file is not None
        assert target.read_bytes() == take.clip.file.read_bytes()


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.suffix in (".mp4", ".part")]
