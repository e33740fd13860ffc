"""Dragged films go when they were neither made, linked nor read for long."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kling_desktop.studio.files.dragged import forget_unread


def test_only_what_nobody_has_read_goes(tmp_path: Path) -> None:
    old, read, folder = tmp_path / "old.mp4", tmp_path / "read.mp4", tmp_path / "folder"
    old.write_bytes(b"a film")
    read.write_bytes(b"a film")
    folder.mkdir()
    later = datetime.now(UTC) + timedelta(days=40)
    os.utime(read, (later.timestamp(), read.stat().st_mtime))
    assert forget_unread(tmp_path, later - timedelta(days=30)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "read.mp4"]
    assert forget_unread(tmp_path / "nowhere", later) == 0


def test_a_link_to_an_old_film_that_was_made_today_stays(tmp_path: Path) -> None:
    film, dragged = tmp_path / "render.mp4", tmp_path / "dragged"
    film.write_bytes(b"a film")
    os.utime(film, (0, 0))
    dragged.mkdir()
    os.link(film, dragged / "Fox.mp4")
    assert forget_unread(dragged, datetime.now(UTC) - timedelta(days=30)) == 0
