"""What goes out of an HDR clip: its very bytes and papers, but no picture, whose colours would be wrong."""

from __future__ import annotations

import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.errors import HdrVideo
from kling_desktop.export.exporting import export, finished_already
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.remarks import NO_POSTER
from kling_desktop.export.request import Request
from kling_desktop.studio.films.handing_over.desk import _checked
from tests.export.sources import make_hdr
from tests.harness.media.films import make_film


def _cut(folder: Path) -> ExportFilm:
    """Six of the twelve pictures of an HDR clip."""
    part = ExportPart(make_hdr(folder / "hdr.mp4"), Fraction(2, 24), Fraction(8, 24))
    return ExportFilm("Sun", (part,))


def _with_sdr(folder: Path, *, first: bool) -> ExportFilm:
    """An HDR clip before or behind a plain one, with a seam between them."""
    sdr = ExportPart(make_film(folder / "sdr.mp4", frames=8), seams=(ExportSeam(Fraction(0)),))
    hdr = ExportPart(make_hdr(folder / "hdr.mp4"), seams=(ExportSeam(Fraction(0)),))
    return ExportFilm("Sun", (hdr, sdr) if first else (sdr, hdr))


@pytest.mark.parametrize("key", ["contact-sheet", "seam-stills"])
@pytest.mark.parametrize("first", [True, False])
def test_pictures_of_it_are_refused_before_and_leave_nothing(key: str, first: bool, tmp_path: Path) -> None:
    request = Request(_with_sdr(tmp_path, first=first), key, tmp_path / "out", Path("sun.png"))
    trouble = _checked([request]).trouble
    assert trouble is not None
    assert trouble.error == "HdrVideo"
    with pytest.raises(HdrVideo):
        export(request)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["contact-sheet", "seam-stills"])
def test_another_take_that_is_hdr_stops_no_picture_of_the_film(key: str, tmp_path: Path) -> None:
    other = (ExportPart(make_hdr(tmp_path / "hdr.mp4")),)
    part = ExportPart(make_film(tmp_path / "sdr.mp4", frames=8), alternates=other, seams=(ExportSeam(Fraction(4, 24)),))
    request = Request(ExportFilm("Sun", (part,)), key, tmp_path / "out", Path("sun.png"))
    told = _checked([request])
    assert (told.trouble, told.reason) == (None, "")
    assert export(request).frames == 8


@pytest.mark.parametrize("key", ["archive", "timelines"])
def test_of_a_cut_clip_the_frames_that_are_shown_are_counted(key: str, tmp_path: Path) -> None:
    request = Request(_cut(tmp_path), key, tmp_path / "out", Path("sun.zip" if key == "archive" else "sun"))
    told = _checked([request])
    assert (told.trouble, told.reason) == (None, "")
    done = export(request)
    assert (done.frames, done.seconds) == (6, Fraction(6, 24))
    source = request.film.parts[0].file.read_bytes()
    if key == "archive":  # the whole clip is in it, so that it can be cut otherwise
        with zipfile.ZipFile(done.file) as packed:
            assert packed.read("originals/hdr.mp4") == source
    else:
        assert (done.file / "media/hdr.mp4").read_bytes() == source


@pytest.mark.parametrize("key", ["original", "mp4-copy"])
def test_a_poster_that_cannot_be_made_stops_no_file(key: str, tmp_path: Path) -> None:
    film = ExportFilm("Sun", (ExportPart(make_hdr(tmp_path / "hdr.mp4")),))
    request = Request(film, key, tmp_path / "out", Path("sun.mp4"), sidecar=True, poster=True)
    assert NO_POSTER in _checked([request]).notes
    done = export(request)
    assert done.frames == 12
    assert NO_POSTER in done.notes
    names = ["sun.json", "sun.mp4"]
    assert sorted(file.name for file in done.file.parent.iterdir()) == names
    assert finished_already(request, 0) == done.file
    assert sorted(file.name for file in done.file.parent.iterdir()) == names
