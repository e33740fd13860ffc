"""Files that begin at a timecode of their own, as cameras and editors write them, are found where they count from."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import opentimelineio
import pytest

from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.timelines.folder import write_folder
from kling_desktop.export.timelines.timecode import frames_to
from tests.harness.media.films import make_film

NTSC = Fraction(30_000, 1001)


@pytest.mark.parametrize(
    ("timecode", "fps", "frames"),
    [
        ("00:00:00:00", 24, 0),
        ("01:00:00:12", 24, 86_412),
        ("01:00:00:00", Fraction(24_000, 1001), 86_400),
        ("00:01:00;02", NTSC, 1800),
        ("00:10:00;00", NTSC, 17_982),
        ("01:00:00;00", 2 * NTSC, 215_784),
        ("01:00:00;00", 25, 90_000),
        ("01:00:00;00", 50, 180_000),
        ("", 24, 0),
        ("noon", 24, 0),
    ],
)
def test_frames_are_counted_from_midnight(timecode: str, fps: int | Fraction, frames: int) -> None:
    assert frames_to(timecode, Fraction(fps)) == frames


def _with_timecode(source: Path, target: Path, timecode: str) -> Path:
    with av.open(str(source)) as read, av.open(str(target), "w", format="mov") as write:
        write.metadata["timecode"] = timecode
        stream = write.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                write.mux(packet)
    return target


@pytest.mark.parametrize("fps", [24, 25])
def test_clips_and_seams_are_told_in_the_timecode_of_their_file(fps: int, tmp_path: Path) -> None:
    """Final Cut refuses a clip outside of it, with the same words as one without media."""
    plain = make_film(tmp_path / "one.mp4", frames=24)
    film = make_film(tmp_path / "two.mp4", fps=fps, frames=3 * fps)
    camera = _with_timecode(film, tmp_path / "two.mov", "10:00:01:00")
    seams = (ExportSeam(Fraction(3, 2), "clean"),)
    part = ExportPart(camera, Fraction(1), seams=seams, alternates=(ExportPart(camera),))
    folder = write_folder(ExportFilm("Fox", (ExportPart(plain), part)), tmp_path / "Fox")

    root = ElementTree.parse(folder / "film.fcpxml").getroot()  # noqa: S314 - our own file
    assert [each.attrib["start"] for each in root.iter("asset")] == ["0s", "36001s"]
    assert [each.attrib["start"] for each in root.iter("asset-clip")] == ["0s", "36002s", "36001s"]
    assert [each.attrib["offset"] for each in root.iter("asset-clip")] == ["3600s", "3601s", "36002s"]
    (marker,) = root.iter("marker")
    assert marker.attrib["start"] == "72005/2s"
    told_film = opentimelineio.adapters.read_from_file(str(folder / "film.otio"))
    told = [
        (clip.source_range.start_time.to_seconds(), clip.media_reference.available_range.start_time.to_seconds())
        for clip in told_film.find_clips()
    ]
    assert told == [(0, 0), (36_002, 36_001), (36_001, 36_001)]
    premiere = ElementTree.parse(folder / "premiere.xml").getroot()  # noqa: S314 - our own file
    assert [clip.findtext("in") for clip in premiere.iterfind(".//video/track/clipitem")] == ["0", "24", "0"]
