"""Papers come back from every kind of export, from the file alone, and hold no secret."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats import FORMATS
from kling_desktop.export.formats.format import Format, Order
from kling_desktop.export.formats.stream_copy import StreamCopy
from kling_desktop.export.options import Options
from kling_desktop.export.papers import xmp
from kling_desktop.export.papers.carriers import AIGC, lost, read_papers
from kling_desktop.export.papers.record import file_names, from_json, papers_of, relinked, to_json
from kling_desktop.export.request import Request
from kling_desktop.media.writing.read_back import tags_of
from tests.export.films import joined, whole

MARK = '{"Label":"1","ContentProducer":"Kling","ProduceID":"7001"}'


def _marked(folder: Path) -> ExportFilm:
    """A film whose clip carries a mark, a comment and a custom key, as China's law asks for."""
    film = whole(folder)
    tags = {AIGC: MARK, "comment": "hello", "custom": "kept"}
    StreamCopy().write(Order(film, folder / "marked.mp4", tags=tags))
    return replace(film, parts=(replace(film.parts[0], file=folder / "marked.mp4"),))


@pytest.mark.parametrize("form", [form for form in FORMATS if not form.keeps_bytes], ids=lambda form: form.key)
def test_the_film_comes_back_from_the_file_alone(form: Format, tmp_path: Path) -> None:
    film = _marked(tmp_path)
    if form.unfit(film, Options()):
        return
    done = export(Request(film, form.key, tmp_path / "out", Path(f"fox{form.suffix}")))
    if form.suffix in (".gif", ".webp", ".avif"):
        with Image.open(done.file) as image:  # it still plays with the packet in it
            assert len(list(ImageSequence.Iterator(image))) == done.frames
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(done.file, elsewhere / done.file.name)
    shutil.rmtree(tmp_path / "out")
    papers = read_papers(elsewhere / done.file.name)
    assert papers is not None
    assert papers.format == form.key
    found, missing = relinked(papers, list(tmp_path.glob("*.mp4")))
    assert (found, missing) == (film, ())
    assert relinked(papers, [])[1] == ("marked.mp4",)


@pytest.mark.parametrize(
    "form", [form for form in FORMATS if form.suffix in (".mp4", ".mov")], ids=lambda form: form.key
)
def test_the_sources_marks_are_kept(form: Format, tmp_path: Path) -> None:
    film = _marked(tmp_path)
    if form.unfit(film, Options()):
        return
    done = export(Request(film, form.key, tmp_path / "out", Path(f"fox{form.suffix}")))
    tags = tags_of(done.file)
    assert {AIGC: MARK, "comment": "hello", "custom": "kept"}.items() <= tags.items()
    if not form.keeps_bytes:
        packet = xmp.read_packet(xmp.extract(done.file))
        assert packet[AIGC] == MARK
        assert packet["DigitalSourceType"].endswith("/trainedAlgorithmicMedia")


def test_pictures_say_how_they_came_to_be(tmp_path: Path) -> None:
    film = _marked(tmp_path)
    sequence = export(Request(film, "png-sequence", tmp_path / "out", Path("frames"))).file
    stills = export(Request(film, "seam-stills", tmp_path / "out", Path("stills"))).file
    sheet = export(Request(film, "contact-sheet", tmp_path / "out", Path("sheet.png"))).file
    video = export(Request(film, "h264-small", tmp_path / "out", Path("fox.mp4"), poster=True)).file
    for file in (*sequence.glob("*.png"), *stills.glob("*.png"), sheet, video.with_suffix(".png")):
        packet = xmp.read_packet(xmp.extract(file))
        assert packet[AIGC] == MARK
        assert packet["DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
        with Image.open(file) as image:
            image.load()  # it is a whole picture still
            assert "xmp" in image.info
    for file in (sequence, stills, sheet, video.with_suffix(".png")):
        papers = read_papers(file)
        assert papers is not None
        assert papers.film.name == "Fox"


def test_all_marks_of_the_sources_stand_in_the_notes(tmp_path: Path) -> None:
    film = _marked(tmp_path)
    other = tmp_path / "other.mp4"
    StreamCopy().write(Order(film, other, tags={AIGC: MARK.replace("7001", "7002")}))
    both = replace(film, parts=(*film.parts, replace(film.parts[0], file=other)))
    done = export(Request(both, "h264-small", tmp_path / "out", Path("fox.mp4"), sidecar=True))
    notes = json.loads(done.file.with_suffix(".json").read_text("utf-8"))
    assert notes["aigc"] == [MARK, MARK.replace("7001", "7002")]
    assert notes["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert tags_of(done.file)[AIGC] == MARK


def test_own_footage_makes_it_a_composite(tmp_path: Path) -> None:
    film = whole(tmp_path)
    mixed = replace(film, parts=(*film.parts, replace(film.parts[0], clip_id="file:12ab")))
    assert xmp.digital_source_type(mixed).endswith("/compositeWithTrainedAlgorithmicMedia")


def test_a_lost_signature_is_said(tmp_path: Path) -> None:
    film = whole(tmp_path)
    assert lost(film) == ()
    with film.parts[0].file.open("ab") as data:
        data.write((28).to_bytes(4, "big") + b"uuid" + xmp.C2PA_UUID + b"abcd")
    assert "C2PA" in lost(film)[0]


def test_colours_cuts_and_other_takes_come_back(tmp_path: Path) -> None:
    film = joined(tmp_path)
    papers = papers_of(film)
    again = from_json(to_json(papers))
    assert again == papers
    assert relinked(papers, list(tmp_path.glob("*.mp4"))) == (film, ())


def test_no_address_is_written(tmp_path: Path) -> None:
    film = whole(tmp_path)
    part = replace(film.parts[0], form=(("guidance", "0.5"), ("callback_url", "https://me.example/?sig=abc")))
    text = to_json(papers_of(replace(film, parts=(part,))))
    assert "sig=abc" not in text
    assert '"guidance":"0.5"' in text
    assert str(tmp_path) not in text


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_foreign_papers_do_no_harm(thing: object) -> None:
    assert from_json(json.dumps(thing)) is None
    record = {"version": 1, "film": "x", "parts": [thing], "sources": []}
    from_json(json.dumps(record))


def test_media_get_names_that_every_system_takes() -> None:
    files = [Path("/a/what? a:b|c.mov"), Path("/b/what* a;b.mov"), Path("/c/what a b c.MOV"), Path("/d/con.mp4")]
    film = ExportFilm("x", tuple(ExportPart(file) for file in files))
    names = ["what a b c.mov", "what a;b.mov", "what a b c-2.MOV", "con_.mp4"]
    assert list(file_names(film).values()) == names


def test_papers_point_nowhere() -> None:
    record = {"version": 1, "film": "x", "parts": [{"file": "../../etc/passwd"}], "sources": []}
    papers = from_json(json.dumps(record))
    assert papers is not None
    assert papers.film.parts[0].file == Path("passwd")
    assert papers.film.parts[0].start == Fraction(0)


def test_a_file_without_papers_has_none(tmp_path: Path) -> None:
    assert read_papers(whole(tmp_path).parts[0].file) is None
    (tmp_path / "x.gif").write_bytes(b"GIF89a")
    (tmp_path / "x.txt").write_text("hello")
    for name in ("x.gif", "x.txt", "gone.mp4"):
        assert read_papers(tmp_path / name) is None
