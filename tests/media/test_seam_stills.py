"""The pictures on either side of a join: the right two frames, and what differs."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.errors import FileTrouble, NotAVideo
from kling_desktop.media import seam_stills
from kling_desktop.media.frames import Abandoned
from tests.harness.media.films import Picture, film, number_of


def test_the_two_frames_are_those_on_either_side(tmp_path: Path) -> None:
    made = seam_stills.stills(film(tmp_path / "film.mp4", range(60)), 37, tmp_path / "joins", "clip-37")
    assert (number_of(_read(made.before)), number_of(_read(made.after))) == (36, 37)
    difference = _read(made.difference)
    bar = difference.shape[1] // 10
    assert difference[60, -bar // 2].mean() > 200, "36 and 37 differ in their last bit"
    assert difference[60, bar // 2].mean() < 40, "and in no other"


def test_what_was_made_once_is_not_decoded_again(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", range(30))
    made = seam_stills.stills(source, 12, tmp_path / "joins", "clip-12")
    source.unlink()
    assert seam_stills.stills(source, 12, tmp_path / "joins", "clip-12") == made


@pytest.mark.parametrize("frame", [0, 24, 900])
def test_a_frame_without_a_neighbour_is_no_join(tmp_path: Path, frame: int) -> None:
    with pytest.raises(NotAVideo):
        seam_stills.stills(film(tmp_path / "film.mp4", range(24)), frame, tmp_path, "clip")


def test_an_odd_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble):
        seam_stills.stills(tmp_path / "gone.mp4", 5, tmp_path, "clip")
    (tmp_path / "page.mp4").write_text("<html>no film</html>")
    with pytest.raises(NotAVideo):
        seam_stills.stills(tmp_path / "page.mp4", 5, tmp_path, "clip")


def test_it_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    with pytest.raises(Abandoned):
        seam_stills.stills(film(tmp_path / "film.mp4", range(24)), 12, tmp_path, "clip", stopped=lambda: True)
    assert list(tmp_path.glob("*.jpg")) == []


def _read(file: Path) -> Picture:
    with av.open(str(file)) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
