"""A drive that is away is told from a folder whose files were deleted, wherever it was mounted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kling_desktop.domain.places.drives import DRIVES, Drives
from kling_desktop.errors import FileGone, FileOutOfReach, unreadable
from tests.harness.desk.stick import Stick


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stick:
    return Stick(tmp_path / "nas", monkeypatch)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A real one, where the system lets us."""
    place = tmp_path / "mounted"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root may mount, and only Linux has this kind")
    asked = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True)  # noqa: S607 - the system's own
    if asked.returncode:
        pytest.skip("this machine lets nobody mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)  # noqa: S607 - as above


def test_what_lies_below_is_away_with_it_and_comes_back(stick: Stick) -> None:
    drives, takes = Drives(), stick.folder / "Kling" / "takes"
    takes.mkdir(parents=True)
    drives.see(takes)
    assert not drives.is_away(takes)
    stick.pull()
    for path in (takes, takes / "a.mp4", stick.folder):
        assert drives.is_away(path)
    assert not drives.is_away(stick.folder.parent)
    assert not drives.is_away(stick.folder.with_name("nas 2"))
    stick.plug()
    assert not drives.is_away(takes)


def test_it_is_remembered_over_the_end_of_the_program(stick: Stick) -> None:
    told: list[tuple[str, ...]] = []
    drives = Drives()
    drives.know(["/mnt/another", "no/whole/path"], told.append)
    for _ in range(2):
        drives.see(stick.folder)
    assert told == [("/mnt/another", str(stick.folder))]
    stick.pull()
    later = Drives()
    later.know(told[0], told.append)
    assert later.is_away(stick.folder / "takes")
    (stick.folder / "takes").mkdir()  # by now it is a folder like any other
    assert not later.is_away(stick.folder / "takes")
    assert drives.is_away(stick.folder / "takes"), "what was put where it was a moment ago makes it no other folder"


def test_a_folder_that_was_on_no_drive_of_its_own_is_never_away(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda place: place in (home.parent, Path("/")))
    drives, told = Drives(), list[tuple[str, ...]]()
    drives.know((), told.append)
    for folder in (tmp_path, home / "Videos"):
        drives.see(folder)
        assert not drives.is_away(folder / "deleted")
    assert told == []


def test_a_file_on_it_is_out_of_reach_and_not_gone(stick: Stick) -> None:
    file, missing = stick.folder / "a.mp4", FileNotFoundError(2, "No such file or directory")
    DRIVES.see(stick.folder)
    assert type(unreadable(file, missing)) is FileGone
    stick.pull()
    assert type(unreadable(file, missing)) is FileOutOfReach


def test_so_it_is_with_a_real_one(mounted: Path) -> None:
    drives = Drives()
    drives.see(mounted)
    assert not drives.is_away(mounted)
    subprocess.run(["umount", "-l", str(mounted)], check=True)  # noqa: S607 - as above
    assert mounted.is_dir()
    assert drives.is_away(mounted)
