"""The folder of takes: never made beside an absent drive, and what lies in it is found by its clip."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import DriveAbsent
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.request import Request
from kling_desktop.kling import download
from kling_desktop.studio.feed import FileSaved
from kling_desktop.studio.files.folder import ensure_folder, is_out_of_reach, lying_here
from tests.harness.desk.stick import Stick
from tests.harness.media.films import film
from tests.harness.servers.odd_server import Heard, OddServer, response
from tests.harness.servers.stand_in import VIDEO_ID, Staged, staged
from tests.harness.waiting import until


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Staged]:
    async with staged(tmp_path / "data") as stage:
        yield stage


@pytest.mark.parametrize(
    "folder", ["/media/somebody/no-drive", "/mnt/no-drive", "/Volumes/no-drive/takes", "/no/where"]
)
def test_no_folder_is_made_beside_an_absent_drive(folder: str) -> None:
    with pytest.raises(DriveAbsent):
        ensure_folder(Path(folder))
    assert not Path(folder).exists()


def test_what_is_left_of_a_mount_point_is_no_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder stays where a drive was; takes put into it would be hidden when the drive comes back."""
    monkeypatch.setattr("kling_desktop.studio.files.folder._MOUNTS", (str(tmp_path / "media"),))
    left = tmp_path / "media" / "somebody" / "stick"
    left.mkdir(parents=True)
    with pytest.raises(DriveAbsent):
        ensure_folder(left / "takes")
    assert list(left.iterdir()) == []
    monkeypatch.setattr(Path, "is_mount", lambda place: place == left)
    ensure_folder(left / "takes")
    assert (left / "takes").is_dir()


def test_a_folder_whose_drive_is_there_is_made(tmp_path: Path, home: Path) -> None:
    for folder in (tmp_path / "takes", Path.home() / "Videos" / "Kling" / "takes"):
        ensure_folder(folder)
        assert folder.is_dir()


def test_a_file_is_out_of_reach_only_together_with_its_folder(tmp_path: Path) -> None:
    assert is_out_of_reach(tmp_path / "drive" / "a.mp4")
    assert not is_out_of_reach(tmp_path / "a.mp4")


def test_a_take_is_found_by_its_clip_whatever_its_name_begins_with(tmp_path: Path) -> None:
    file = film(tmp_path / "2026-11-21_other-words_5s_743.mp4")
    (tmp_path / "2026-11-22_broken_744.mp4").write_bytes(file.read_bytes()[:500])
    marked = film(tmp_path / "2026-11-21_words_743_watermark.mp4")
    assert lying_here(tmp_path, "743") == file
    assert lying_here(tmp_path, "743", "watermark") == marked
    assert lying_here(tmp_path, "744") is None
    assert lying_here(tmp_path, "43") is None
    assert lying_here(tmp_path / "absent", "743") is None


def test_an_export_beside_the_takes_is_not_taken_for_one(tmp_path: Path) -> None:
    take = film(tmp_path / "elsewhere.mp4")
    whole = ExportFilm("Fox", (ExportPart(take, clip_id="743"),))
    made = export(Request(whole, "h264-small", tmp_path, Path("2026-11-21_fox_743.mp4"))).file
    assert lying_here(tmp_path, "743") is None
    kept = take.rename(tmp_path / "2026-11-22_fox_743.mp4")
    assert sorted([made, kept])[0] == made, "the first that is looked at"
    assert lying_here(tmp_path, "743") == kept


def _is_kept(now: Task) -> object:
    return now.clip and now.clip.file


async def _kept(stage: Staged, url: str, stands: Callable[[Task], object] = _is_kept) -> Task:
    task = stage.engine.submit(video_id=VIDEO_ID)
    running = await stage.engine.until(task, lambda now: now.status.at_kling)
    clip = Clip("743", kling_id=running.kling_id, url=url, made_at=datetime.now(UTC))
    made = stage.kling.made[running.kling_id]
    stage.kling.made[running.kling_id] = replace(made, status=Status.SUCCEEDED, clip=clip)
    return await stage.engine.until(task, stands)


