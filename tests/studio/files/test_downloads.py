"""Keeping: whatever happens on the way, only whole files are shown, and each content is stored once."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections import namedtuple
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from kling_desktop import errors
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Filter, Status, Task
from kling_desktop.media import probe
from kling_desktop.studio.feed import Noticed
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.media.films import film
from tests.harness.servers.odd_server import Heard, OddServer, response
from tests.harness.servers.stand_in import VIDEO_ID, Staged, staged
from tests.harness.servers.untrusted import untrusted_server
from tests.harness.tasks import done
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

_PACE = Pace(scale=0.02)
_Usage = namedtuple("_Usage", "total used free")


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        yield engine


def _kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


def _has_copy(task: Task) -> bool:
    return task.clip is not None and task.clip.watermark_file is not None


def _heard(server: OddServer, target: str) -> int:
    return [heard.target for heard in server.heard].count(target)


def _troubled(task: Task) -> bool:
    return task.status is Status.SUCCEEDED and task.trouble is not None


def _fetched(engine: Engine) -> Sequence[dict[str, str]]:
    """The headers of every request for media so far."""
    return [r["headers"] for r in engine.ask("requests") if r["path"].startswith("/bs2/")]


def _takes_fetched(engine: Engine) -> list[str]:
    """The same of takes alone: the clip that they go on from may be fetched beside them, once it is known."""
    clips = [task.clip for task in engine.studio.ledger.page(Filter(), 0, 9) if task.clip is not None]
    theirs = {urlsplit(clip.url).path for clip in clips}
    return [r["path"] for r in engine.ask("requests") if r["path"] in theirs]


def _file(task: Task) -> Path:
    assert task.clip is not None
    assert task.clip.file is not None
    return task.clip.file


def _takes(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "data" / "takes").iterdir())


@pytest.mark.parametrize("fault", ["media_truncated", "media_html", "media_drop", "media_no_length", "media_no_range"])
async def test_a_spoiled_transfer_is_made_good(engine: Engine, tmp_path: Path, fault: str) -> None:
    engine.tell("faults", on="media", do=fault)
    file = _file(await engine.until(engine.submit(), _kept))
    assert probe.verify(file).seconds > 5
    assert _takes(tmp_path) == [file.name]


async def test_what_never_comes_whole_is_told_and_tried_again_without_end(engine: Engine, tmp_path: Path) -> None:
    engine.tell("faults", on="media", do="media_truncated", times=-1)
    task = await engine.until(engine.submit(), _troubled)
    await until(lambda: len(_fetched(engine)) > 5, what="more tries than a few")
    assert task.trouble is not None
    assert task.trouble.error == "Truncated"
    assert [name for name in _takes(tmp_path) if name.endswith(".mp4")] == []
    engine.clear_faults()
    engine.studio.watch(task.id)
    assert (await engine.until(task, _kept)).trouble is None


async def test_a_lost_connection_is_waited_for_however_long(engine: Engine) -> None:
    engine.tell("faults", on="media", do="media_drop", bytes=100, times=12)
    task = engine.submit()
    waiting = await engine.until(task, _troubled)
    assert waiting.trouble is not None
    assert waiting.trouble.error == "DownloadInterrupted"

    def woken_until_kept() -> bool:
        engine.studio.wake()  # as when the network comes and goes
        now = engine.library.get(task.id)
        return now is not None and _kept(now)

    await until(woken_until_kept, what="the take to be kept")
    assert len(_fetched(engine)) == 13


async def test_a_dead_address_is_asked_for_anew_once(engine: Engine) -> None:
    engine.tell("faults", on="media", do="media_expired")
    task = await engine.until(engine.submit(), _kept)
    queries = [r for r in engine.ask("requests") if r["method"] == "GET" and r["path"].endswith(task.kling_id)]
    assert len(_fetched(engine)) == 2
    assert queries[-1]["at"] > next(r["at"] for r in engine.ask("requests") if r["path"].startswith("/bs2/"))


async def test_what_kling_has_deleted_is_not_asked_for_at_every_start(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.tell("faults", on="media", do="media_slow", bytes_per_second=1)
        task = await engine.until(engine.submit(), lambda now: now.status is Status.SUCCEEDED)
        await until(lambda: _fetched(engine), what="the download to begin")
    made = task.clip and task.clip.expires_at
    assert made is not None
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.tell("clock", seconds=31 * 86400)
        assert engine.studio.resume() == 1
        gone = await engine.until(task, _troubled)
        assert gone.trouble is not None
        assert gone.trouble.error in ("LinkExpired", "DownloadFailed")


async def test_a_download_goes_on_at_the_next_start(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.tell("faults", on="media", do="media_hang", bytes=60_000)
        task = engine.submit()
        await until(lambda: list((tmp_path / "data").glob("takes/*.part")), what="the first bytes")
        part = next((tmp_path / "data").glob("takes/*.part"))
        await until(lambda: part.stat().st_size > 0, what="bytes in the part")
    size = part.stat().st_size
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        engine.studio.resume()
        file = _file(await engine.until(task, _kept))
        assert _fetched(engine)[-1]["range"] == f"bytes={size}-"
    assert probe.verify(file)
    assert _takes(tmp_path) == [file.name]


async def test_a_file_that_was_kept_but_not_noted_is_not_fetched_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", _PACE) as engine:
        kept = await engine.until(engine.submit(), _kept)
        fetched = len(_fetched(engine))
        before = next(t for t in engine.told(kept) if t.status is Status.SUCCEEDED)
        engine.library.forget(kept.id)
        engine.studio.restore(before)
        assert _file(await engine.until(kept, _kept)) == _file(kept)
        assert len(_fetched(engine)) == fetched
    assert _takes(tmp_path) == [_file(kept).name]


async def test_the_same_content_is_stored_once(engine: Engine, tmp_path: Path) -> None:
    first = _file(await engine.until(engine.submit(), _kept))
    twin = first.with_name("somebody's copy.mp4")
    first.rename(twin)
    task = engine.studio.ledger.page(Filter(), 0, 1)[0]
    engine.library.forget(task.id)
    engine.studio.restore(next(t for t in engine.told(task) if t.status is Status.SUCCEEDED))
    file = _file(await engine.until(task, _kept))
    assert file.samefile(twin)
    assert _takes(tmp_path) == sorted([file.name, twin.name])


async def test_the_watermarked_copy_comes_too_when_asked_for(engine: Engine) -> None:
    plain = await engine.until(engine.submit("plain"), _kept)
    marked = await engine.until(engine.submit("marked", watermark=True), _has_copy)
    assert plain.clip is not None
    assert marked.clip is not None
    assert plain.clip.watermark_file is None
    assert marked.clip.watermark_file is not None
    assert probe.verify(marked.clip.watermark_file)
    assert marked.clip.watermark_file.stem == f"{_file(marked).stem}_watermark"


async def test_a_full_disk_is_told_once_and_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(10**9, 10**9 - 1000, 1000))
    tasks = [engine.submit(f"take {number}") for number in range(3)]
    for task in tasks:
        await engine.until(task, lambda now: now.status is Status.SUCCEEDED)
    await until(lambda: any(isinstance(fact, Noticed) for fact in engine.facts), what="the full disk to be told")
    monkeypatch.setattr(shutil, "disk_usage", real)
    for task in tasks:
        await engine.until(task, _kept)
    told = [fact.trouble.error for fact in engine.facts if isinstance(fact, Noticed)]
    assert told == ["DiskFull"]


async def test_a_folder_that_cannot_be_used_is_told(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "data" / "takes").write_text("a file where the folder should be")
    task = await engine.until(engine.submit(), _troubled)
    assert task.trouble is not None
    assert task.trouble.error == "FileTrouble"
    (tmp_path / "data" / "takes").unlink()
    engine.studio.watch(task.id)
    await engine.until(task, _kept)


async def test_a_running_transfer_slows_down_and_speeds_up_when_the_limit_is_changed(
    engine: Engine, tmp_path: Path
) -> None:
    loop = asyncio.get_running_loop()

    async def passed(seconds: float) -> int:
        """Bytes that have come after so long."""
        until_then = loop.time() + seconds
        await until(lambda: loop.time() >= until_then, what="a moment to pass")
        return part.stat().st_size

    engine.tell("faults", on="media", do="media_slow", bytes_per_second=100_000)
    task = engine.submit()
    part = await until(lambda: next((tmp_path / "data").glob("takes/*.part"), None), what="the first bytes")
    await until(lambda: part.stat().st_size > 30_000, what="bytes that come unhindered")
    engine.shelf = replace(engine.shelf, bytes_per_second=1)
    engine.studio.downloader.apply_download_settings()
    held = await passed(0.5)
    assert await passed(0.5) == held
    engine.shelf = replace(engine.shelf, bytes_per_second=0)
    engine.studio.downloader.apply_download_settings()
    assert probe.verify(_file(await engine.until(task, _kept)))
    assert len(_fetched(engine)) == 1


async def test_more_transfers_begin_at_once_when_the_creator_wants_more(engine: Engine) -> None:
    engine.tell("faults", on="media", do="media_slow", bytes_per_second=2000, times=-1)
    for number in range(4):
        engine.submit(f"take {number}")
    await until(lambda: len(_takes_fetched(engine)) == 2, what="two takes")
    await until(
        lambda: sum(task.status is Status.SUCCEEDED for task in engine.studio.ledger.page(Filter(), 0, 9)) == 4,
        what="all",
    )
    assert len(_takes_fetched(engine)) == 2
    engine.shelf = replace(engine.shelf, parallel=4)
    engine.studio.downloader.apply_download_settings()
    await until(lambda: len(_takes_fetched(engine)) == 4, what="four takes")


# Before a stand-in of Kling and an odd media host


class Host:
    """A media host whose answers a test scripts: bytes, or what makes them of the request; the last is repeated."""

    def __init__(self, *script: bytes | Callable[[Heard], bytes]) -> None:
        self._script = list(script)

    def __call__(self, heard: Heard) -> Iterable[bytes]:
        answer = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        return [answer(heard) if callable(answer) else answer]


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """A small whole film."""
    return film(tmp_path / "whole.mp4").read_bytes()


async def _finished(stage: Staged, url: str, seconds: Decimal | None = None) -> Task:
    """A task that Kling has finished, its take at this address."""
    task = stage.engine.submit(video_id=VIDEO_ID)
    running = await stage.engine.until(task, lambda now: now.status.at_kling)
    _move(stage, running, url, seconds)
    return running


def _move(stage: Staged, task: Task, url: str, seconds: Decimal | None = None) -> None:
    """From now on Kling gives the take's address so."""
    clip = Clip("9", kling_id=task.kling_id, url=url, made_at=datetime.now(UTC), seconds=seconds)
    made = stage.kling.made[task.kling_id]
    stage.kling.made[task.kling_id] = replace(made, status=Status.SUCCEEDED, clip=clip)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Staged]:
    async with staged(tmp_path / "data") as stage:
        yield stage


