"""What clips do not have in common is said before a film is written, and nothing is said of a film that is alike."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.remarks import OWN_SHAPES, RATES, SILENT, SIZES, UNEVEN, remarks, remarks_on_several
from tests.films import make_film, make_uneven


def _film(*files: Path) -> ExportFilm:
    return ExportFilm("Fox", tuple(ExportPart(file) for file in files))


def test_clips_that_are_alike_need_no_words(tmp_path: Path) -> None:
    one, two = make_film(tmp_path / "one.mp4", frames=8), make_film(tmp_path / "two.mp4", frames=8)
    assert remarks(_film(one, two)) == ()
    assert remarks_on_several([plan_of(_film(one)), plan_of(_film(two))]) == ()


def test_each_difference_is_said(tmp_path: Path) -> None:
    one = make_film(tmp_path / "one.mp4", frames=8)
    faster = make_film(tmp_path / "faster.mp4", frames=8, fps=30)
    taller = make_film(tmp_path / "taller.mp4", frames=8, height=120)
    sounding = make_film(tmp_path / "sounding.mp4", frames=8, sound=True)
    uneven = make_uneven(tmp_path / "uneven.mp4", [0, 1 / 24, 2 / 24, 5 / 24, 6 / 24, 7 / 24])
    assert remarks(_film(one, faster)) == (RATES,)
    assert remarks(_film(one, taller)) == (SIZES,)
    assert remarks(_film(one, sounding)) == (SILENT,)
    assert remarks(_film(uneven)) == (UNEVEN,)
    cut = replace(_film(one, faster), parts=(ExportPart(one, end=Fraction(1, 6)), ExportPart(faster)))
    assert remarks(cut) == (RATES,)
    assert remarks_on_several([plan_of(_film(one)), plan_of(_film(faster))]) == (OWN_SHAPES,)
