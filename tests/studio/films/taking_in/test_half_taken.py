"""What is kept of a film that is being taken in can be read again, or is nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.papers.record import Papers, Source
from kling_desktop.studio.films.taking_in.half_taken import Half, HalfTaken


def test_it_is_the_same_film_until_it_is_dropped(tmp_path: Path) -> None:
    half = HalfTaken(tmp_path / "half_taken.json")
    assert half.read() is None
    here, lost = ExportPart(tmp_path / "ä\udcff.mp4", clip_id="c1"), ExportPart(Path("lost.mp4"), clip_id="c2")
    film = ExportFilm("Fox", (here, lost))
    papers = Papers(film, (Source("lost.mp4", "0" * 64, 7),))
    for taken in (Half({"version": 1, "takes": []}, film), Half({}, film, papers)):
        half.keep(taken)
        read = half.read()
        assert read is not None
        assert (read.library, read.film) == (taken.library, film)
        assert (read.papers and read.papers.sources) == (taken.papers and papers.sources)
    half.drop()
    half.drop()
    assert half.read() is None


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"library": {}}', '{"library": {}, "film": {"film": "a"}}', "[" * 9000]
)
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "half_taken.json").write_text(text)
    assert HalfTaken(tmp_path / "half_taken.json").read() is None


def test_where_it_cannot_be_kept_the_film_is_not_taken_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileTrouble):
        HalfTaken(tmp_path / "file" / "half_taken.json").keep(Half({}, ExportFilm("Fox", ())))


def test_what_an_earlier_version_kept_is_read(tmp_path: Path) -> None:
    half = HalfTaken(tmp_path / "half_taken.json")
    half.keep(Half({}, ExportFilm("Fox", (ExportPart(tmp_path / "fox.mp4", clip_id="c1"),))))
    record = json.loads((tmp_path / "half_taken.json").read_text())
    del record["papers"]
    (tmp_path / "half_taken.json").write_text(json.dumps(record))
    read = half.read()
    assert read is not None
    assert read.papers is None