@pytest.mark.parametrize("more", [1, 1000, 10**6])
async def test_a_film_is_whole_when_its_packets_are_whatever_length_was_announced(
    stage: Staged, whole: bytes, more: int
) -> None:
    lying = response(whole, sized=False, Content_Length=str(len(whole) + more), Content_Type="video/mp4")
    with OddServer(Host(lying)) as server:
        task = await _finished(stage, f"{server.url}/a.mp4")
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole
        assert len(server.heard) == 1


async def test_another_film_in_the_place_of_a_take_is_not_taken_for_it(stage: Staged, tmp_path: Path) -> None:
    short = film(tmp_path / "short.mp4", range(6)).read_bytes()
    long = film(tmp_path / "long.mp4", range(120)).read_bytes()
    with OddServer(Host(response(short), response(long))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4", Decimal("5.0"))
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == long
        assert [told.trouble.error for told in stage.engine.told(task) if told.trouble] == ["FilmTooShort"]


async def test_what_kling_sends_three_times_is_the_take_however_long_it_says_it_is(stage: Staged, whole: bytes) -> None:
    with OddServer(Host(response(whole))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4", Decimal(600))
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole
        assert len(server.heard) == 3


@pytest.mark.parametrize(
    "page",
    [
        response(b"<html>sign in</html>", Content_Type="text/html"),
        response(b'{"portal": true}', Content_Type="application/json"),
        response(b"", Content_Type="text/plain"),
    ],
)
async def test_a_network_s_sign_in_page_is_waited_out(stage: Staged, whole: bytes, page: bytes) -> None:
    with OddServer(Host(*[page] * 6, response(whole))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4")
        waiting = await stage.engine.until(task, _troubled)
        assert waiting.trouble is not None
        assert waiting.trouble.error == "SignInPage"
        assert errors.kind_of(waiting.trouble).remedy is errors.Remedy.WAIT
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "410 Gone"])
async def test_a_refused_address_is_asked_for_anew_as_often_as_it_is_refused(
    stage: Staged, whole: bytes, status: str
) -> None:
    with OddServer(Host(*[response(b"no", status)] * 6, response(whole))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4")
        asked = stage.kling.count("query")
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole
        assert stage.kling.count("query") >= asked + 5
        assert len(server.heard) == 7


async def test_a_host_that_is_gone_is_left_for_the_one_that_kling_names(
    stage: Staged, whole: bytes, tmp_path: Path
) -> None:
    with OddServer(Host(response(whole))) as server, untrusted_server(tmp_path) as untrusted:
        for gone in ("http://127.0.0.1:9", "http://gone.invalid", untrusted):
            task = await _finished(stage, f"{gone}/a.mp4")
            waiting = await stage.engine.until(task, _troubled)
            assert waiting.trouble is not None
            assert waiting.trouble.error == "HostUnreachable"
            _move(stage, task, f"{server.url}/a.mp4")
            assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole


async def test_what_kling_says_it_keeps_no_longer_is_not_tried_for_ever(stage: Staged) -> None:
    with OddServer(Host(response(b"no", "404 Not Found"))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4")
        await stage.engine.until(task, lambda now: now.status is Status.SUCCEEDED)
        stage.kling.made.clear()
        lost = await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "LinkExpired")
        assert lost.clip is not None


@pytest.mark.parametrize(
    ("status", "clips"),
    [
        (Status.PROCESSING, ()),
        (Status.SUCCEEDED, ()),
        (Status.FAILED, ()),
        (Status.SUCCEEDED, (Clip("1", url="http://127.0.0.1:9/x"), Clip("2", url="http://127.0.0.1:9/y"))),
    ],
    ids=["runs again", "no file", "failed", "other files"],
)
async def test_an_answer_without_this_file_proves_nothing_of_it(
    stage: Staged, whole: bytes, status: Status, clips: tuple[Clip, ...]
) -> None:
    refused = response(b"no", "403 Forbidden")
    with OddServer(Host(*[refused] * 4, response(whole))) as server:
        task = await _finished(stage, f"{server.url}/a.mp4")
        await stage.engine.until(task, lambda now: now.status is Status.SUCCEEDED)
        without = replace(
            stage.kling.made[task.kling_id], status=status, clip=clips[0] if clips else None, more=clips[1:]
        )
        stage.kling.queries = [without]
        waiting = await stage.engine.until(task, _troubled)
        assert waiting.trouble is not None
        assert waiting.trouble.error == "AddressRefused", "it was not deleted, as far as anybody knows"
        assert _file(await stage.engine.until(task, _kept)).read_bytes() == whole


async def test_a_clip_that_is_gone_is_not_fetched_again_after_a_restart(tmp_path: Path) -> None:
    with OddServer(Host(response(b"no", "404 Not Found"))) as server:
        async with staged(tmp_path / "data") as stage:
            task = await _finished(stage, f"{server.url}/a.mp4")
            await stage.engine.until(task, lambda now: now.status is Status.SUCCEEDED)
            dead = replace(stage.kling.made[task.kling_id].clip, expires_at=datetime.now(UTC) - timedelta(1))  # type: ignore[type-var]  # there is one
            stage.kling.made[task.kling_id] = replace(stage.kling.made[task.kling_id], clip=dead)
            await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "LinkExpired")
        heard = len(server.heard)
        async with staged(tmp_path / "data") as stage:
            stage.engine.studio.resume()
            await asyncio.sleep(0)
            assert len(server.heard) == heard


async def test_that_kling_does_not_know_a_task_for_once_costs_no_file(stage: Staged, whole: bytes) -> None:
    with OddServer(Host(*[response(b"no", "403 Forbidden")] * 3, response(whole))) as server:
        task = stage.engine.submit(video_id=VIDEO_ID, watermark=True)
        running = await stage.engine.until(task, lambda now: now.status.at_kling)
        made = stage.kling.made[running.kling_id]
        both = {"url": f"{server.url}/a.mp4", "watermark_url": f"{server.url}/b.mp4"}
        clip = Clip("9", kling_id=running.kling_id, made_at=datetime.now(UTC), **both)  # type: ignore[arg-type]  # of texts
        known = replace(made, status=Status.SUCCEEDED, clip=clip)
        lost = errors.NotFound("no such task", code=1203)
        stage.kling.queries = [known, lost, lost, known]
        kept = await stage.engine.until(task, _has_copy)
        assert kept.clip is not None
        assert kept.clip.watermark_file is not None
        assert kept.clip.watermark_file.read_bytes() == _file(kept).read_bytes() == whole


async def _asked_with_copy(stage: Staged, server: OddServer) -> Task:
    """A take that Kling has made, with a watermarked copy beside it."""
    task = stage.engine.submit(video_id=VIDEO_ID, watermark=True)
    running = await stage.engine.until(task, lambda now: now.status.at_kling)
    _move(stage, running, f"{server.url}/clean.mp4")
    made = stage.kling.made[running.kling_id]
    marked = replace(made.clip, watermark_url=f"{server.url}/mark.mp4")  # type: ignore[type-var]  # there is one
    stage.kling.made[running.kling_id] = replace(made, clip=marked)
    return task


async def test_a_watermarked_copy_that_is_refused_again_and_again_is_given_up_for_good(
    tmp_path: Path, whole: bytes
) -> None:
    def answer(heard: Heard) -> Iterable[bytes]:
        return [response(whole) if heard.target == "/clean.mp4" else response(b"no", "404 Not Found")]

    with OddServer(answer) as server:
        async with staged(tmp_path / "data") as stage:
            kept = await stage.engine.until(await _asked_with_copy(stage, server), lambda now: not now.watched)
            assert kept.clip is not None
            assert kept.clip.watermark_file is None
            assert kept.trouble is None
            assert _file(kept).read_bytes() == whole
            told = [fact.trouble.error for fact in stage.engine.facts if isinstance(fact, Noticed)]
            assert told == ["CopyMissing"]
            assert stage.engine.library.uncopied_ids() == []
    assert [heard.target for heard in server.heard].count("/mark.mp4") > 2, "it was tried more than once"


async def test_a_copy_that_kling_keeps_no_longer_is_given_up_without_a_word_whatever_this_computers_clock_says(
    tmp_path: Path, whole: bytes
) -> None:
    """Its day is over, by a date that is asked about before it is believed: the address may still be good."""
    long_ago = datetime.now(UTC) - timedelta(days=90)
    gone = Clip("9", made_at=long_ago, url="http://127.0.0.1:9/a", file=film(tmp_path / "kept.mp4"))
    for mark, has_copy in ((response(whole), True), (response(b"no", "404 Not Found"), False)):
        with OddServer(lambda _, mark=mark: [mark]) as server:  # type: ignore[misc]  # a default for the loop's value
            async with staged(tmp_path / str(has_copy)) as stage:
                clip = replace(gone, watermark_url=f"{server.url}/mark.mp4")
                task = replace(done(1), extension=Extension("9", watermark=True), clip=clip)
                stage.engine.library.put(task)
                stage.engine.studio.resume()
                kept = await stage.engine.until(task, lambda now: _has_copy(now) or not now.watched)
                assert _has_copy(kept) is has_copy
                assert not [fact for fact in stage.engine.facts if isinstance(fact, Noticed)]


def _clean_only(whole: bytes, mark: Callable[[Heard], Iterable[bytes]]) -> Callable[[Heard], Iterable[bytes]]:
    return lambda heard: mark(heard) if heard.target == "/mark.mp4" else [response(whole)]


def _later(words: str) -> bytes:
    return f"HTTP/1.1 {words}\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("words", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_copy_that_is_to_be_waited_for_holds_back_neither_its_take_nor_others(
    tmp_path: Path, whole: bytes, words: str
) -> None:
    later = _later(words)
    with OddServer(_clean_only(whole, lambda _: [later])) as server:
        async with staged(tmp_path / "data") as stage:
            for _ in range(3):
                kept = await stage.engine.until(await _asked_with_copy(stage, server), _kept)
                assert kept.trouble is None
            await until(lambda: _heard(server, "/mark.mp4") == 3, what="each copy to be asked for once")
            assert len(stage.engine.library.uncopied_ids()) == 3, "the next start asks for them"