async def test_a_take_on_an_absent_drive_keeps_its_path_and_comes_back(stage: Staged, tmp_path: Path) -> None:
    body = film(tmp_path / "whole.mp4").read_bytes()
    with OddServer(lambda _: [response(body)]) as server:
        task = await _kept(stage, f"{server.url}/a.mp4")
        assert task.clip is not None
        assert task.clip.file is not None
        drive = task.clip.file.parent
        drive.rename(tmp_path / "unplugged")
        absent = stage.engine.studio.check_file(task)
        assert absent.clip == task.clip
        assert absent.trouble is not None
        assert absent.trouble.error == "DriveAbsent"
        (tmp_path / "unplugged").rename(drive)
        assert stage.engine.studio.check_file(absent) == task
        task.clip.file.unlink()
        stage.engine.studio.check_file(task)
        await until(task.clip.file.exists, what="the deleted take to be fetched again")
        assert len(server.heard) == 2


async def test_what_lies_in_the_folder_is_not_fetched_again(stage: Staged, tmp_path: Path) -> None:
    takes = stage.engine.shelf.takes
    takes.mkdir(parents=True)
    there = film(takes / "2025-01-01_an-older-name_743.mp4")
    with OddServer(lambda _: [response(b"", "500 Oops")]) as server:
        task = await _kept(stage, f"{server.url}/a.mp4")
        assert task.clip is not None
        assert task.clip.file == there
        assert server.heard == []


