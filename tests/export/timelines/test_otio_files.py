"""Premiere's XML of films whose rates have no timecode: footage of 8, 15 or 12.5 frames a second is common."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio
import pytest

from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.timelines.folder import write_folder
from tests.harness.media.films import make_film

ODD = Fraction(25, 2)
"""Frames a second that the XML has no way to say."""


def _written(folder: Path, *rates: int | Fraction) -> Path:
    """Of a film of one clip of ten frames at each rate."""
    clips = [make_film(folder / f"{number}.mp4", fps=rate, frames=10) for number, rate in enumerate(rates)]
    return write_folder(ExportFilm("Fox", tuple(map(ExportPart, clips))), folder / "out")


@pytest.mark.parametrize("rate", [8, 15, 60, 120, Fraction(24000, 1001)])
def test_a_rate_is_told_that_no_timecode_counts(rate: int | Fraction, tmp_path: Path) -> None:
    written = _written(tmp_path, rate)
    film = opentimelineio.adapters.read_from_file(str(written / "premiere.xml"), "fcp_xml")
    (clip,) = film.find_clips()
    for told in (clip.source_range, clip.media_reference.available_range):
        assert (told.start_time.value, told.duration.value) == (0, 10)
        assert told.duration.rate == pytest.approx(float(rate), abs=0.001)
    assert film.global_start_time.value == 3600 * round(rate)
    assert "<string>01:00:00:00</string>" in (written / "premiere.xml").read_text(encoding="utf-8")


def test_media_of_an_unsayable_rate_are_counted_at_the_films(tmp_path: Path) -> None:
    written = _written(tmp_path, 15, ODD, 30)
    film = opentimelineio.adapters.read_from_file(str(written / "premiere.xml"), "fcp_xml")
    media = [clip.media_reference.available_range.duration for clip in film.find_clips()]
    assert [(each.value, each.rate) for each in media] == [(10, 15), (12, 15), (10, 30)]
    assert [clip.source_range.duration.value for clip in film.find_clips()] == [10, 12, 5]


def test_a_film_of_an_unsayable_rate_has_the_other_timelines(tmp_path: Path) -> None:
    written = _written(tmp_path, ODD, 24)
    assert not (written / "premiere.xml").exists()
    assert {"film.otio", "film.fcpxml", "markers.edl"} <= {file.name for file in written.iterdir()}
    assert "no way to say 12.5 frames a second" in (written / "README.txt").read_text(encoding="utf-8")


def test_the_words_of_a_seam_reach_premiere(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=24)
    seams = (
        ExportSeam(Fraction(8, 24), "visible", 'colour <4> & "x" 🦊', "then\nrain", "Seam 1: visible"),
        ExportSeam(Fraction(16, 24)),
    )
    written = write_folder(ExportFilm("Fox", (ExportPart(clip, seams=seams),)), tmp_path / "out")
    told = [
        [(each.tag, each.text) for each in mark]
        for mark in ElementTree.parse(written / "premiere.xml").iterfind(".//sequence/marker")  # noqa: S314 - our own file
    ]
    first = [("name", "Seam 1: visible"), ("comment", 'colour <4> & "x" 🦊. then rain'), ("in", "8"), ("out", "9")]
    assert told == [first, [("name", "Seam 2"), ("comment", None), ("in", "16"), ("out", "17")]]