async def test_copies_that_trickle_in_take_no_places_from_takes(tmp_path: Path, whole: bytes) -> None:
    over = threading.Event()

    with OddServer(_clean_only(whole, lambda _: _trickled(response(whole), over))) as server:
        try:
            async with staged(tmp_path / "data") as stage:
                for _ in range(4):
                    await stage.engine.until(await _asked_with_copy(stage, server), _kept)
                await until(lambda: _heard(server, "/mark.mp4") == 1, what="one copy at a time to be asked for")
        finally:
            over.set()


async def test_clips_of_the_account_that_trickle_in_take_no_places_from_takes(tmp_path: Path, whole: bytes) -> None:
    over = threading.Event()

    def answer(heard: Heard) -> Iterable[bytes]:
        if heard.target != "/source.mp4":
            return [response(whole)]
        return _trickled(response(whole), over)

    with OddServer(answer) as server:
        try:
            async with staged(tmp_path / "data") as stage:
                for number in range(3):
                    clip = Clip(f"source-{number}", url=f"{server.url}/source.mp4", made_at=datetime.now(UTC))
                    stage.engine.studio.clips.note(clip)
                    stage.engine.studio.clips.bring_home(clip.id)
                await until(lambda: _heard(server, "/source.mp4") == 1, what="one clip at a time to be asked for")
                await stage.engine.until(await _asked_with_copy(stage, server), _kept)
        finally:
            over.set()


