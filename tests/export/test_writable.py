"""Words that no file can hold as they are stop no export, and are read back as they were written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.export.archives.archive import open_archive
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportSeam
from kling_desktop.export.formats import FORMATS
from kling_desktop.export.outputs import OUTPUTS
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.export.request import Request
from kling_desktop.export.writable import writable
from kling_desktop.studio.films.handing_over.desk import ending
from tests.export.films import whole

BROKEN = "Half a \ud83d duck\x00 goes \x0b on\uffff ]]> 鸭子 \u202e"
WRITTEN = "Half a ? duck goes  on ]]> 鸭子 \u202e"


def _broken(folder: Path) -> ExportFilm:
    sample = whole(folder)
    seam = ExportSeam(Fraction(1, 2), "clean", BROKEN, BROKEN, BROKEN)
    part = replace(sample.parts[0], prompt=BROKEN, negative_prompt=BROKEN, seams=(seam,), form=(("way", BROKEN),))
    return ExportFilm(BROKEN, (part,))


def test_what_can_be_written_stays_as_it_is() -> None:
    assert writable(BROKEN) == WRITTEN
    for text in ("", "A fox\r\n\tin the snow", "🦊 \x85 \u2028", WRITTEN):
        assert writable(text) == text


@pytest.mark.parametrize("key", [form.key for form in FORMATS if form.key not in ("dnxhr-hq",)] + list(OUTPUTS))
def test_every_way_out_takes_every_prompt(key: str, tmp_path: Path) -> None:
    film = _broken(tmp_path)
    name = Path(f"fox{ending(key, film)}")
    request = Request(film, key, tmp_path / "out", name, sidecar=True, library={"words": BROKEN})
    done = export(request).file
    assert done.exists()
    papers = read_papers(done)
    if key in {form.key for form in FORMATS}:
        assert papers is not None
        assert (papers.film.name, papers.film.parts[0].prompt) == (WRITTEN, WRITTEN)
    if key == "archive":
        assert open_archive(done, tmp_path / "opened").library["words"] == BROKEN.replace("\ud83d", "?")
