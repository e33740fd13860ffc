"""Keeping: whatever happens on the way, only whole files are shown, and each content is stored once."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.media import probe
from kling_desktop.studio.feed import Noticed
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
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


def _troubled(task: Task) -> bool:
    return task.status is Status.SUCCEEDED and task.trouble is not None


def _fetched(engine: Engine) -> Sequence[dict[str, str]]:
    """The headers of every request for media so far."""
    return [r["headers"] for r in engine.ask("requests") if r["path"].startswith("/bs2/")]


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


async def test_what_never_comes_whole_is_told_and_can_be_tried_again(engine: Engine, tmp_path: Path) -> None:
    engine.tell("faults", on="media", do="media_truncated", times=-1)
    task = await engine.until(
        engine.submit(), lambda now: _troubled(now) and now.id not in engine.studio._lives._running
    )
    assert task.trouble is not None
    assert task.trouble.error == "Truncated"
    assert _takes(tmp_path) == []
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
    task = engine.studio.page(Filter(), 0, 1)[0]
    engine.library.forget(task.id)
    engine.studio.restore(next(t for t in engine.told(task) if t.status is Status.SUCCEEDED))
    file = _file(await engine.until(task, _kept))
    assert file.samefile(twin)
    assert _takes(tmp_path) == sorted([file.name, twin.name])


async def test_the_watermarked_copy_comes_too_when_asked_for(engine: Engine) -> None:
    plain = await engine.until(engine.submit("plain"), _kept)
    marked = await engine.until(engine.submit("marked", watermark=True), _kept)
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
    engine.studio.apply_download_settings()
    held = await passed(0.5)
    assert await passed(0.5) == held
    engine.shelf = replace(engine.shelf, bytes_per_second=0)
    engine.studio.apply_download_settings()
    assert probe.verify(_file(await engine.until(task, _kept)))
    assert len(_fetched(engine)) == 1


async def test_more_transfers_begin_at_once_when_the_creator_wants_more(engine: Engine) -> None:
    engine.tell("faults", on="media", do="media_slow", bytes_per_second=2000, times=-1)
    for number in range(4):
        engine.submit(f"take {number}")
    await until(lambda: len(_fetched(engine)) == 2, what="two transfers")
    await until(
        lambda: sum(task.status is Status.SUCCEEDED for task in engine.studio.page(Filter(), 0, 9)) == 4, what="all"
    )
    assert len(_fetched(engine)) == 2
    engine.shelf = replace(engine.shelf, parallel=4)
    engine.studio.apply_download_settings()
    await until(lambda: len(_fetched(engine)) == 4, what="four transfers")
