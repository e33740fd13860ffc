"""Whatever a creator wrote, and at rates that no second holds whole, each timeline file is read as it was meant."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio
import pytest

from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.papers.record import file_names
from kling_desktop.export.timelines.fcpxml import fcpxml
from kling_desktop.export.timelines.folder import readme, write_folder
from kling_desktop.export.timelines.timeline import timeline_of
from kling_desktop.media.frame_times import frame_times
from tests.export.sources import make_hdr
from tests.harness.media.films import make_film

NAME = "A & <B> \"狐\" '🦊'"
UNWRITABLE = "\x07\x0b\ufffe"


@pytest.mark.parametrize("words", [NAME, NAME + UNWRITABLE], ids=["odd signs", "signs without a way into XML"])
def test_names_and_words_arrive(words: str, tmp_path: Path) -> None:
    one = make_film(tmp_path / "狐 & b 'q' 🦊.mp4", frames=12)
    two = make_film(tmp_path / "two.mp4", frames=12)
    seam = ExportSeam(Fraction(1, 24), "bad", words, words, words)
    parts = (ExportPart(one, prompt=words), ExportPart(two, Fraction(1, 24), prompt=words, seams=(seam,)))
    out = write_folder(ExportFilm(words, parts), tmp_path / "out")
    otio = opentimelineio.adapters.read_from_file(str(out / "film.otio"))
    assert otio.name == NAME
    assert [clip.metadata["kling_desktop"]["prompt"] for clip in otio.find_clips()] == [NAME, NAME]
    final_cut = ElementTree.parse(out / "film.fcpxml").getroot()  # noqa: S314 - our own file
    event = final_cut.find("library/event")
    assert event is not None
    assert event.attrib["name"] == NAME
    assert [note.text for note in final_cut.iter("note")] == [NAME, NAME]
    premiere = ElementTree.parse(out / "premiere.xml").getroot()  # noqa: S314 - our own file
    assert premiere.findtext(".//sequence/name") == NAME
    assert (out / "markers.edl").read_text("utf-8").startswith(f"TITLE: {NAME}\n")


@pytest.mark.parametrize("nominal", [24, 30, 60])
def test_rates_of_television_count_every_frame(nominal: int, tmp_path: Path) -> None:
    rate = Fraction(nominal * 1000, 1001)
    clip = make_film(tmp_path / "clip.mp4", fps=rate, frames=31)
    out = write_folder(ExportFilm("Fox", (ExportPart(clip),)), tmp_path / "out")
    sequence = ElementTree.parse(out / "film.fcpxml").getroot().find("library/event/project/sequence")  # noqa: S314 - our own
    assert sequence is not None
    assert sequence.attrib["tcFormat"] == "NDF"
    assert Fraction(sequence.attrib["tcStart"].rstrip("s")) * rate == 3600 * nominal
    assert Fraction(sequence.attrib["duration"].rstrip("s")) * rate == 31
    premiere = ElementTree.parse(out / "premiere.xml").getroot()  # noqa: S314 - our own file
    found = [premiere.findtext(f".//sequence/rate/{name}") for name in ("timebase", "ntsc")]
    assert found == [str(nominal), "TRUE"]
    assert "FCM: NON-DROP FRAME" in (out / "markers.edl").read_text("utf-8")


@pytest.mark.parametrize(("transfer", "colours"), [(16, "9-16-9 (Rec. 2020 PQ)"), (18, "9-18-9 (Rec. 2020 HLG)")])
def test_hdr_among_others_keeps_its_colours_and_that_is_said(transfer: int, colours: str, tmp_path: Path) -> None:
    plain, bright = make_film(tmp_path / "plain.mp4", frames=12), make_hdr(tmp_path / "hdr.mp4", transfer)
    film = ExportFilm("Fox", (ExportPart(plain), ExportPart(bright)))
    timeline = timeline_of(film, file_names(film))
    assert timeline.frames == 24
    written = ElementTree.fromstring(fcpxml(timeline))  # noqa: S314 - our own file
    spaces = [each.get("colorSpace") for each in written.iter("format")]
    assert spaces == ["1-1-1 (Rec. 709)", colours]
    assert "HDR" in readme(film, timeline)


def test_a_seam_behind_the_cut_of_its_part_is_none_of_the_film(tmp_path: Path) -> None:
    """As after a clip that was extended twice, gone on with from before its second seam."""
    one, two = make_film(tmp_path / "one.mp4", frames=36), make_film(tmp_path / "two.mp4", frames=12)
    seams = (ExportSeam(Fraction(8, 24), "clean"), ExportSeam(Fraction(24, 24), "bad"))
    parts = (
        ExportPart(one, end=Fraction(20, 24), seams=seams),
        ExportPart(two, seams=(ExportSeam(Fraction(0), "clean"),)),
    )
    film = ExportFilm("Fox", parts)
    assert [marker.at for marker in timeline_of(film, file_names(film)).markers] == [8, 20]


def test_where_rates_differ_the_frame_before_a_seam_is_not_shown_twice(tmp_path: Path) -> None:
    """Frame 10 of 24 a second is due at 12.49 of 29.97: at the 12th its file still shows frame 9."""
    rate = Fraction(30_000, 1001)
    one = make_film(tmp_path / "one.mp4", fps=rate, frames=48)
    two = make_film(tmp_path / "two.mp4", fps=24, frames=90)
    begins = Fraction(10, 24)
    for end, source in ((Fraction(80, 24), 13), (None, 12)):  # to its very end there is no room for a later one
        film = ExportFilm("Fox", (ExportPart(one), ExportPart(two, begins, end)))
        clip = timeline_of(film, file_names(film)).clips[1]
        assert clip.source == source
        assert (clip.source + clip.frames) / rate <= frame_times(two).end


@pytest.mark.parametrize(("films", "files", "frames"), [(24, 25, 36), (24, 60, 32), (Fraction(24_000, 1001), 24, 48)])
def test_no_clip_goes_on_behind_its_media(films: int | Fraction, files: int, frames: int, tmp_path: Path) -> None:
    """Which Final Cut refuses as an "Invalid edit with no respective media" (DozaVisuals/doza-assist#34)."""
    one = make_film(tmp_path / "one.mp4", fps=films, frames=12)
    two = make_film(tmp_path / "two.mp4", fps=files, frames=frames)
    halves = (ExportPart(two, end=Fraction(1, 4)), ExportPart(two, Fraction(1, 4)), ExportPart(two))
    written = write_folder(ExportFilm("Fox", (ExportPart(one), *halves)), tmp_path / "Fox")
    root = ElementTree.parse(written / "film.fcpxml").getroot()  # noqa: S314 - our own file
    ends = {asset.attrib["id"]: _seconds(asset, "duration") for asset in root.iter("asset")}
    for clip in root.iter("asset-clip"):
        assert _seconds(clip, "start") + _seconds(clip, "duration") <= ends[clip.attrib["ref"]]
    film = opentimelineio.adapters.read_from_file(str(written / "film.otio"))
    for clip in film.find_clips():
        assert clip.source_range.end_time_exclusive() <= clip.media_reference.available_range.end_time_exclusive()


def _seconds(element: ElementTree.Element, name: str) -> Fraction:
    return Fraction(element.attrib[name].removesuffix("s"))
