"""A film that is archived and opened elsewhere is the same film, on byte-identical originals."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble
from kling_desktop.export.archive import ORIGINALS, open_archive, papers_in, write_archive
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.papers.record import from_json, papers_of, to_json
from kling_desktop.media.frames import Abandoned
from tests.export.films import joined

LIBRARY = {"picks": ["7002"], "stars": {"7001": 4}}

KIND = pytest.mark.parametrize("name", ["fox.zip", "fox"])


def _record(film: ExportFilm) -> str:
    return to_json(papers_of(film))


@KIND
def test_the_round_trip(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    told: list[tuple[int, int]] = []
    archive = write_archive(film, LIBRARY, tmp_path / "out" / name, progress=lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1]
    opened = open_archive(archive, tmp_path / "another user")
    assert (opened.library, opened.missing) == (LIBRARY, ())
    assert _record(opened.film) == _record(film)
    assert plan_of(opened.film).frames == 35
    for old, new in zip(film.parts, opened.film.parts, strict=True):
        assert new.file.parent == tmp_path / "another user"
        assert new.file.read_bytes() == old.file.read_bytes()
    assert open_archive(archive, tmp_path / "another user").film == opened.film
    assert len(list((tmp_path / "another user").iterdir())) == 3
    assert write_archive(film, LIBRARY, tmp_path / "out" / name) != archive


@KIND
def test_another_file_of_that_name_stays(name: str, tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "out" / name)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/one.mp4").write_text("mine")
    opened = open_archive(archive, tmp_path / "mine")
    assert (tmp_path / "mine/one.mp4").read_text() == "mine"
    assert opened.film.parts[0].file.name == "one -1.mp4"


def test_what_is_damaged_or_missing_is_a_placeholder(tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox")
    (archive / ORIGINALS / "one.mp4").unlink()
    two = archive / ORIGINALS / "two.mp4"
    two.write_bytes(two.read_bytes()[:-1] + b"?")
    opened = open_archive(archive, tmp_path / "mine")
    assert opened.missing == ("one.mp4", "two.mp4")
    assert opened.film.parts[0].file == Path("one.mp4")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["other.mp4"]


def test_a_damaged_zip_is_told(tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 255
    archive.write_bytes(data)
    assert len(open_archive(archive, tmp_path / "mine").missing) == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"hello"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    (tmp_path / "x").mkdir()
    for name in ("x.zip", "x"):
        with pytest.raises(FileTrouble, match="no archive"):
            open_archive(tmp_path / name, tmp_path / "mine")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as packed:
        packed.writestr("../evil.mp4", "x")
    with pytest.raises(FileTrouble):
        open_archive(tmp_path / "y.zip", tmp_path / "mine")
    assert not (tmp_path / "evil.mp4").exists()


@KIND
def test_stopped_it_leaves_no_trace(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    with pytest.raises(Abandoned):
        write_archive(film, LIBRARY, tmp_path / "out" / name, stopped=lambda: True)
    assert not (tmp_path / "out").exists()
    archive = write_archive(film, LIBRARY, tmp_path / "out" / name)
    with pytest.raises(Abandoned):
        open_archive(archive, tmp_path / "mine", stopped=lambda: True)
    assert list((tmp_path / "mine").iterdir()) == []


def test_papers_of_an_archive_hold_no_path(tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), {}, tmp_path / "fox")
    text = (archive / "kling_desktop.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert from_json(text) is not None


def test_an_archive_is_known_from_other_files(tmp_path: Path) -> None:
    film = joined(tmp_path)
    packed = write_archive(film, {"a": 1}, tmp_path / "film.zip")
    folder = write_archive(film, {"a": 1}, tmp_path / "film")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as whole:
        whole.writestr("a.txt", "a")
    assert papers_in(packed) == papers_in(folder) == papers_of(film)
    assert not any(papers_in(path) for path in (other, tmp_path, tmp_path / "one.mp4", tmp_path / "nothing"))
