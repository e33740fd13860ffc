"""An export stands whole under its name or not at all, over no other file, and says why it failed."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections import namedtuple
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.errors import (
    DiskFull,
    ExportDiffers,
    ExportUnfit,
    FileTrouble,
    KlingDesktopError,
    NotAVideo,
    SourceChanged,
    Truncated,
)
from kling_desktop.export.exporting import export, finished_already
from kling_desktop.export.film import ExportFilm, hops, stretch, tail
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.outputs import OUTPUTS
from kling_desktop.export.papers import carriers
from kling_desktop.export.request import Request
from kling_desktop.media.film.conform import new_picture
from kling_desktop.media.film.pictures import png_of, rgb_of
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.write_trouble import writing
from tests.export.films import joined, whole
from tests.harness.media.films import with_index_first


def _request(folder: Path, film: ExportFilm, key: str = "h264-small", name: str = "fox.mp4") -> Request:
    return Request(film, key, folder / "out", Path(name))


def test_a_film_is_exported_under_its_name_with_what_goes_beside_it(tmp_path: Path) -> None:
    request = replace(_request(tmp_path, joined(tmp_path), name="Fox/film.mp4"), sidecar=True, poster=True)
    first, second = export(request), export(request)
    assert first.file == tmp_path / "out/Fox/film.mp4"
    assert second.file.name == "film -1.mp4"
    assert first.frames == 35
    names = ["film -1.json", "film -1.mp4", "film -1.png", "film.json", "film.mp4", "film.png"]
    assert sorted(each.name for each in (tmp_path / "out/Fox").iterdir()) == names


def test_a_dot_in_the_name_of_a_folder_is_no_ending(tmp_path: Path) -> None:
    request = replace(_request(tmp_path, whole(tmp_path), "png-sequence", "Fox v1.2"), poster=True)
    assert [export(request).file.name for _ in range(2)] == ["Fox v1.2", "Fox v1.2 -1"]
    names = ["Fox v1.2", "Fox v1.2 -1", "Fox v1.2 -1.png", "Fox v1.2.png"]
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == names
    (tmp_path / "out/Fox v1.2.png").unlink()
    assert finished_already(request, 0) == tmp_path / "out/Fox v1.2"
    assert (tmp_path / "out/Fox v1.2.png").is_file()


def test_a_file_of_any_kind_is_never_replaced(tmp_path: Path) -> None:
    film = whole(tmp_path)
    before = film.parts[0].file.read_bytes()
    done = export(Request(film, "original", tmp_path, Path("clip.mp4")))
    assert done.file.name == "clip -1.mp4"
    assert film.parts[0].file.read_bytes() == before == done.file.read_bytes()


def test_stopped_half_way_it_leaves_no_trace(tmp_path: Path) -> None:
    seen: list[int] = []
    with pytest.raises(Abandoned):
        export(
            _request(tmp_path, whole(tmp_path)),
            progress=lambda done, _: seen.append(done),
            stopped=lambda: len(seen) >= 5,
        )
    assert seen == [1, 2, 3, 4, 5]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("damage", "error"),
    [("missing", FileTrouble), ("short", Truncated), ("no film", NotAVideo)],
)
def test_a_source_that_is_not_whole_is_refused(tmp_path: Path, damage: str, error: type[KlingDesktopError]) -> None:
    film = joined(tmp_path)
    file = film.parts[1].file
    if damage == "missing":
        file.unlink()
    elif damage == "short":
        cut = with_index_first(file, tmp_path / "cut.mp4").read_bytes()
        file.write_bytes(cut[:-300])
    else:
        file.write_bytes(b"hello" * 100)
    with pytest.raises(error):
        export(_request(tmp_path, film))
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_made_for_it_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for folder in ("there/new/newer", "there"):
        with pytest.raises(Abandoned):
            export(Request(whole(tmp_path), "h264-small", tmp_path / folder, Path("fox.mp4")), stopped=lambda: True)
    assert list((tmp_path / "there").iterdir()) == []


OF_PICTURES = [*(set(BY_KEY) - {"dnxhr-hq"}), *(set(OUTPUTS) - {"prompts-csv", "prompts-text"})]
"""All that reads the film's files and takes pictures as small as these."""


@pytest.mark.parametrize("key", sorted(OF_PICTURES))
def test_a_source_that_changes_meanwhile_is_an_error_that_names_it(key: str, tmp_path: Path) -> None:
    film = whole(tmp_path)
    file = film.parts[0].file

    def touch(done: int, _: int) -> None:
        os.utime(file, ns=(done, done))

    with pytest.raises(SourceChanged, match=file.name):
        export(_request(tmp_path, film, key), progress=touch)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["h264-small", "original", "timelines", "archive", "contact-sheet"])
def test_a_source_that_is_cut_meanwhile_is_told_as_that_whatever_goes_wrong(key: str, tmp_path: Path) -> None:
    film = whole(tmp_path)
    file = film.parts[0].file
    with pytest.raises(SourceChanged):
        export(_request(tmp_path, film, key), progress=lambda *_: os.truncate(file, 2000))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["h264-small", "original", "timelines", "archive"])
def test_what_does_not_fit_is_refused_before(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1000))
    with pytest.raises(DiskFull, match="MB are needed"):
        export(_request(tmp_path, whole(tmp_path), key))
    assert not (tmp_path / "out").exists()


