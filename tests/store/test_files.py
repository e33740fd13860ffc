"""A file that is written atomically holds the old bytes or the new ones, and nothing is left lying about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble, LibraryFull
from kling_desktop.store.files import set_aside, write_atomically


def test_the_new_bytes_replace_the_old_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.json"
    for data in (b"old and longer", b"new"):
        write_atomically(path, data)
        assert path.read_bytes() == data
    assert [file.name for file in path.parent.iterdir()] == ["file.json"]


def test_a_write_that_fails_keeps_the_old_bytes_and_leaves_no_neighbour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.json"
    write_atomically(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileTrouble, match="No space left"):
        write_atomically(path, b"new")
    with pytest.raises(LibraryFull):
        write_atomically(path, b"new", LibraryFull)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["file.json"]


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileTrouble):
        write_atomically(tmp_path / "file" / "x.json", b"x")


def test_setting_aside_never_overwrites(tmp_path: Path) -> None:
    names = []
    for content in ("one", "two", "three"):
        path = tmp_path / "name.ext"
        path.write_text(content)
        names.append(set_aside(path, "now").name)
    assert names == ["name.damaged-now.ext", "name.damaged-now-1.ext", "name.damaged-now-2.ext"]
    assert (tmp_path / names[1]).read_text() == "two"
