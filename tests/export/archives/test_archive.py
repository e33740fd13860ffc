"""A film that is archived and opened elsewhere is the same film, on byte-identical originals."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sys
import time
import unicodedata
import zipfile
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kling_desktop.errors import ArchiveNewer, ExportFull, FileTooLarge, FileTrouble
from kling_desktop.export.archives.archive import ORIGINALS, open_archive, papers_in, write_archive
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.names import legal
from kling_desktop.export.papers.record import from_json, papers_of, to_json
from kling_desktop.media.frames import Abandoned
from tests.export.films import joined, make_heavy
from tests.harness.room import room_for

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


def test_a_zip_holds_files_that_32_bits_cannot_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = joined(tmp_path)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", film.parts[0].file.stat().st_size - 1)
    opened = open_archive(write_archive(film, LIBRARY, tmp_path / "fox.zip"), tmp_path / "mine")
    assert opened.missing == ()
    assert opened.film.parts[0].file.read_bytes() == film.parts[0].file.read_bytes()


def test_what_lies_in_a_zip_is_of_the_day_when_it_was_packed(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")) as packed:
        assert min(each.date_time for each in packed.infolist()) > (1980, 1, 1, 0, 0, 0)


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


def _heavy(film: ExportFilm) -> ExportFilm:
    """With originals of several pieces each."""
    for part in film.parts:
        make_heavy(part.file, 3 << 20)
    return film


@KIND
def test_opened_it_tells_its_bytes_one_piece_after_the_other(name: str, tmp_path: Path) -> None:
    film = _heavy(joined(tmp_path))
    archive = write_archive(film, LIBRARY, tmp_path / "out" / name)
    known = [film.parts[0].file]
    told: list[tuple[int, int]] = []
    open_archive(archive, tmp_path / "mine", known, progress=lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1] == sum(source.size for source in papers_of(film).sources)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert max(after - before for (before, _), (after, _) in itertools.pairwise(told)) <= 1 << 20


@KIND
@pytest.mark.parametrize("pieces", [1, 5, 8])
def test_opening_stops_at_any_piece_and_leaves_nothing(name: str, pieces: int, tmp_path: Path) -> None:
    film = _heavy(joined(tmp_path))
    archive = write_archive(film, LIBRARY, tmp_path / "out" / name)
    told: list[int] = []
    with pytest.raises(Abandoned):
        open_archive(
            archive,
            tmp_path / "mine",
            [film.parts[0].file],  # it is read while it is looked for what is here already
            progress=lambda done, _: told.append(done),
            stopped=lambda: len(told) >= pieces,
        )
    assert len(told) == pieces
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


@KIND
def test_what_the_library_has_already_is_used_wherever_it_lies(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    archive = write_archive(film, LIBRARY, tmp_path / "out" / name)
    elsewhere = film.parts[0].file.rename(tmp_path / "under another name.mp4")
    opened = open_archive(archive, tmp_path / "mine", [elsewhere, tmp_path / "gone.mp4"])
    assert opened.missing == ()
    assert opened.film.parts[0].file == elsewhere
    assert sorted(file.name for file in (tmp_path / "mine").iterdir()) == ["other.mp4", "two.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such bound")
@KIND
def test_opened_on_a_disk_that_ends_in_the_middle_it_leaves_no_trace(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    large, small = film.parts
    assert small.file.stat().st_size < large.file.stat().st_size
    archive = write_archive(replace(film, parts=(small, large)), LIBRARY, tmp_path / "out" / name)
    (tmp_path / "mine").mkdir()
    with room_for(large.file.stat().st_size - 1), pytest.raises(FileTooLarge, match="mine"):
        open_archive(archive, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_opened_where_there_is_no_room_it_is_refused_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1000))
    with pytest.raises(ExportFull, match="MB are needed"):
        open_archive(archive, tmp_path / "mine")
    assert open_archive(archive, tmp_path).missing == (), "nothing is to be copied"


@pytest.mark.parametrize("flag", [0x1, 0x20])
def test_a_zip_that_is_locked_or_packed_by_other_means_is_told(flag: int, tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")
    data = bytearray(archive.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:  # each entry of the directory (APPNOTE 4.3.12)
        data[at + 8] |= flag
        at += 4
    archive.write_bytes(data)
    assert papers_in(archive) is None
    with pytest.raises(FileTrouble):
        open_archive(archive, tmp_path / "mine")


@KIND
def test_it_can_be_given_up_while_it_is_read_back(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    told: list[tuple[int, int]] = []
    with pytest.raises(Abandoned):
        write_archive(
            film,
            LIBRARY,
            tmp_path / "out" / name,
            progress=lambda *step: told.append(step),
            stopped=lambda: bool(told) and told[-1][0] == told[-1][1],
        )
    assert not (tmp_path / "out").exists()


LONG = "雪" * 75 + ".mp4"
"""225 bytes, and the ending: about the longest that a system takes."""


@KIND
def test_names_that_are_long_alike_or_not_for_every_system(name: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    wanted = [tmp_path / "a" / LONG, tmp_path / "b" / LONG.replace(".mp4", ".MP4"), tmp_path / "a" / 'con?".mp4 .']
    files = [film.parts[0].file, film.parts[1].file, film.parts[1].alternates[0].file]
    for file, place in zip(files, wanted, strict=True):
        place.parent.mkdir(exist_ok=True)
        file.rename(place)
    parts = (
        replace(film.parts[0], file=wanted[0]),
        replace(film.parts[1], file=wanted[1], alternates=(replace(film.parts[1].alternates[0], file=wanted[2]),)),
    )
    named = replace(film, name="雪🦊 <&>", parts=parts)
    archive = write_archive(named, LIBRARY, tmp_path / "out" / name)
    opened = open_archive(archive, tmp_path / "mine")
    assert (opened.missing, opened.film.name) == ((), "雪🦊 <&>")
    names = [file.name for file in (tmp_path / "mine").iterdir()]
    assert len({each.casefold() for each in names}) == 3
    assert all(each == legal(each) for each in names)


def test_what_a_killed_opening_left_is_removed_when_nothing_can_be_writing_it(tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, days in ((".0123abcd.part", 2), (".89abcdef.part", 0), (".somebody.part", 2)):
        (folder / name).write_text("half")
        written = time.time() - days * 86_400
        os.utime(folder / name, (written, written))
    open_archive(archive, folder)
    hidden = sorted(file.name for file in folder.iterdir() if file.name.startswith("."))
    assert hidden == [".89abcdef.part", ".somebody.part"]


def _packed_again(archive: Path, target: Path, named: Callable[[str], str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w", method) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(named(name)), old.read(name), method)
    return target


def _from_a_mac(name: str) -> str:
    return unicodedata.normalize("NFD", f"Füchse/{name}")


def _from_windows(name: str) -> str:
    """Without the mark that it is UTF-8: read as the first of all code pages."""
    return name.encode("gbk").decode("cp437")


@pytest.mark.parametrize(
    "named",
    [lambda name: f"Fox/{name}", lambda name: name.replace("/", "\\"), _from_a_mac, _from_windows],
    ids=["in a folder", "the other slash", "macOS", "Chinese Windows"],
)
def test_what_was_unpacked_and_packed_again_is_the_same_film(tmp_path: Path, named: Callable[[str], str]) -> None:
    film = joined(tmp_path)
    renamed = film.parts[0].file.rename(tmp_path / "é雪.mp4")
    film = replace(film, parts=(replace(film.parts[0], file=renamed), *film.parts[1:]))
    archive = _packed_again(write_archive(film, LIBRARY, tmp_path / "fox.zip"), tmp_path / "again.zip", named)
    if named is _from_a_mac:
        with zipfile.ZipFile(archive, "a") as packed:
            packed.writestr("__MACOSX/._Füchse", b"\0")
    assert papers_in(archive) is not None
    opened = open_archive(archive, tmp_path / "mine")
    assert (opened.library, opened.missing) == (LIBRARY, ())
    assert {file.name for file in (tmp_path / "mine").iterdir()} == {"other.mp4", "two.mp4", "é雪.mp4"}


def test_an_unpacked_archive_whose_files_were_renamed_is_the_same_film(tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox")
    for number, file in enumerate(sorted((archive / ORIGINALS).iterdir())):
        file.rename(file.with_name(f"{number}"))
    (archive / ORIGINALS / "a folder").mkdir()
    assert open_archive(archive, tmp_path / "mine").missing == ()


@pytest.mark.parametrize("name", ["x" * 250 + ".mp4", "con.mp4", "a\u202egpj.mp4", "雪" * 90 + ".mp4"])
def test_a_name_of_elsewhere_that_no_system_takes_is_another_here(name: str, tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox.zip")
    with zipfile.ZipFile(archive) as packed:
        held = {each: packed.read(each) for each in packed.namelist()}
    with zipfile.ZipFile(archive, "w") as packed:
        for each, content in held.items():
            told = content if each.startswith(ORIGINALS) else content.replace(b"one.mp4", name.encode())
            packed.writestr(each.replace("one.mp4", name), told)
    opened = open_archive(archive, tmp_path / "mine")
    assert opened.missing == ()
    for file in (tmp_path / "mine").iterdir():
        assert file.stem == legal(file.stem)
        assert len(file.name.encode()) < 255


@KIND
def test_an_archive_of_a_newer_version_is_said_to_be_one(name: str, tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / name)
    folder = tmp_path / "unpacked"
    if archive.is_dir():
        archive.rename(folder)
    else:
        zipfile.ZipFile(archive).extractall(folder)
    record = json.loads((folder / "kling_desktop.json").read_text())
    (folder / "kling_desktop.json").write_text(json.dumps(record | {"version": 2, "parts": {"of another": "shape"}}))
    for look in (papers_in, lambda place: open_archive(place, tmp_path / "mine")):
        with pytest.raises(ArchiveNewer):
            look(folder)
    assert not (tmp_path / "mine").exists()
    for other in ({"version": "2", "parts": []}, {"version": 2}, [2], {"version": 0, "parts": []}):
        (folder / "kling_desktop.json").write_text(json.dumps(other))
        assert papers_in(folder) is None


@pytest.mark.parametrize("record", [b"[" * 100_000, b'{"a":' * 100_000, b"7", b"\xff", b"NaN", b""])
def test_a_record_of_the_library_that_nobody_can_read_leaves_what_the_papers_say(record: bytes, tmp_path: Path) -> None:
    archive = write_archive(joined(tmp_path), LIBRARY, tmp_path / "fox")
    (archive / "library.json").write_bytes(record)
    assert papers_in(archive) is not None
    opened = open_archive(archive, tmp_path / "mine")
    assert (opened.library, opened.missing) == ({}, ())


def test_a_folder_that_goes_before_the_archive_is_read_back_is_told_by_its_name(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def pull(done: int, total: int) -> None:
        if done == total:
            shutil.rmtree(out)

    with pytest.raises(FileTrouble) as trouble:
        write_archive(joined(tmp_path), LIBRARY, out / "fox.zip", progress=pull)
    assert "fox.zip" in str(trouble.value)
    assert ".part" not in str(trouble.value)