def _trickled(answer: bytes, over: threading.Event) -> Iterable[bytes]:
    yield answer[:-1]
    over.wait()


async def test_a_copy_that_was_still_to_come_is_fetched_at_the_next_start(tmp_path: Path, whole: bytes) -> None:
    first, here = threading.Event(), threading.Event()

    def mark(_: Heard) -> Iterable[bytes]:
        first.set()
        return [response(whole) if here.is_set() else _later("503 Busy")]

    with OddServer(_clean_only(whole, mark)) as server:
        async with staged(tmp_path / "data") as stage:
            task = await stage.engine.until(await _asked_with_copy(stage, server), _kept)
            await until(first.is_set, what="the copy to be asked for")
        here.set()
        async with staged(tmp_path / "data") as stage:
            stage.engine.studio.resume()
            kept = await stage.engine.until(task, _has_copy)
            assert kept.clip is not None
            assert kept.clip.watermark_file is not None
            assert kept.clip.watermark_file.read_bytes() == whole
    assert _heard(server, "/clean.mp4") == 1


async def test_a_copy_for_which_the_disk_has_no_room_keeps_no_take_waiting(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n" + whole
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(10**9, 10**8, 9 * 10**8))
    with OddServer(_clean_only(whole, lambda _: [large])) as server:
        async with staged(tmp_path / "data") as stage:
            for _ in range(2):
                await stage.engine.until(await _asked_with_copy(stage, server), _kept)
                await until(lambda: _heard(server, "/mark.mp4") > 0, what="the copy to be asked for")
            assert not [fact for fact in stage.engine.facts if isinstance(fact, Noticed)]


