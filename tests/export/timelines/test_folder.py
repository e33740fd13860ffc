"""Each timeline file is read by a reader that did not write it, and tells the same film."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import opentimelineio
import pytest

from kling_desktop.errors import FileTrouble, SourceChanged
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.export.papers.record import file_names
from kling_desktop.export.timelines import folder as folders
from kling_desktop.export.timelines.fcpxml import fcpxml
from kling_desktop.export.timelines.folder import write_folder
from kling_desktop.export.timelines.marker_edl import marker_edl
from kling_desktop.export.timelines.tables import prompts_csv
from kling_desktop.export.timelines.timeline import timeline_of
from kling_desktop.media.frames import Abandoned
from tests.export.films import joined, whole
from tests.harness.media.films import make_film

GOLDEN = Path(__file__).with_name("golden.fcpxml")

STRUCTURE = {
    "fcpxml": (("resources", "library"), "version"),
    "resources": (("format", "asset"), ""),
    "format": ((), "id* name frameDuration fieldOrder width height paspH paspV colorSpace projection stereoscopic"),
    "asset": (
        ("media-rep", "metadata"),
        "id* name uid start duration hasVideo format hasAudio videoSources audioSources audioChannels audioRate",
    ),
    "media-rep": ((), "kind sig src* suggestedFilename"),
    "library": (("event",), "location colorProcessing"),
    "event": (("project",), "name uid"),
    "project": (("sequence",), "name uid id modDate"),
    "sequence": (("note", "spine", "metadata"), "format* duration tcStart tcFormat audioLayout audioRate renderFormat"),
    "spine": (("asset-clip",), "lane offset name format"),
    "asset-clip": (
        ("note", "conform-rate", "asset-clip", "marker", "metadata"),
        "ref* lane offset name start duration enabled srcEnable audioStart audioDuration format tcStart tcFormat",
    ),
    "note": ((), ""),
    "conform-rate": ((), "scaleEnabled srcFrameRate frameSampling"),
    "marker": ((), "start* duration value* completed note"),
}
"""Of what we write, by the DTD of FCPXML 1.10: children in their order, attributes, with * those that must be there."""

CLIPS = [("one.mp4", 0, 16), ("two.mp4", 1, 19)]
"""Media, first frame in it, frames, of `films.joined`."""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return write_folder(joined(tmp_path), tmp_path / "Fox runs")


def test_the_folder_is_whole(written: Path, tmp_path: Path) -> None:
    assert {path.name for path in written.iterdir()} == {
        "media", "film.otio", "premiere.xml", "film.fcpxml", "markers.edl", "seams.csv", "prompts.csv", "README.txt",
        "kling_desktop.json",
    }  # fmt: skip
    for name in ("one.mp4", "two.mp4", "other.mp4"):
        assert (written / "media" / name).read_bytes() == (tmp_path / name).read_bytes()
    papers = read_papers(written)
    assert papers is not None
    assert papers.film.name == "Fox runs"
    assert write_folder(joined(tmp_path), tmp_path / "Fox runs").name == "Fox runs -1"
    assert not list(tmp_path.glob(".*"))


def test_otio_tells_the_film(written: Path) -> None:
    record = json.loads((written / "film.otio").read_text(encoding="utf-8"))
    tracks = record["tracks"]["children"]
    assert [(track["name"], track["kind"], track["enabled"]) for track in tracks] == [
        ("Film", "Video", True),
        ("Other takes 1", "Video", False),
        ("Sound", "Audio", True),
    ]
    found = [
        (
            clip["media_references"]["DEFAULT_MEDIA"]["target_url"].removeprefix("media/"),
            clip["source_range"]["start_time"]["value"],
            clip["source_range"]["duration"]["value"],
        )
        for clip in tracks[0]["children"]
    ]
    assert found == CLIPS
    assert {clip["source_range"]["duration"]["rate"] for clip in tracks[0]["children"]} == {24}
    gap, other = tracks[1]["children"]
    assert (gap["OTIO_SCHEMA"], gap["source_range"]["duration"]["value"]) == ("Gap.1", 16)
    assert not other["enabled"]
    (marker,) = record["tracks"]["markers"]
    assert (marker["marked_range"]["start_time"]["value"], marker["name"], marker["color"]) == (
        16,
        "Seam 1: 颜色",
        "YELLOW",
    )


def test_premieres_xml_tells_the_film(written: Path) -> None:
    """Read by the adapter's own reader, and what that does not read, as plain XML."""
    film = opentimelineio.adapters.read_from_file(str(written / "premiere.xml"), "fcp_xml")
    track = film.video_tracks()[0]
    assert [
        (clip.media_reference.name, clip.source_range.start_time.value, clip.source_range.duration.value)
        for clip in track
    ] == CLIPS
    assert [marker.marked_range.start_time.value for marker in film.tracks.markers] == [16]
    root = ElementTree.parse(written / "premiere.xml").getroot()  # noqa: S314 - our own file
    assert root.findtext(".//format/samplecharacteristics/width") == "160"
    assert root.findtext(".//sequence/rate/timebase") == "24"
    enabled = [
        [clip.findtext("enabled", "TRUE") for clip in track.iter("clipitem")]
        for track in root.iterfind(".//video/track")
    ]
    assert enabled == [["TRUE", "TRUE"], ["FALSE"]]
    assert root.findtext(".//audio/track/clipitem/name") == "Fox runs 1 sound"
    for url in root.iter("pathurl"):
        assert (written / unquote(url.text or "")).is_file()


