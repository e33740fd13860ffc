"""The data folder is made when it can be, belongs to its owner alone, and says what is in its way."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from kling_desktop.errors import DataFolderUnusable
from kling_desktop.running.data_folder import chosen_folder, made_private, remember_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes; a profile's folder is private")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_its_logs_are_the_owners_alone(tmp_path: Path) -> None:
    folder = made_private(tmp_path / "deep" / "data")
    assert [mode(folder), mode(folder / "logs")] == [0o700, 0o700]


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    tmp_path.chmod(0o755)
    files = [tmp_path / name for name in ("library.sqlite3", "library.sqlite3-wal", "settings.json", "logs/crash.log")]
    for file in files:
        file.write_text("")
        file.chmod(0o644)
    made_private(tmp_path)
    assert mode(tmp_path) == 0o700
    assert {mode(file) for file in files} == {0o600}


@pytest.mark.parametrize("kind", ["file", "dangling link", "below a file", "loop of links", "name too long"])
def test_what_is_in_the_way_is_said(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "data"
    if kind in ("file", "below a file"):
        place.write_text("no folder")
    if kind == "below a file":
        place = place / "deeper"
    if kind == "dangling link":
        place.symlink_to(tmp_path / "gone")
    if kind == "loop of links":
        place.symlink_to(place)
    if kind == "name too long":
        place = tmp_path / ("n" * 300)
    with pytest.raises(DataFolderUnusable) as caught:
        made_private(place)
    assert str(place) in caught.value.message


def test_a_zero_in_the_name_is_no_traceback() -> None:
    with pytest.raises(DataFolderUnusable):
        made_private(Path(os.sep) / "tmp" / "a\x00b")


def test_a_chosen_folder_is_remembered_and_never_made_beside_an_absent_drive(tmp_path: Path) -> None:
    note, drive = tmp_path / "config" / "data-folder.txt", tmp_path / "drive"
    assert chosen_folder(note) is None
    drive.mkdir()
    remember_folder(note, drive)
    assert chosen_folder(note) == drive
    drive.rename(tmp_path / "unplugged")
    with pytest.raises(DataFolderUnusable):
        chosen_folder(note)
    assert not drive.exists()


@pytest.mark.parametrize("words", [b"", b" \n", b"\xff\xfe"])
def test_a_note_without_sense_is_as_none(tmp_path: Path, words: bytes) -> None:
    (tmp_path / "note").write_bytes(words)
    assert chosen_folder(tmp_path / "note") is None


@pytest.mark.expects_log("cannot be noted")
def test_a_note_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember_folder(tmp_path / "file" / "note", tmp_path)
    assert chosen_folder(tmp_path / "file" / "note") is None