async def test_a_take_whose_file_was_taken_away_is_fetched_again_while_its_copy_is_waited_for(
    tmp_path: Path, whole: bytes
) -> None:
    later = _later("503 Busy")
    with OddServer(_clean_only(whole, lambda _: [later])) as server:
        async with staged(tmp_path / "data") as stage:
            kept = await stage.engine.until(await _asked_with_copy(stage, server), _kept)
            await until(lambda: _heard(server, "/mark.mp4") == 1, what="the copy to be asked for")
            _file(kept).unlink()
            stage.engine.studio.check_file(kept)
            again = await stage.engine.until(kept, _kept)
            assert _file(again).read_bytes() == whole


async def test_a_network_that_was_away_does_not_cost_the_watermarked_copy(tmp_path: Path, whole: bytes) -> None:
    refused: list[str] = []

    def answer(heard: Heard) -> Iterable[bytes]:
        if refused.count(heard.target) < 7:
            refused.append(heard.target)
            raise ConnectionResetError
        return [response(whole)]

    with OddServer(answer) as server:
        async with staged(tmp_path / "data") as stage:
            kept = await stage.engine.until(await _asked_with_copy(stage, server), _has_copy)
            assert kept.clip is not None
            assert kept.clip.watermark_file is not None
    assert refused.count("/mark.mp4") == refused.count("/clean.mp4") == 7


