"""What export says with values in it is said in the creator's language too."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.coded import too_large
from kling_desktop.export.formats.dnxhr import DNXHR
from kling_desktop.export.formats.loops import GIF
from kling_desktop.export.formats.stream_copy import notes
from kling_desktop.export.options import Options
from kling_desktop.media.writing.stream_copy import CopyRange
from kling_desktop.ui import i18n
from kling_desktop.ui.export.export_words import reason
from tests.harness.media.films import make_film


@pytest.fixture
def chinese() -> Iterator[None]:
    i18n.use("zh_CN")
    yield
    i18n.use("en")


@pytest.mark.usefixtures("chinese")
def test_values_stand_in_the_translation(tmp_path: Path) -> None:
    film = ExportFilm("x", (ExportPart(make_film(tmp_path / "small.mp4", frames=2), Fraction(1, 24)),))
    cut = notes(film, CopyRange(0, 2, Fraction(1, 2), Fraction(3), Fraction(2), exact=False, lead=0))[0]
    said = [cut, DNXHR.unfit(film, Options()), GIF.unfit(film, Options(rate=Fraction(60))), too_large(8_000_000)]
    told = [reason(each) for each in said]
    assert [english for english, translated in zip(said, told, strict=True) if english == translated] == []
    assert all(value in told[0] for value in ("0.500", "3.000", "0.042"))
    assert "the end" not in told[0]
