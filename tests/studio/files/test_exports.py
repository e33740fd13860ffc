"""The queue of exports goes on in turn, tells how far it is, is held and stopped, and survives the program's end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from threading import Event

import pytest

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats import FORMATS
from kling_desktop.export.options import Options
from kling_desktop.export.request import Request, record_of, request_of
from kling_desktop.studio.feed import ExportChanged, ExportForgotten, Fact, Feed
from kling_desktop.studio.files.export_journal import read_journal
from kling_desktop.studio.files.exports import Exports, _Telling
from kling_desktop.studio.films.handing_over.desk import _checked
from tests.export.films import joined
from tests.harness.desk.stick import Stick
from tests.harness.media.films import make_film
from tests.harness.waiting import until


@pytest.fixture
def facts() -> list[Fact]:
    return []


@pytest.fixture
def feed(facts: list[Fact]) -> Feed:
    made = Feed()
    made.subscribe(facts.extend)
    return made


@pytest.fixture
def film(tmp_path: Path) -> ExportFilm:
    return joined(tmp_path)


@pytest.fixture
async def exports(feed: Feed, tmp_path: Path) -> AsyncIterator[Exports]:
    made = Exports(feed, tmp_path / "data/exports.json")
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.wait([running])


def _request(folder: Path, film: ExportFilm, name: str = "fox.mp4", key: str = "h264-small") -> Request:
    return Request(film, key, folder / "out", Path(name))


def _slow(folder: Path) -> ExportFilm:
    """Long enough that it can be caught in the middle."""
    clip = make_film(folder / "slow.mp4", frames=600, height=360)
    return ExportFilm("Slow", (ExportPart(clip),))


def _told(facts: list[Fact], job_id: str) -> list[ExportJob]:
    return [fact.job for fact in facts if isinstance(fact, ExportChanged) and fact.job.id == job_id]


def _state(exports: Exports, job_id: str) -> ExportState:
    return next(job.state for job in exports.jobs if job.id == job_id)


async def test_exports_are_done_in_turn_and_told(
    exports: Exports, film: ExportFilm, facts: list[Fact], tmp_path: Path
) -> None:
    first, second = exports.add([_request(tmp_path, film), _request(tmp_path, film, "fox.gif", "gif")])
    await until(lambda: (told := _told(facts, second)) and told[-1].state is ExportState.DONE)
    states = [job.state for job in _told(facts, first)]
    assert states[0] is ExportState.WAITING
    assert states[-1] is ExportState.DONE
    assert [job.done for job in _told(facts, first)] == sorted(job.done for job in _told(facts, first))
    done = _told(facts, first)[-1]
    assert (done.file, done.done, done.total) == (tmp_path / "out/fox.mp4", 35, 35)
    assert _told(facts, second)[-1].notes == ("It has no sound.",)
    assert read_journal(tmp_path / "data/exports.json") == []


async def test_one_that_fails_says_why_and_the_next_goes_on(exports: Exports, film: ExportFilm, tmp_path: Path) -> None:
    gone = replace(film, parts=(ExportPart(tmp_path / "gone.mp4"),))
    bad, good = exports.add([_request(tmp_path, gone), _request(tmp_path, film)])
    await until(lambda: _state(exports, good) is ExportState.DONE)
    failed = next(job for job in exports.jobs if job.id == bad)
    assert failed.state is ExportState.FAILED
    assert failed.trouble is not None
    assert failed.trouble.error == "FileGone"
    make_film(tmp_path / "gone.mp4")
    exports.again(bad)
    await until(lambda: _state(exports, bad) is ExportState.DONE)


async def test_a_running_export_is_stopped_and_leaves_nothing(exports: Exports, tmp_path: Path) -> None:
    request = _request(tmp_path, _slow(tmp_path), key="prores-422-hq", name="slow.mov")
    (job_id,) = exports.add([request])
    await until(lambda: any(job.done > 5 for job in exports.jobs))
    exports.stop(job_id)  # how soon it ends is measured by `tests.benchmarks.exports`
    await until(lambda: _state(exports, job_id) is ExportState.STOPPED)
    assert not (tmp_path / "out").exists()


async def test_held_it_stands_still_and_can_be_stopped(exports: Exports, facts: list[Fact], tmp_path: Path) -> None:
    slow = _slow(tmp_path)
    first, second = exports.add([_request(tmp_path, slow, key="prores-422-hq", name="a.mov"), _request(tmp_path, slow)])
    await until(lambda: any(job.done > 5 for job in exports.jobs))
    exports.pause(True)
    await asyncio.sleep(0.3)
    heard = len(facts)
    await asyncio.sleep(0.3)
    assert len(facts) == heard
    exports.stop(first)
    exports.stop(second)
    await until(lambda: _state(exports, first) is ExportState.STOPPED)
    assert _state(exports, second) is ExportState.STOPPED
    exports.pause(False)
    exports.forget(second)
    await until(lambda: facts[-1] == ExportForgotten(second))


async def test_held_from_the_start_nothing_begins_until_it_goes_on(
    exports: Exports, film: ExportFilm, tmp_path: Path
) -> None:
    exports.pause(True)
    one, two = exports.add([_request(tmp_path, film, "1.mp4"), _request(tmp_path, film, "2.mp4")])
    exports.move(two, one)
    await asyncio.sleep(0.1)
    assert [(job.id, job.state) for job in exports.jobs] == [(two, ExportState.WAITING), (one, ExportState.WAITING)]
    exports.pause(False)
    await until(lambda: _state(exports, one) is ExportState.DONE)


async def test_what_was_not_finished_goes_on_after_a_restart(feed: Feed, film: ExportFilm, tmp_path: Path) -> None:
    journal = tmp_path / "data/exports.json"
    first = Exports(feed, journal)
    running = asyncio.create_task(first.run())
    slow = _request(tmp_path, _slow(tmp_path), "slow.mov", "prores-422-hq")
    first.add([slow, _request(tmp_path, film)])
    await until(lambda: any(job.done > 5 for job in first.jobs))
    running.cancel()
    await asyncio.wait([running])
    assert [replace(note.request, mark="") for note in read_journal(journal)] == [slow, _request(tmp_path, film)]
    assert not (tmp_path / "out").exists()
    second = Exports(feed, journal)
    assert second.resume() == 2
    second.stop(second.jobs[0].id)
    running = asyncio.create_task(second.run())
    await until(lambda: second.jobs[1].state is ExportState.DONE)
    running.cancel()
    await asyncio.wait([running])


async def test_what_was_finished_but_not_noted_is_not_written_twice(
    feed: Feed, film: ExportFilm, tmp_path: Path
) -> None:
    journal, request = tmp_path / "exports.json", _request(tmp_path, film)
    killed = Exports(feed, journal)
    (job_id,) = killed.add([request])
    killed._began[job_id] = 1.0
    killed._note()  # as it stands on the disk while the export runs
    done = export(request)
    (noted,) = read_journal(journal)
    (tmp_path / f"out/.{noted.request.mark}01234567.part").write_text("half")
    theirs = {".0123abcd.part", ".0123abcd01234567.part"}  # of another program, on hold since yesterday
    for name in theirs:
        (tmp_path / "out" / name).write_text("half")
        os.utime(tmp_path / "out" / name, (1.0, 1.0))
    again = Exports(feed, journal)
    assert again.resume() == 1
    running = asyncio.create_task(again.run())
    await until(lambda: again.jobs[0].state is ExportState.DONE)
    assert again.jobs[0].file == done.file
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"fox.mp4", *theirs}
    running.cancel()
    await asyncio.wait([running])


async def test_what_is_on_hold_does_not_look_left_behind(
    film: ExportFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kling_desktop.studio.files.exports._FRESH_SECONDS", 0.0)
    goes = Event()
    job = ExportJob("1", film.name, "h264-small", tmp_path / "fox.mp4")
    telling = _Telling(job, goes, Event(), lambda _: None, keep_fresh=goes.set)
    held = asyncio.create_task(asyncio.to_thread(telling.moved, 1, 2))
    try:
        await until(held.done, 30, "what is held to be touched")
    finally:
        goes.set()
        await held


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'[{"id": 1}]', b'{"a": 1}'])
def test_a_damaged_journal_is_no_reason_not_to_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "exports.json").write_bytes(content)
    assert read_journal(tmp_path / "exports.json") == []


@pytest.mark.parametrize("key", [form.key for form in FORMATS])
def test_a_request_comes_back_from_its_record(film: ExportFilm, tmp_path: Path, key: str) -> None:
    options = Options(Fraction(9, 16), False, 720, Fraction(25, 2), Fraction(1, 3), 10_000_000)
    request = Request(film, key, tmp_path, Path("a/b.mp4"), options, True, True, {"picks": [1]}, "0123abcd")
    assert request_of(record_of(request)) == request


@pytest.mark.parametrize("key", [*(form.key for form in FORMATS), "seam-stills", "contact-sheet"])
async def test_originals_on_a_drive_that_is_away_are_not_called_unusable(
    exports: Exports, tmp_path: Path, key: str
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    film = joined(drive)
    drive.rename(tmp_path / "unplugged")
    [job_id] = exports.add([_request(tmp_path, film, "fox", key)])
    await until(lambda: _state(exports, job_id) is ExportState.FAILED, 20)
    trouble = exports.jobs[0].trouble
    assert trouble is not None
    assert trouble.error == "FileOutOfReach"
    assert not drive.exists()


async def test_a_drive_that_goes_while_it_is_written_to_is_no_done_export(exports: Exports, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    [job_id] = exports.add([_request(drive, _slow(tmp_path))])
    await until(lambda: exports.jobs[0].done, 30, "its first pictures")
    drive.rename(tmp_path / "unplugged")
    await until(lambda: _state(exports, job_id) is ExportState.FAILED, 60)
    assert not list(drive.rglob("*.mp4"))
    (tmp_path / "unplugged").rename(drive)
    [again] = exports.add([_request(drive, _slow(tmp_path))])
    await until(lambda: _state(exports, again) is ExportState.DONE, 60)


async def test_what_is_left_of_the_drive_that_an_export_goes_to_takes_none(
    exports: Exports, film: ExportFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be hidden there when the drive comes back."""
    stick = Stick(tmp_path / "nas", monkeypatch)
    request = Request(film, "h264-small", stick.folder, Path("fox.mp4"))
    exports.add([request])
    await until(lambda: _states(exports) == [ExportState.DONE], 30, "the first")
    assert _checked([request]).trouble is None
    stick.pull()
    told = _checked([request])
    assert told.trouble is not None
    assert told.trouble.error == "ExportAway"
    (again,) = exports.add([request])
    await until(lambda: _states(exports)[1].ended, 30, "the other")
    job = exports.jobs[1]
    assert job.trouble is not None
    assert (job.state, job.trouble.error) == (ExportState.FAILED, "ExportAway")
    assert list(stick.folder.iterdir()) == []
    stick.plug()
    exports.again(again)
    await until(lambda: _states(exports) == [ExportState.DONE] * 2, 30, "it to be made after all")
    assert len(list(stick.folder.iterdir())) == 2


async def test_a_drive_that_goes_during_an_export_is_said_to_be_away(
    exports: Exports, feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = Stick(tmp_path / "nas", monkeypatch)
    went = Event()

    def pull(facts: Sequence[Fact]) -> None:
        if not went.is_set() and any(isinstance(fact, ExportChanged) and fact.job.done for fact in facts):
            stick.pull()
            went.set()

    feed.subscribe(pull)
    exports.add([Request(_slow(tmp_path), "h264-small", stick.folder / "out", Path("fox.mp4"))])
    await until(lambda: _states(exports)[0].ended, 60, "it to fail")
    (job,) = exports.jobs
    assert job.trouble is not None
    assert (job.state, job.trouble.error) == (ExportState.FAILED, "ExportAway")
    assert list(stick.folder.iterdir()) == []


def _states(exports: Exports) -> list[ExportState]:
    return [job.state for job in exports.jobs]
