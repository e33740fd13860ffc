"""The file of an unfinished download: no handle of it stays open when the disk refuses its note or its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble
from kling_desktop.kling.partial import Note, begin, go_on, note_file

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="tells open files by Linux's own list")


def _open_files(folder: Path) -> list[Path]:
    """What this process holds open in a folder."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [target for link in links if (target := link.readlink()).is_relative_to(folder)]


def test_a_note_that_cannot_be_written_leaves_no_file_open(tmp_path: Path) -> None:
    part = tmp_path / "take.part"
    note_file(part).mkdir()
    with pytest.raises(FileTrouble):
        begin(part, Note("/take.mp4"))
    assert _open_files(tmp_path) == []


def test_a_place_that_no_file_has_leaves_no_file_open(tmp_path: Path) -> None:
    part = tmp_path / "take.part"
    part.write_bytes(b"half")
    with pytest.raises(FileTrouble):
        go_on(part, -1)
    assert _open_files(tmp_path) == []