async def test_a_chosen_folder_on_an_absent_drive_is_waited_for(stage: Staged, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    stage.engine.shelf = replace(stage.engine.shelf, takes=drive / "films")
    body = film(tmp_path / "whole.mp4").read_bytes()
    with OddServer(lambda _: [response(body)]) as server:
        task = stage.engine.submit(video_id=VIDEO_ID)
        running = await stage.engine.until(task, lambda now: now.status.at_kling)
        clip = Clip("743", kling_id=running.kling_id, url=f"{server.url}/a.mp4", made_at=datetime.now(UTC))
        made = stage.kling.made[running.kling_id]
        stage.kling.made[running.kling_id] = replace(made, status=Status.SUCCEEDED, clip=clip)
        waiting = await stage.engine.until(task, lambda now: now.trouble)
        assert waiting.trouble is not None
        assert waiting.trouble.error == "DriveAbsent"
        assert not drive.exists()
        drive.mkdir()
        kept = await stage.engine.until(task, lambda now: now.clip and now.clip.file)
        assert kept.clip is not None
        assert kept.clip.file is not None
        assert kept.clip.file.stat().st_mode & 0o077 == 0, "others on this computer cannot read it"


async def test_no_copy_is_written_over_a_take(stage: Staged, tmp_path: Path) -> None:
    body = film(tmp_path / "whole.mp4").read_bytes()
    with OddServer(lambda _: [response(body)]) as server:
        task = await _kept(stage, f"{server.url}/a.mp4")
    assert task.clip is not None
    assert task.clip.file is not None
    link = tmp_path / "link"
    link.symlink_to(task.clip.file.parent)
    for target in (task.clip.file, link / task.clip.file.name):
        for source in (task.clip.file, tmp_path / "whole.mp4"):
            await stage.engine.studio.copies.make(source, target)
            told = await until(lambda: [fact for fact in stage.engine.facts if isinstance(fact, FileSaved)])
            stage.engine.facts.clear()
            assert told[0].trouble is not None
            assert told[0].trouble.error == "LibrarysOwn"
    assert task.clip.file.read_bytes() == body


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["before the first byte", "on the way", "at the last byte"])
async def test_a_drive_that_goes_during_a_download_is_waited_for_and_no_folder_made_beside_it(
    stage: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(download, "_LOOK_EVERY_BYTES", 1)  # so that the room is asked for with every piece
    drive, unplugged = tmp_path / "drive", tmp_path / "unplugged"
    (drive / "films").mkdir(parents=True)
    stage.engine.shelf = replace(stage.engine.shelf, takes=drive / "films")
    answer = response(film(tmp_path / "whole.mp4").read_bytes())
    head = answer.index(b"\r\n\r\n") + 4
    at = max(1, int((len(answer) - head) * share)) + (head if share else 0)
    went = Event()

    def answered(heard: Heard) -> Iterator[bytes]:
        yield answer[: at - 1]
        if not went.is_set():
            drive.rename(unplugged)
            went.set()
        yield answer[at - 1 :]

    with OddServer(answered) as server:
        task = stage.engine.submit(video_id=VIDEO_ID)
        running = await stage.engine.until(task, lambda now: now.status.at_kling)
        clip = Clip("743", kling_id=running.kling_id, url=f"{server.url}/a.mp4", made_at=datetime.now(UTC))
        made = stage.kling.made[running.kling_id]
        stage.kling.made[running.kling_id] = replace(made, status=Status.SUCCEEDED, clip=clip)
        waiting = await stage.engine.until(task, lambda now: now.trouble)
        assert waiting.trouble is not None
        assert waiting.trouble.error == "DriveAbsent"
        assert not drive.exists()
        unplugged.rename(drive)
        kept = await stage.engine.until(task, lambda now: now.clip and now.clip.file)
        assert kept.clip is not None
        assert kept.clip.file is not None
        assert [kept.clip.file] == list((drive / "films").iterdir())


@pytest.mark.parametrize("below", ["", "Kling/takes"], ids=["the drive itself", "a folder on it"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["before the first byte", "on the way", "at the last byte"])
async def test_what_is_left_of_a_drive_that_goes_takes_no_take(
    stage: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, below: str
) -> None:
    """Wherever it is mounted, its empty folder stays: what came to lie in it would be hidden when it is back."""
    stick = Stick(tmp_path / "nas", monkeypatch)
    takes = stick.folder / below
    takes.mkdir(parents=True, exist_ok=True)
    stage.engine.shelf = replace(stage.engine.shelf, takes=takes)
    answer = response(film(tmp_path / "whole.mp4").read_bytes())
    head = answer.index(b"\r\n\r\n") + 4
    at = max(1, int((len(answer) - head) * share)) + (head if share else 0)
    went = Event()

    def answered(heard: Heard) -> Iterator[bytes]:
        yield answer[: at - 1]
        if not went.is_set():
            stick.pull()
            went.set()
        yield answer[at - 1 :]

    with OddServer(answered) as server:
        task = await _kept(stage, f"{server.url}/a.mp4", lambda now: now.trouble)
        assert task.trouble is not None
        assert task.trouble.error == "DriveAbsent"
        assert list(stick.folder.iterdir()) == []
        stick.plug()
        kept = await stage.engine.until(task, lambda now: now.clip and now.clip.file)
    assert kept.clip is not None
    assert [kept.clip.file] == list(takes.iterdir())


async def test_a_take_is_not_called_deleted_as_its_drive_is_away(
    stage: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = Stick(tmp_path / "nas", monkeypatch)
    stage.engine.shelf = replace(stage.engine.shelf, takes=stick.folder)
    body = film(tmp_path / "whole.mp4").read_bytes()
    with OddServer(lambda _: [response(body)]) as server:
        kept = await _kept(stage, f"{server.url}/a.mp4")
        stick.pull()
        away = stage.engine.studio.check_file(kept)
        assert away.trouble is not None
        assert away.trouble.error == "DriveAbsent"
        assert (now := stage.engine.now(kept))
        assert now.clip
        assert now.clip.file == kept.clip.file if kept.clip else False
        asked = len(server.heard)
        stick.plug()
        assert stage.engine.studio.check_file(away).trouble is None
        assert len(server.heard) == asked, "nothing is fetched again"
