"""What is written into the field of the folder is told from what can be written to, before anything is made."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.errors import ExportFull
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.options import Options
from kling_desktop.export.outputs import NO_SEAM
from kling_desktop.export.remarks import ABSENT, NO_SOUND
from kling_desktop.export.request import Request
from kling_desktop.studio.films.handing_over.desk import Checked, _checked, ending
from kling_desktop.ui.export.export_lines import lines_of
from kling_desktop.ui.export.export_words import reason
from kling_desktop.ui.export.picture_options import BOUNDED
from tests.harness.media.films import make_film

usage = namedtuple("usage", "free")

SILENT_FORMATS = ("gif", "webp", "avif", "png-sequence")


def checked(folder: Path, clips: Path) -> Checked:
    film = ExportFilm("x", (ExportPart(make_film(clips / "clip.mp4", frames=2)),))
    return _checked([Request(film, "original", folder, Path("x.mp4"))])


def test_a_folder_that_will_be_made_is_as_good_as_one_that_is_there(tmp_path: Path) -> None:
    told = checked(tmp_path / "new/newer", tmp_path)
    assert told.free_bytes
    assert told.can_write


@pytest.mark.parametrize("folder", ["", "Videos", "~nobody/Videos", "/" + "x" * 300, "FILE/below"])
def test_what_can_never_be_a_folder_is_out_of_reach(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    told = checked(Path(folder.replace("FILE", str(tmp_path / "file"))), tmp_path)
    assert told.free_bytes is None
    assert [line.text for line in lines_of(told) if not line.good] == ["The folder cannot be reached"]


def test_a_folder_that_is_closed_is_said_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the administrator may write anywhere
    told = checked(tmp_path, tmp_path)
    assert [line.text for line in lines_of(told) if not line.good] == ["Nothing can be written into this folder"]


@pytest.mark.parametrize(
    ("name", "key", "wanted"),
    [
        ("own.WebM", "original", ".webm"),
        ("own.mov", "original", ".mov"),
        ("own", "original", ".mp4"),
        ("Ep. 2", "original", ".mp4"),
        ("own.webm", "mp4-copy", ".mp4"),
        ("own.webm", "archive", ".zip"),
        ("own.webm", "png-sequence", ""),
    ],
)
def test_an_original_keeps_the_ending_of_what_it_is(name: str, key: str, wanted: str) -> None:
    assert ending(key, ExportFilm("x", (ExportPart(Path(name)),))) == wanted


def test_where_the_cuts_of_a_copy_fall_is_said_beforehand(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=48)  # a key frame each second
    for start, count in ((Fraction(1), 0), (Fraction(3, 2), 1)):
        film = ExportFilm("x", (ExportPart(clip, start),))
        told = _checked([Request(film, "mp4-copy", tmp_path, Path("x.mp4"))])
        assert len(told.notes) == count


@pytest.mark.parametrize(
    ("key", "count"), [("gif", 1), ("webp", 1), ("avif", 1), ("png-sequence", 1), ("h264-small", 0)]
)
def test_a_sound_that_the_format_cannot_hold_is_said_beforehand(tmp_path: Path, key: str, count: int) -> None:
    film = ExportFilm("x", (ExportPart(make_film(tmp_path / "clip.mp4", frames=8, sound=True)),))
    told = _checked([Request(film, key, tmp_path, Path("x"))])
    assert list(told.notes) == [NO_SOUND] * count
    assert [line.text for line in lines_of(told) if line.is_note] == [reason(NO_SOUND)] * count


def test_a_size_that_is_too_small_for_the_film_is_refused_beforehand(tmp_path: Path) -> None:
    film = ExportFilm("x", (ExportPart(make_film(tmp_path / "clip.mp4", frames=1000, height=720)),))

    def told(key: str, most: int) -> Checked:
        return _checked([Request(film, key, tmp_path, Path("x.mp4"), Options(most_bytes=most))])

    for key in BOUNDED:
        (line,) = lines_of(told(key, 100_000))
        assert "It cannot be made as small as 0.1 MB. Choose a smaller size" in line.text
        assert not line.good
        assert told(key, 20_000_000).reason == ""


def test_a_film_without_a_seam_has_no_stills_of_any(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=8)
    whole = ExportFilm("x", (ExportPart(clip, seams=(ExportSeam(Fraction(4, 24)),)),))
    bare = ExportFilm("x", (ExportPart(clip),))
    told = [_checked([Request(film, "seam-stills", tmp_path, Path("x"))]).reason for film in (whole, bare)]
    assert told == ["", NO_SEAM]


@pytest.mark.parametrize("key", ["h264-small", "original", "archive"])
def test_the_room_that_an_export_asks_for_is_asked_for_beforehand(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=8)
    request = Request(ExportFilm("x", (ExportPart(clip),)), key, tmp_path, Path("x.mp4"))
    room = 50_000_000 + _checked([request]).wanted_bytes  # more than it takes, and not enough for a disk to live with
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(room - 1))
    told = _checked([request])
    assert told.wanted_bytes < room
    assert [line.good for line in lines_of(told) if "needed" in line.text] == [False]
    with pytest.raises(ExportFull):
        export(request)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2 * room))
    assert all(line.good for line in lines_of(_checked([request])))


def test_another_take_whose_file_is_gone_stops_nothing_and_is_said(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=8)
    part = ExportPart(clip, alternates=(ExportPart(tmp_path / "gone.mp4"),))
    for key, notes in (("h264-small", ()), ("archive", (ABSENT,)), ("timelines", (ABSENT,))):
        told = _checked([Request(ExportFilm("x", (part,)), key, tmp_path, Path("x"))])
        assert (told.unfit, told.trouble, told.notes) == ("", None, notes)
        assert told.wanted_bytes