def test_a_format_that_cannot_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ExportUnfit, match="several files"):
        export(_request(tmp_path, joined(tmp_path), "original"))
    with pytest.raises(ExportUnfit, match="leaves the folder"):
        export(_request(tmp_path, whole(tmp_path), name="../fox.mp4"))


def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator may write into any folder of a disk; into the kernel's own nobody may."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    closed = Path("/sys/kernel") if is_root else tmp_path / "closed"
    if not is_root:
        closed.mkdir(mode=0o500)
    monkeypatch.setattr("kling_desktop.export.exporting.check_space", lambda *_: None)  # it has no room of its own
    request = _request(tmp_path, whole(tmp_path))
    with pytest.raises(FileTrouble) as refused:
        export(replace(request, folder=closed))
    assert type(refused.value) is FileTrouble
    assert any(word in refused.value.message for word in ("denied", "not permitted", "Read-only"))
    assert list(closed.glob(".*.part")) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("hello")
    with pytest.raises(FileTrouble):
        export(_request(tmp_path, whole(tmp_path)))


def test_the_disks_words_become_ours(tmp_path: Path) -> None:
    for number, kind in ((errno.ENOSPC, DiskFull), (errno.EIO, FileTrouble)):
        with pytest.raises(kind), writing(tmp_path / "x.mp4"):
            raise OSError(number, os.strerror(number))


def test_an_export_that_comes_out_wrong_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "tags_of", lambda _: {})
    with pytest.raises(ExportDiffers):
        export(_request(tmp_path, whole(tmp_path)))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["png-sequence", "seam-stills", "contact-sheet"])
def test_pictures_that_came_out_wrong_are_removed(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "kling_desktop.media.writing.stills.png_of"
    monkeypatch.setattr(module, lambda frame: png_of(rgb_of(new_picture(frame.width, frame.height // 4 * 2))))
    with pytest.raises(ExportDiffers, match="levels"):
        export(_request(tmp_path, whole(tmp_path), key))
    assert not (tmp_path / "out").exists()


def test_stretches_hops_and_tail_are_films_too(tmp_path: Path) -> None:
    film = joined(tmp_path)
    assert [(hop.parts[0].start, hop.parts[0].end) for hop in hops(film)] == [
        (0, Fraction(16, 24)),
        (Fraction(1, 24), None),
    ]
    assert len(hops(whole(tmp_path))) == 2
    assert tail(film).parts[0].clip_id == "7002"
    lengths = (Fraction(16, 24), Fraction(19, 24))
    middle = stretch(film, lengths, Fraction(10, 24), Fraction(20, 24))
    assert [(part.start, part.end) for part in middle.parts] == [
        (Fraction(10, 24), Fraction(16, 24)),
        (Fraction(1, 24), Fraction(5, 24)),
    ]
    assert export(_request(tmp_path, middle)).frames == 10
    with pytest.raises(ValueError, match="nothing"):
        stretch(film, lengths, Fraction(3), Fraction(4))


@pytest.mark.parametrize("key", OUTPUTS)
def test_every_other_output_is_written_numbered_and_given_up(key: str, tmp_path: Path) -> None:
    name = Path("fox.zip" if key == "archive" else "fox")
    request = Request(joined(tmp_path), key, tmp_path / "out", name, library={"a": 1})
    told: list[tuple[int, int]] = []
    first = export(request, progress=lambda *step: told.append(step))
    assert first.file == tmp_path / "out" / name
    assert told[-1][0] == told[-1][1] > 0
    assert export(request).file.stem == "fox -1"
    if not key.startswith("prompts"):
        with pytest.raises(Abandoned):
            export(request, stopped=lambda: True)
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_stills_stand_on_either_side_of_each_seam(tmp_path: Path) -> None:
    done = export(Request(joined(tmp_path), "seam-stills", tmp_path, Path("stills")))
    names = ["frame_0016.png", "frame_0017.png", "kling_desktop.json"]
    assert sorted(file.name for file in done.file.iterdir()) == names


@pytest.mark.parametrize(
    "key", [*sorted(BY_KEY.keys() - {"dnxhr-hq"}), *OUTPUTS]
)  # which takes no film as small as these
def test_each_kind_is_known_again_when_it_was_finished(key: str, tmp_path: Path) -> None:
    film, other = joined(tmp_path), whole(tmp_path)
    if key in ("original", "mp4-copy"):  # of one file only
        film, other = other, ExportFilm("Fox", (film.parts[1],))
    name = Path("fox.zip" if key == "archive" else f"fox{BY_KEY[key].suffix}" if key in BY_KEY else "fox")
    request = Request(film, key, tmp_path / "out", name, library={"a": 1})
    assert finished_already(request, 0) is None
    done = export(request)
    assert finished_already(request, 0) == done.file
    assert finished_already(replace(request, film=other), 0) is None


def test_an_export_that_was_finished_before_the_end_is_known_again(tmp_path: Path) -> None:
    request = _request(tmp_path, joined(tmp_path))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/fox.mp4").write_text("another file")
    since = time.time() - 5
    assert finished_already(request, since) is None
    done = export(request)
    assert done.file.name == "fox -1.mp4"
    assert finished_already(request, since) == done.file
    assert finished_already(request, since + 3600) is None
    assert finished_already(replace(request, film=whole(tmp_path)), since) is None
