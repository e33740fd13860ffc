"""What is kept of a film that is being taken in can be read again, or is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.studio.films.taking_in.half_taken import HalfTaken


def test_it_is_the_same_film_until_it_is_dropped(tmp_path: Path) -> None:
    half = HalfTaken(tmp_path / "half_taken.json")
    assert half.read() is None
    here, lost = ExportPart(tmp_path / "ä\udcff.mp4", clip_id="c1"), ExportPart(Path("lost.mp4"), clip_id="c2")
    film = ExportFilm("Fox", (here, lost))
    half.keep({"version": 1, "takes": []}, film)
    assert half.read() == ({"version": 1, "takes": []}, film)
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
        HalfTaken(tmp_path / "file" / "half_taken.json").keep({}, ExportFilm("Fox", ()))
