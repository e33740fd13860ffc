"""What the creator chooses is at work at once, and on the disk as soon as the disk takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble
from kling_desktop.store import settings
from kling_desktop.studio import preferences as room
from kling_desktop.studio.preferences import Preferences
from tests.harness.waiting import until


def blocked(folder: Path) -> Path:
    """A data directory whose settings cannot be written: a folder stands where the file should be."""
    file = folder / "settings.json"
    (file / "in the way").mkdir(parents=True)
    return file


def unblock(file: Path) -> None:
    (file / "in the way").rmdir()
    file.rmdir()


async def test_a_change_is_there_at_once_and_soon_on_the_disk(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    preferences.change(volume=0.5)
    preferences.change(volume=0.6)
    assert preferences.now.volume == 0.6
    await preferences.flush()
    assert settings.load(tmp_path / "settings.json").volume == 0.6


async def test_settings_that_cannot_be_saved_are_told_once_and_saved_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_RETRY_SECONDS", 0.01)
    preferences, told = Preferences(tmp_path), list[FileTrouble]()
    preferences.tell_trouble(told.append)
    tries = 0

    def counted(file: Path, kept: settings.Settings) -> None:
        nonlocal tries
        tries += 1
        real(file, kept)

    real = settings.save
    monkeypatch.setattr(settings, "save", counted)
    file = blocked(tmp_path)
    preferences.change(volume=0.5)
    await until(lambda: tries > 2, what="more tries")
    assert len(told) == 1
    unblock(file)
    await until(file.is_file, what="the file")
    assert settings.load(file).volume == 0.5


async def test_settings_that_cannot_be_saved_do_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    blocked(tmp_path)
    preferences.change(volume=0.5)
    await preferences.flush()
    assert preferences.now.volume == 0.5
