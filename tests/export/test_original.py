"""A take is handed out byte for byte, in one step or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kling_desktop.errors import DiskFull, FileTrouble
from kling_desktop.export import original

MB = 1 << 20


@pytest.fixture
def take(tmp_path: Path) -> Path:
    file = tmp_path / "take.mp4"
    file.write_bytes(os.urandom(3 * MB + 17))
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def test_the_copy_is_the_file_and_every_piece_is_told(take: Path, folder: Path) -> None:
    told = list(original.copy(take, folder / "film.mp4"))
    assert (folder / "film.mp4").read_bytes() == take.read_bytes()
    assert [progress.received_bytes for progress in told] == [MB, 2 * MB, 3 * MB, 3 * MB + 17]
    assert {progress.total_bytes for progress in told} == {3 * MB + 17}
    assert [file.name for file in folder.iterdir()] == ["film.mp4"]


def test_until_all_is_written_the_old_file_stays(take: Path, folder: Path) -> None:
    (folder / "film.mp4").write_text("what was here")
    copying = original.copy(take, folder / "film.mp4")
    next(copying)
    assert (folder / "film.mp4").read_text() == "what was here"
    copying.close()
    assert [(file.name, file.read_text()) for file in folder.iterdir()] == [("film.mp4", "what was here")]


def test_two_copies_to_one_name_do_not_mix(take: Path, folder: Path) -> None:
    other = take.with_name("other.mp4")
    other.write_bytes(b"x" * 2 * MB)
    first, second = original.copy(take, folder / "film.mp4"), original.copy(other, folder / "film.mp4")
    next(first)
    next(second)
    list(second)
    list(first)
    assert (folder / "film.mp4").read_bytes() == take.read_bytes()


def test_a_take_onto_itself_is_unharmed(take: Path) -> None:
    before = take.read_bytes()
    list(original.copy(take, take))
    assert take.read_bytes() == before


@pytest.mark.parametrize("lost", ["source", "folder"])
def test_what_is_not_there_is_said_with_the_systems_words(take: Path, folder: Path, lost: str) -> None:
    target = folder / "film.mp4"
    if lost == "source":
        take.unlink()
    else:
        folder.rmdir()
    with pytest.raises(FileTrouble, match=os.strerror(errno.ENOENT)):
        list(original.copy(take, target))
    assert not target.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_called_so(take: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode: real(Path("/dev/full") if path.suffix == ".part" else path, mode)
    )
    with pytest.raises(DiskFull):
        list(original.copy(take, folder / "film.mp4"))
    assert list(folder.iterdir()) == []
