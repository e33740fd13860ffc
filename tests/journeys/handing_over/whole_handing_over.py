"""A film of six hops leaves in every format and timeline, each read by another reader, and goes on elsewhere.

Too slow for every run, so pytest does not find it by itself:

    .venv/bin/pytest -o faulthandler_timeout=1200 tests/journeys/handing_over/whole_handing_over.py
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import av
import numpy as np
import opentimelineio
import pytest
from PIL import Image, ImageSequence

from kling_desktop.export.formats import FORMATS
from kling_desktop.export.outputs import OUTPUTS
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.library.drop_gate import DropGate
from tests.harness.engine import QUICK
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.handing_over.exporting import exported, grown, kept_film, next_take, opened

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

WORDS = ["extended 0", "extended 1", "extended 2", "continued 0", "continued 1", "continued 2"]
JOINED = [form for form in FORMATS if form.key not in ("original", "mp4-copy")]
LOOPS = (".gif", ".webp", ".avif")


class Seen:
    """What a film holds when all of it is decoded, by nothing of ours."""

    def __init__(self, file: Path) -> None:
        self.frames, self.sound = 0, Fraction(0)
        with av.open(str(file)) as container:
            self.rate = container.streams.video[0].average_rate
            for frame in container.decode(video=0):
                if not self.frames:
                    self.first = _small(frame)
                self.last = _small(frame)
                self.frames += 1
            if container.streams.audio:
                container.seek(0)
                self.sound = sum(
                    (Fraction(frame.samples, frame.sample_rate) for frame in container.decode(audio=0)), Fraction(0)
                )


def _small(frame: av.VideoFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return frame.reformat(64, 36, "gray8").to_ndarray().astype(np.float32)


def _alike(one: Seen, other: Seen) -> bool:
    return max(float(np.abs(one.first - other.first).mean()), float(np.abs(one.last - other.last).mean())) < 6


def _takes(data_dir: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (data_dir / "takes").rglob("*.mp4")}


async def _handed_over(creator: Creator, out: Path) -> dict[str, Path]:
    """Key of each format and output -> what was written."""
    found = {}
    for key in [*(form.key for form in JOINED), *OUTPUTS]:
        (found[key],) = await exported(creator, What.FILM, key, out / key)
    return found


@pytest.mark.timeout(1200)
async def test_a_film_of_six_hops_leaves_in_every_way_and_goes_on_elsewhere(
    start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as creator:
        newest = await grown(creator, extended=3, continued=3)
        kept = _takes(data_dir)
        files = await _handed_over(creator, tmp_path)
        for row in range(len(WORDS)):
            task = creator.take(row)
            assert task is not None
            creator.tasks.select(task.id)
            creator.window.cull.commands["pick"].trigger()
        originals = await exported(creator, What.PICKED, "original", tmp_path / "originals", count=len(WORDS))
        copies = await exported(creator, What.PICKED, "mp4-copy", tmp_path / "copies", count=len(WORDS))
        for key in ("original", "mp4-copy"):  # a film of several files cannot be either, and that is said
            with pytest.raises(AssertionError, match="to be allowed"):
                await opened(creator, What.FILM, key, tmp_path, timeout=1)
    assert newest.file is not None
    assert _takes(data_dir) == kept  # for ever
    assert {file.read_bytes() for file in originals} <= set(kept.values())
    assert len({file.read_bytes() for file in originals}) == len(WORDS)
    assert [Seen(file).frames for file in copies] == [Seen(file).frames for file in originals]

    near = Seen(files["h264-near-lossless"])
    for form in JOINED:
        _read_format(form.suffix, files[form.key], near)
        papers = read_papers(files[form.key])
        assert papers is not None
        assert [len(part.seams) for part in papers.film.parts] == [3, 1, 1, 1]
        assert sum(len(source.sha256) == 64 for source in papers.sources) == 4
    _read_timelines(files["timelines"], near)
    with Image.open(files["contact-sheet"]) as sheet:
        assert min(sheet.size) > 500
    assert len(list(files["seam-stills"].glob("*.png"))) == 12
    assert [line for line in WORDS if line not in files["prompts-text"].read_text("utf-8")] == []
    rows = list(csv.DictReader(io.StringIO(files["prompts-csv"].read_text("utf-8-sig"), newline="")))
    assert [row["prompt"] for row in rows][1:] == WORDS
    await _goes_on(files["archive"], sandbox, data_dir, tmp_path / "another", monkeypatch)


def _read_format(suffix: str, file: Path, near: Seen) -> None:
    seconds = near.frames / 24
    if suffix in (".mp4", ".mov"):
        seen = Seen(file)
        assert (seen.frames, seen.rate) == (near.frames, near.rate)
        assert _alike(seen, near)
        assert abs(seen.sound - near.sound) < Fraction(1, 10)
    elif suffix in LOOPS:
        frames = []
        with Image.open(file) as image:
            for shown in ImageSequence.Iterator(image):
                shown.load()  # only then it is known how long it lasts
                frames.append(shown.info.get("duration", 0))
        assert len(frames) == pytest.approx(seconds * 12, abs=1)
        assert sum(frames) / 1000 == pytest.approx(seconds, abs=0.5)
    else:
        assert len(list(file.glob("*.png"))) == near.frames


def _read_timelines(folder: Path, near: Seen) -> None:
    otio = opentimelineio.adapters.read_from_file(str(folder / "film.otio"))
    premiere = opentimelineio.adapters.read_from_file(str(folder / "premiere.xml"), "fcp_xml")
    told = [_clips_of(otio), _clips_of(premiere), _final_cut(folder / "film.fcpxml")]
    assert told[0] == told[1] == told[2]
    assert sum(frames for _, _, frames in told[0]) == near.frames
    assert all((folder / "media" / name).is_file() for name, _, _ in told[0])
    markers = [marker.marked_range.start_time.value for marker in otio.tracks.markers]
    assert len(markers) == 6
    assert [marker.marked_range.start_time.value for marker in premiere.tracks.markers] == markers
    events = re.findall(r"^\d{3} .* 01:00:(\d\d):(\d\d) \S+ *$", (folder / "markers.edl").read_text("utf-8"), re.M)
    assert [int(seconds) * 24 + int(frame) for seconds, frame in events] == markers
    seams = csv.DictReader(io.StringIO((folder / "seams.csv").read_text("utf-8-sig")))
    assert [int(row["frame"]) for row in seams] == markers


def _clips_of(timeline: opentimelineio.schema.Timeline) -> list[tuple[str, int, int]]:
    return [
        (
            clip.media_reference.target_url.rpartition("/")[2],
            int(clip.source_range.start_time.value),
            int(clip.source_range.duration.value),
        )
        for clip in timeline.video_tracks()[0].find_clips()
    ]


def _final_cut(file: Path) -> list[tuple[str, int, int]]:
    root = ElementTree.parse(file).getroot()  # noqa: S314 - our own file
    media = {
        asset.attrib["id"]: asset.find("media-rep").attrib["src"].rpartition("/")[2]  # type: ignore[union-attr]  # each has one
        for asset in root.iterfind("resources/asset")
    }
    return [
        (
            media[clip.attrib["ref"]],
            _frames(clip.attrib["start"]),
            _frames(clip.attrib["duration"]),
        )
        for clip in root.iterfind("library/event/project/sequence/spine/asset-clip")
    ]


def _frames(seconds: str) -> int:
    return int(Fraction(seconds.removesuffix("s")) * 24)


async def _goes_on(archive: Path, sandbox: Sandbox, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user, another computer: their own home, an empty library, their own keys."""
    from kling_desktop.app import Options
    from kling_desktop.app import opened as started

    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    monkeypatch.setenv("HOME", str(there))
    before = kept_film(here)
    assert [words for _, words, _ in before][1:] == WORDS
    shutil.move(here, here.with_name("gone"))  # nothing of it may be needed
    async with started(Options(data_dir=there / "data", api_base=sandbox.url, pace=QUICK), keys) as program:
        program.window.show()
        creator = Creator(program, sandbox)
        gate = program.window.findChild(DropGate)
        assert gate is not None
        gate.files_dropped.emit([archive])
        await creator.sees(lambda: "as it was archived" in creator.banners(), "the film to be here", timeout=60)
        newest = creator.newest()
        assert newest is not None
        assert newest.clip is not None
        await next_take(creator, newest.clip.id, "and on")
        program.window.close()
    assert kept_film(there / "data")[:-1] == before
    assert kept_film(there / "data")[-1][1:] == ("and on", True)