def test_the_folder_can_be_moved(tmp_path: Path) -> None:
    film = joined(tmp_path)
    first = film.parts[0]
    odd = first.file.rename(tmp_path / "狐 & 100% fox.mp4")
    written = write_folder(replace(film, parts=(replace(first, file=odd), film.parts[1])), tmp_path / "Fox")
    moved = written.rename(tmp_path / "elsewhere")
    root = ElementTree.parse(moved / "premiere.xml").getroot()  # noqa: S314 - our own file
    final_cut = ElementTree.parse(moved / "film.fcpxml").getroot()  # noqa: S314 - our own file
    otio = opentimelineio.adapters.read_from_file(str(moved / "film.otio"))
    named = [
        *(url.text or "" for url in root.iter("pathurl")),
        *(media.attrib["src"] for media in final_cut.iter("media-rep")),
        *(clip.media_reference.target_url for clip in otio.find_clips()),
    ]
    assert len(named) == 10
    assert all((moved / unquote(name)).is_file() for name in named)
    for file in moved.iterdir():
        assert file.is_dir() or str(tmp_path) not in file.read_text("utf-8-sig")


def test_final_cuts_xml_is_the_golden_file_and_well_formed(written: Path) -> None:
    text = (written / "film.fcpxml").read_text(encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own file
    assets = {asset.attrib["id"]: asset for asset in root.iterfind("resources/asset")}
    spine = root.find("library/event/project/sequence/spine")
    assert spine is not None
    rate = 24
    place = Fraction(3600)
    for clip, (media, start, frames) in zip(spine, CLIPS, strict=True):
        media_file = assets[clip.attrib["ref"]].find("media-rep")
        assert media_file is not None
        assert media_file.attrib["src"] == f"./media/{media}"
        assert _seconds(clip.attrib["offset"]) == place
        assert _seconds(clip.attrib["start"]) * rate == start
        assert _seconds(clip.attrib["duration"]) * rate == frames
        assert _seconds(assets[clip.attrib["ref"]].attrib["duration"]) * rate >= start + frames
        order = [child.tag for child in clip]
        assert order == sorted(order, key=["note", "asset-clip", "marker"].index)  # as the format's DTD has it
        place += _seconds(clip.attrib["duration"])


def test_final_cuts_xml_keeps_to_the_formats_own_rules(tmp_path: Path) -> None:
    """Final Cut rejects a file as a whole that does not."""
    for film in (joined(tmp_path), whole(tmp_path), _mixed(tmp_path)):
        root = ElementTree.fromstring(fcpxml(timeline_of(film, file_names(film))))  # noqa: S314 - our own
        ids = {node.attrib["id"] for node in root.iter() if "id" in node.attrib}
        for node in root.iter():
            children, attributes = STRUCTURE[node.tag]
            places = [children.index(child.tag) for child in node]
            assert places == sorted(places)
            wanted = {name.rstrip("*") for name in attributes.split() if name.endswith("*")}
            assert wanted <= set(node.attrib) <= {name.rstrip("*") for name in attributes.split()}
            assert node.attrib.get("ref", "r1") in ids
            assert node.attrib.get("format", "r1") in ids
            assert node.attrib.get("enabled", "1") in ("0", "1")


def _mixed(folder: Path) -> ExportFilm:
    """An old clip of 30 a second, and one of today's that goes on from it."""
    old = make_film(folder / "old.mp4", frames=30, fps=30)
    new = make_film(folder / "new.mp4", frames=24, fps=24, height=120, sound=True)
    other = make_film(folder / "else.mp4", frames=24, fps=Fraction(24000, 1001), height=120)
    alternates = (ExportPart(other, Fraction(1001, 24000)),)
    return ExportFilm("Mixed", (ExportPart(old), ExportPart(new, Fraction(6, 24), alternates=alternates)))


def test_media_of_another_rate_and_size_are_what_they_are(tmp_path: Path) -> None:
    written = write_folder(_mixed(tmp_path), tmp_path / "Mixed")
    root = ElementTree.parse(written / "film.fcpxml").getroot()  # noqa: S314 - our own file
    shapes = {node.attrib["id"]: node.attrib for node in root.iter("format")}
    assets = {node.attrib["name"]: node.attrib for node in root.iter("asset")}
    found = {
        name: (shapes[asset["format"]]["frameDuration"], shapes[asset["format"]]["height"], asset["duration"])
        for name, asset in assets.items()
    }
    assert found == {
        "old": ("1/30s", "90", "1s"),
        "new": ("1/24s", "120", "1s"),
        "else": ("1001/24000s", "120", "1001/1000s"),
    }
    rates = [[node.get("srcFrameRate") for node in clip.findall("conform-rate")] for clip in root.iter("asset-clip")]
    assert rates == [[], ["24"], ["23.98"]]
    lengths = [_seconds(clip.attrib["duration"]) for clip in root.iter("asset-clip")]
    assert lengths[:2] == [1, Fraction(22, 30)]
    for name, adapter in (("film.otio", None), ("premiere.xml", "fcp_xml")):
        film = opentimelineio.adapters.read_from_file(str(written / name), adapter)
        media = {clip.media_reference.name: clip.media_reference.available_range for clip in film.find_clips()}
        told = {name: (round(each.duration.value), round(each.duration.rate)) for name, each in media.items()}
        assert told == {"old.mp4": (30, 30), "new.mp4": (24, 24), "else.mp4": (24, 24)}
        clips = film.video_tracks()[0].find_clips()
        assert [round(clip.source_range.duration.rescaled_to(30).value) for clip in clips] == [30, 22]


def _seconds(text: str) -> Fraction:
    assert re.fullmatch(r"\d+(/\d+)?s", text)
    return Fraction(text[:-1])


def test_resolves_markers_are_events_of_one_frame(written: Path) -> None:
    lines = (written / "markers.edl").read_text(encoding="utf-8").splitlines()
    events = [line.split()[4:6] for line in lines if re.match(r"\d{3} ", line)]
    assert events == [["01:00:00:16", "01:00:00:17"]]
    assert lines[4].endswith("|C:ResolveColorYellow |M:Seam 1: 颜色 |D:1")


def test_the_tables_are_read_by_any_program(written: Path) -> None:
    seams = list(csv.DictReader(io.StringIO((written / "seams.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["frame"], row["timecode"], row["verdict"]) for row in seams] == [("16", "01:00:00:16", "slight")]
    prompts = list(csv.DictReader(io.StringIO((written / "prompts.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [row["prompt"] for row in prompts] == ["a fox", "it runs\nfast & far"]


def test_a_prompt_is_no_formula(tmp_path: Path) -> None:
    film = whole(tmp_path)
    part = replace(film.parts[0], prompt='=HYPERLINK("x")', seams=())
    assert "'=HYPERLINK" in prompts_csv(replace(film, parts=(part,)))


def test_without_the_library_the_folder_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("has_otio", "has_premiere"):
        monkeypatch.setattr(folders, name, lambda: False)
    written = write_folder(whole(tmp_path), tmp_path / "out")
    assert not (written / "film.otio").exists()
    assert "Missing: film.otio, premiere.xml" in (written / "README.txt").read_text(encoding="utf-8")
    assert (written / "film.fcpxml").exists()


def test_a_seam_inside_an_extended_clip_is_a_marker_too(tmp_path: Path) -> None:
    film = whole(tmp_path)
    timeline = timeline_of(film, file_names(film))
    assert [(marker.at, marker.verdict) for marker in timeline.markers] == [(15, "clean")]
    assert "ResolveColorGreen" in marker_edl(timeline)


@pytest.mark.parametrize("fps", [25, 30])
def test_other_rates_are_counted_exactly(tmp_path: Path, fps: int) -> None:
    clip = make_film(tmp_path / "clip.mp4", fps=fps, frames=fps + 7)
    film = ExportFilm("x", (ExportPart(clip), ExportPart(clip, start=Fraction(3, fps))))
    timeline = timeline_of(film, file_names(film))
    assert timeline.frames == fps + 7 + fps + 4
    assert f'frameDuration="1/{fps}s"'.encode() in fcpxml(timeline)
    assert timeline.timecode(fps) == "01:00:01:00"


def test_a_film_of_35_parts(tmp_path: Path) -> None:
    clips = [make_film(tmp_path / f"{number}.mp4", frames=4) for number in range(35)]
    film = ExportFilm("long", tuple(ExportPart(clip) for clip in clips))
    written = write_folder(film, tmp_path / "out")
    record = json.loads((written / "film.otio").read_text(encoding="utf-8"))
    assert len(record["tracks"]["children"][0]["children"]) == 35


def test_stopped_or_failed_it_leaves_no_trace(tmp_path: Path) -> None:
    film = joined(tmp_path)
    with pytest.raises(Abandoned):
        write_folder(film, tmp_path / "out/Fox", stopped=lambda: True)
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileTrouble):
        write_folder(film, tmp_path / "file" / "Fox")


@pytest.mark.parametrize("at", ["the first bytes", "the last bytes"])
def test_an_original_that_changes_while_it_is_copied_is_an_error(at: str, tmp_path: Path) -> None:
    film = whole(tmp_path)
    file, told = film.parts[0].file, list[int]()

    def change(done: int, total: int) -> None:
        if done == total and not told:
            told.append(done)
            data = bytearray(file.read_bytes())
            data[0 if at == "the first bytes" else -1] ^= 255
            file.write_bytes(data)

    with pytest.raises(SourceChanged, match=file.name):
        write_folder(film, tmp_path / "out", progress=change)
    assert not (tmp_path / "out").exists()
