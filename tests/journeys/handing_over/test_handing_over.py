"""A film, extended and continued, leaves the program in several forms, and comes back elsewhere.

With six hops and in every form: `whole_handing_over.py`.
"""

from __future__ import annotations

import asyncio
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.export.archives.archive import write_archive
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.export.papers.record import file_names, papers_of, with_files
from kling_desktop.export.remarks import ABSENT
from kling_desktop.media.frame_times import frame_times
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.studio.films.taking_in.awaited import AwaitedFilms
from kling_desktop.studio.films.taking_in.half_taken import Half, HalfTaken
from kling_desktop.ui.export.export_words import reason
from kling_desktop.ui.library.drop_gate import DropGate
from kling_desktop.ui.notices import Notices
from kling_desktop.ui.wiring.dialogs.export import ExportWiring
from kling_desktop.ui.wiring.library.handed_over import HandedOverWiring
from tests.export.films import joined, make_heavy
from tests.harness.engine import QUICK
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.handing_over.exporting import (
    _newest_clip,
    exported,
    grown,
    kept_film,
    next_take,
    opened,
    written,
)

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


async def test_a_film_leaves_and_comes_back_elsewhere(
    start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
        (film,) = await exported(creator, What.FILM, "h264-small", out)
        hops = await exported(creator, What.HOPS, "h264-small", out, count=3)
        (timeline,) = await exported(creator, What.FILM, "timelines", out)
        (archive,) = await exported(creator, What.FILM, "archive", out)
    seconds = float(frame_times(film).end)  # a hop by itself has its own clip's rate
    assert sum(float(frame_times(hop).end) for hop in hops) == pytest.approx(seconds, abs=len(hops) / 24)
    assert len({hop.name for hop in hops}) == 3
    assert {"film.fcpxml", "markers.edl", "prompts.csv", "README.txt"} <= {file.name for file in timeline.iterdir()}
    assert len((timeline / "seams.csv").read_text("utf-8-sig").strip().splitlines()) == 1 + 2
    papers = read_papers(film)
    assert papers is not None
    assert [len(part.seams) for part in papers.film.parts] == [1, 1]
    here = kept_film(data_dir)
    assert [words for _, words, _ in here][1:] == ["extended 0", "continued 0"]

    there = tmp_path / "another"
    from kling_desktop.app import Options
    from kling_desktop.app import opened as started

    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    monkeypatch.setenv("HOME", str(tmp_path))
    async with started(Options(data_dir=there, api_base=sandbox.url, pace=QUICK), keys) as program:
        program.window.show()
        creator = Creator(program, sandbox)
        gate = program.window.findChild(DropGate)
        assert gate is not None
        gate.files_dropped.emit([archive])
        await creator.sees(lambda: "as it was archived" in creator.banners(), "the film to be here", timeout=60)
        clip = await creator.sees(lambda: _newest_clip(creator), "its takes in the list")
        await next_take(creator, clip.id, "and on")
        program.window.close()
    assert kept_film(there)[:-1] == here
    assert kept_film(there)[-1][1:] == ("and on", True)


async def test_a_file_is_as_small_as_was_asked_for(start: Start, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
        (whole,) = await exported(creator, What.FILM, "h264-near-lossless", out)
        dialog = await opened(creator, What.FILM, "h264-near-lossless", out)
        dialog.picture.most.setValue(0.1)
        assert not dialog.export_button.isEnabled(), "it was not looked at yet"
        await creator.sees(dialog.export_button.isEnabled, "it to be allowed")
        assert "100 kB" in dialog.lines.text()
        creator.clicks(dialog.export_button)
        await creator.sees(lambda: len(written(creator)) == 2, "it to be written", timeout=120)
        (bounded,) = (file for file in written(creator) if file != whole)
        dialog.close()
    assert bounded.stat().st_size <= 100_000 < whole.stat().st_size
    assert frame_times(bounded).count == frame_times(whole).count


async def test_an_archive_that_is_being_opened_says_how_far_it_is_and_stops(
    start: Start, data_dir: Path, tmp_path: Path
) -> None:
    film = joined(tmp_path)
    make_heavy(film.parts[0].file, 256 << 20)
    archive = await asyncio.to_thread(write_archive, film, {}, tmp_path / "fox.zip")
    async with start() as creator:
        notices, takes = creator.window.notices, creator.program.preferences.takes_folder
        back = creator.window.findChild(HandedOverWiring)
        assert back is not None
        back._openings._quiet_seconds = 0.0  # a quick disk would be done before the first word
        for way in ("dropped", "chosen"):
            if way == "dropped":
                gate = creator.window.findChild(DropGate)
                assert gate is not None
                gate.files_dropped.emit([archive])
            else:
                back.open_archive(archive)
            words = await creator.sees(lambda: _opening(notices), "how far it is")
            assert "of 268" in words
            bar = notices.bar(words)
            assert bar is not None
            assert bar.action is not None
            creator.clicks(bar.action)
            await creator.sees(lambda: not _opening(notices), "it to stop")
            assert [file.name for file in takes.glob("*")] == []
            assert notices.texts() == []
        back.open_archive(archive)
        await creator.sees(lambda: "with its path and its words" in creator.banners(), "the film", timeout=60)
        await creator.sees(lambda: not _opening(notices), "the bar to go")
        assert len(list(takes.glob("*.mp4"))) == 3
    assert [is_here for _, _, is_here in kept_film(data_dir)] == [True, True]


async def test_what_a_kill_left_half_taken_in_names_the_files_that_it_lacks(
    start: Start, data_dir: Path, tmp_path: Path
) -> None:
    film = joined(tmp_path)
    papers = await asyncio.to_thread(papers_of, film)
    lost, *here = dict.fromkeys(part.file for part in film.parts)
    found = {name: file for file, name in file_names(film).items() if file in here}
    HalfTaken(data_dir / "half_taken.json").keep(Half({}, with_files(papers, found)[0], papers))
    remembered = AwaitedFilms(data_dir / "awaited.json")
    for _ in range(2):  # it is remembered
        async with start() as creator:
            await creator.sees(lambda: lost.name in creator.banners(), "what is missing to be named")
            assert not any(file.name in creator.banners() for file in here)
            await creator.sees(remembered.read, "it to be remembered")
    async with start() as creator:
        gate = creator.window.findChild(DropGate)
        assert gate is not None
        gate.files_dropped.emit([lost])
        await creator.sees(lambda: "with its path and its words" in creator.banners(), "nothing to be missing")
    assert [is_here for _, _, is_here in kept_film(data_dir)] == [True, True]


async def test_a_look_among_many_files_says_how_far_it_is_and_stops(
    start: Start, data_dir: Path, tmp_path: Path
) -> None:
    for folder in (here := tmp_path / "here", many := tmp_path / "many"):
        folder.mkdir()
    film = joined(here)
    heavy = film.parts[0].file
    make_heavy(heavy, 128 << 20)
    papers = await asyncio.to_thread(papers_of, film)
    for number in range(12):
        (many / f"{number}.mp4").hardlink_to(heavy)
    bare = with_files(papers, {})[0]
    async with start() as creator:
        notices = creator.window.notices
        back = creator.window.findChild(HandedOverWiring)
        assert back is not None
        await back._adoption.adopt_papers(bare)
        await back._await_files(papers, [part.file.name for part in film.parts])
        back._quiet_seconds = 0.0  # a quick disk would be done before the first word
        back.look_in(many)
        words = await creator.sees(lambda: _looking(notices), "how far it is")
        bar = notices.bar(words)
        assert bar is not None
        assert bar.action is not None
        creator.clicks(bar.action)
        await creator.sees(lambda: not _looking(notices), "it to stop")
        assert len(notices.texts()) == 1, "what is missing is still named, and nothing else is said"
        assert [is_here for _, _, is_here in kept_film(data_dir)] == [False, False]
        back.look_in(here)
        await creator.sees(lambda: "with its path and its words" in creator.banners(), "nothing to be missing", 60)
        await creator.sees(lambda: not _looking(notices), "the look to be over")
    assert [is_here for _, _, is_here in kept_film(data_dir)] == [True, True]


def _looking(notices: Notices) -> str:
    """What the bar says, when bytes are read."""
    return next((text for text in notices.texts() if text.startswith("Looking for") and " of " in text), "")


def _opening(notices: Notices) -> str:
    return next((text for text in notices.texts() if text.startswith("Opening fox.zip…")), "")


async def test_a_film_leaves_though_the_file_of_a_take_beside_it_is_gone(start: Start, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        first = await grown(creator, extended=1, continued=1)
        task = creator.newest()
        assert task is not None
        takes = {"continued 0": first, "another": await next_take(creator, task.extension.video_id, "another")}
        (words,) = await exported(creator, What.FILM, "prompts-text", out)
        (beside,) = (clip for asked, clip in takes.items() if asked not in words.read_text("utf-8"))
        assert beside.file is not None
        (whole,) = await exported(creator, What.FILM, "archive", out)
        beside.file.unlink()
        (film,) = await exported(creator, What.FILM, "h264-small", out)
        dialog = await opened(creator, What.FILM, "archive", out)
        await creator.sees(lambda: reason(ABSENT) in dialog.lines.text(), "what is left out")
        dialog.close()
        (rest,) = await exported(creator, What.FILM, "archive", out)
        (folder,) = await exported(creator, What.FILM, "timelines", out)
    assert frame_times(film).count > 0
    originals = []
    for archive in (whole, rest):
        with zipfile.ZipFile(archive) as packed:
            originals.append({name for name in packed.namelist() if name.startswith("originals/")})
    assert {Path(name).name for name in originals[0] - originals[1]} == {beside.file.name}
    assert {file.name for file in (folder / "media").iterdir()} == {Path(name).name for name in originals[1]}


async def test_an_export_dropped_elsewhere_brings_film_path_and_form_back(
    start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
        (film,) = await exported(creator, What.FILM, "h264-small", out)
        tasks = (creator.take(1), creator.take(0))
        path = [task.clip.file for task in tasks if task and task.clip]
    shutil.move(data_dir, tmp_path / "away")
    kept = [tmp_path / "away" / file.relative_to(data_dir) for file in path if file is not None]
    elsewhere = tmp_path / "elsewhere"  # what lies beside a file that is dropped would be found with it
    elsewhere.mkdir()
    other = elsewhere / "another name.mp4"
    shutil.move(kept[1], other)
    remembered = AwaitedFilms(data_dir / "awaited.json")

    async with start() as creator:
        gate = creator.window.findChild(DropGate)
        assert gate is not None
        gate.files_dropped.emit([film])
        await creator.sees(lambda: "not these files" in creator.banners(), "what is missing to be named")
        assert all(file.name in creator.banners() for file in kept)
        wish = creator.form.extension()
        assert (wish.prompt, wish.generation and wish.generation.seconds) == ("continued 0", 3)
        gate.files_dropped.emit([kept[0]])
        await creator.sees(lambda: kept[0].name not in creator.banners(), "the first file to be known again")
        assert kept[1].name in creator.banners()
        await creator.sees(remembered.read, "it to be remembered")

    async with start() as creator:  # and it is remembered
        gate = creator.window.findChild(DropGate)
        assert gate is not None
        await creator.sees(lambda: kept[1].name in creator.banners(), "the other to be missing still")
        assert kept[0].name not in creator.banners()
        gate.files_dropped.emit([other])
        await creator.sees(lambda: "with its path and its words" in creator.banners(), "nothing to be missing")
        await creator.sees(lambda: not remembered.read(), "nothing to be remembered")
    here = kept_film(data_dir)
    assert [(words, is_here) for _, words, is_here in here] == [("", True), ("continued 0", True)]


async def test_a_take_is_dragged_out_as_the_film_up_to_it(start: Start) -> None:
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
        tip = await creator.sees(lambda: _tip(creator), "the card")
        await creator.sees(lambda: _dragged(creator, tip), "the film to be joined", timeout=60)
        file = _dragged(creator, tip)
        assert file is not None
        assert frame_times(file).count > 0
        assert "continued 0_h02_t01" in file.name
        papers = read_papers(file)
        assert papers is not None
        assert [part.prompt for part in papers.film.parts][1:] == ["continued 0"]
        assert len(papers.sources) == 2


def _tip(creator: Creator) -> str:
    task = creator.newest()
    return task.id if task is not None else ""


def _dragged(creator: Creator, take_id: str) -> Path | None:
    wiring = creator.window.findChild(ExportWiring)
    mime = wiring.dragged(take_id) if wiring is not None else None
    return Path(mime.urls()[0].toLocalFile()) if mime is not None else None


async def test_an_export_goes_on_after_a_restart(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        await grown(creator, extended=1, continued=1)
        wiring = creator.window.findChild(ExportWiring)
        assert wiring is not None
        wiring.exports.pause(True)
        dialog = await opened(creator, What.FILM, "h264-small", tmp_path)
        creator.clicks(dialog.export_button)
        await creator.sees(lambda: creator.window.exports.under_way, "it to wait")
        assert "paused" in creator.window.exports.text()
        dialog.close()
    async with start() as creator:
        (file,) = await creator.sees(lambda: written(creator), "it to be written", timeout=60)
        assert frame_times(file).count > 0