async def test_a_watermarked_copy_that_lies_elsewhere_is_not_fetched_again(tmp_path: Path, whole: bytes) -> None:
    """As after another folder was chosen for takes: it is not found by its name, but the library knows it."""
    elsewhere = film(tmp_path / "elsewhere.mp4")
    with OddServer(lambda _: [response(whole)]) as server:
        async with staged(tmp_path / "data") as stage:
            addresses = {"url": f"{server.url}/clean.mp4", "watermark_url": f"{server.url}/mark.mp4"}
            clip = Clip("9", **addresses, made_at=datetime.now(UTC), watermark_file=elsewhere)  # type: ignore[arg-type]  # of texts
            task = replace(done(1), extension=Extension("9", watermark=True), clip=clip)
            stage.engine.studio.adopt(task)
            kept = await stage.engine.until(task, _kept)
            assert kept.clip is not None
            assert kept.clip.watermark_file == elsewhere
    assert [heard.target for heard in server.heard] == ["/clean.mp4"]


async def test_a_file_in_the_place_of_the_posters_is_no_bug(engine: Engine, tmp_path: Path) -> None:
    engine.shelf.posters.touch()  # before there is a clip, of which the engine makes one by itself
    task = await engine.until(engine.submit(), _kept)
    assert task.clip is not None
    with pytest.raises(errors.FileTrouble):
        await engine.studio.clips._downloader.poster(task.clip)
