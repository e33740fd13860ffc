"""However the program ends, the next start goes on from there and says what it found."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.errors import DamageMet, Remedy, SettingsUnread
from kling_desktop.store import settings
from kling_desktop.store.files import write_atomically
from kling_desktop.store.library import Library
from kling_desktop.store.schema import OURS
from kling_desktop.store.settings import Settings
from kling_desktop.studio.tasks.recovery import remedy_of
from tests.harness.desk.guards import qt_complaints
from tests.harness.waiting import until
from tests.journeys.child import DRAFT, SEEN_SECONDS
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

Child = subprocess.Popen[str]
Run = Callable[..., Child]
SEED = int(os.environ.get("KLING_TEST_SEED", "3"))
KILLS = 3
LATEST_KILL = 0.6
"""Seconds after a step began."""


@pytest.fixture
def run(sandbox: Sandbox, data_dir: Path, tmp_path: Path) -> Iterator[Run]:
    """Starts the program on `data_dir` in a process of its own, with steps to do; killed at the end if it lives."""
    children: list[Child] = []
    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}

    def started(*steps: str, program: tuple[str, ...] = (), **environment: str) -> Child:
        command = program or ("tests.journeys.child", str(data_dir), sandbox.url, *steps)
        with (tmp_path / f"stderr-{len(children)}").open("w") as stderr:
            child = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env={**os.environ, **keys, **environment},
            )
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()
        child.communicate()
    said = "".join(file.read_text("utf-8") for file in tmp_path.glob("stderr-*"))
    assert qt_complaints(said) == []


async def begins(child: Child, step: str) -> None:
    """Wait until the child says that it begins with a step."""
    assert child.stdout is not None
    os.set_blocking(child.stdout.fileno(), False)
    heard: list[str] = []

    def said() -> bool:
        assert child.stdout is not None
        heard.extend(child.stdout.readlines())
        assert child.poll() is None, f"the child ended with {child.returncode} after {heard}"
        return f"{step}\n" in heard

    await until(said, 60, f"the child to begin with {step!r}")


async def killed_after(child: Child, seconds: float) -> None:
    """Take the program away without a word."""
    end = monotonic() + seconds
    await until(lambda: monotonic() >= end)
    child.kill()
    child.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
async def test_killed_at_random_moments_no_take_is_lost_or_made_twice(start: Start, run: Run) -> None:
    chance = random.Random(SEED)  # noqa: S311 - chance, not secrecy
    for _ in range(KILLS):
        child = run("ask", "write")
        await begins(child, "ask")
        await killed_after(child, chance.uniform(0, LATEST_KILL))
    async with start() as creator:
        assert "did not close properly last time" in creator.banners()
        await creator.sees(lambda: all(_settled(task) for task in _tasks(creator)), "every task to be settled", 40)
        for task in _tasks(creator):
            if remedy_of(task) is Remedy.SEND_AGAIN:
                creator.tasks.select(task.id)
                creator.clicks(creator.window.doctor.button)
        await creator.sees(lambda: all(map(_kept, _tasks(creator))), "every take to be kept", 40)
        made = creator.ask("audit")["tasks"]
        assert [made[task.id]["created"] for task in _tasks(creator)] == [1] * len(_tasks(creator))
        assert len(made) == len(_tasks(creator))
        takes = creator.program.preferences.takes_folder
        assert _parts(takes) == []
    async with start() as creator:
        assert "did not close properly" not in creator.banners()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
async def test_after_a_kill_everything_is_as_it_was_seen_last(start: Start, run: Run, data_dir: Path) -> None:
    child = run("ask", "take", "write", "look")

    def noted() -> bool:
        kept = _settings(data_dir)
        return bool(kept.get("selected")) and abs(kept.get("player_seconds", 0.0) - SEEN_SECONDS) < 0.2

    await begins(child, "look")
    await until(noted, 60, "selection and position on the disk")
    await killed_after(child, 0.5)  # the window's size comes with the next note
    async with start() as creator:
        assert "did not close properly last time: your draft is here." in creator.banners()
        assert creator.form.extension().prompt == DRAFT
        assert creator.tasks.selected() == creator.newest()
        assert creator.window.size().width() == 1111
        await creator.sees(lambda: abs(creator.viewer.position_seconds - SEEN_SECONDS) < 0.2, "the frame seen last")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
async def test_a_second_start_leaves_at_once_and_the_first_goes_on(run: Run, data_dir: Path) -> None:
    program = ("kling_desktop", "--sandbox", "--data-dir", str(data_dir))
    first = run(program=program)
    await until((data_dir / "running.mark").exists, 60, "the first window")
    second = run(program=program)
    await until(lambda: second.poll() is not None, 60, "the second to leave")
    assert second.returncode == 0
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    await until(lambda: first.poll() is not None, 60, "the first to end")
    assert first.returncode == 0
    assert not (data_dir / "running.mark").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
async def test_stop_signals_while_it_starts_and_closes_end_it_in_order_without_a_word(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    child = run(program=("kling_desktop", "--sandbox", "--data-dir", str(data_dir)))
    await until((data_dir / "running.mark").exists, 60, "something to be open")

    def has_ended() -> bool:
        child.send_signal(signal.SIGINT)
        return child.poll() is not None

    await until(has_ended, 60, "it to end")
    assert child.returncode == 0
    assert not (data_dir / "running.mark").exists()
    assert (tmp_path / "stderr-0").read_text("utf-8") == ""


async def test_a_newer_library_is_refused_in_words_and_not_touched(run: Run, data_dir: Path, tmp_path: Path) -> None:
    before = _make_newer(data_dir)
    child = run(program=("kling_desktop", "--sandbox", "--data-dir", str(data_dir)), QT_QPA_PLATFORM="offscreen")
    await until(lambda: child.poll() is not None, 60, "the program to leave")
    assert child.returncode == 1
    said = (tmp_path / "stderr-0").read_text("utf-8")
    assert "This library was written by a newer version. Update Kling Desktop" in said
    assert "Traceback" not in said
    assert _libraries(data_dir) == before


@pytest.mark.expects_log("library.*damaged")
async def test_a_damaged_library_is_set_aside_and_help_is_offered(start: Start, data_dir: Path) -> None:
    damaged = _make_damaged(data_dir)
    async with start() as creator:
        await creator.sees(lambda: "The library was damaged" in creator.banners(), "the word about it")
        bar = creator.window.notices.bar(
            next(text for text in creator.window.notices.texts() if "The library was damaged" in text)
        )
        assert bar is not None
        assert bar.action is not None
        assert bar.action.text() == "Find my takes…"
    aside = {name: data for name, data in _libraries(data_dir).items() if ".damaged-" in name}
    assert [data for name, data in aside.items() if not name.endswith(("-wal", "-shm"))] == [damaged]


@pytest.mark.expects_log("library.*damaged|read")
async def test_a_take_that_makes_no_sense_costs_itself_alone(start: Start, data_dir: Path) -> None:
    async with start() as creator:
        for words in ("A heron lands", "A gull calls"):
            creator.asks(creator.clip_id("dawn-lake"), words)
            await creator.sees_take()
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as foreign:
        foreign.execute("PRAGMA ignore_check_constraints = ON")
        foreign.execute("UPDATE task SET status = 'dreaming' WHERE prompt = 'A gull calls'")
        foreign.commit()
    with closing(Library.open(data_dir / "library.sqlite3")) as library, pytest.raises(DamageMet):
        library.page(Filter(), 0, 10)  # as the start does, which upon this begins again by itself
    async with start() as creator:
        await creator.sees(lambda: "damaged and has been mended" in creator.banners(), "the word about it")
        assert [task.extension.prompt for task in (creator.newest(),) if task] == ["A heron lands"]
        assert creator.take(1) is None


def _make_newer(data_dir: Path) -> dict[str, bytes]:
    """A library of a version to come."""
    data_dir.mkdir()
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as newer:
        newer.execute("CREATE TABLE of_the_future (x)")
        newer.execute("PRAGMA user_version = 999")
        newer.execute(f"PRAGMA application_id = {OURS}")
        newer.commit()
    return _libraries(data_dir)


def _make_damaged(data_dir: Path) -> bytes:
    """A library whose pages a bad disk has filled with rubbish."""
    file = data_dir / "library.sqlite3"
    Library.open(file).close()
    damaged = file.read_bytes()[:100] + b"rubbish" * 2000
    file.write_bytes(damaged)
    return damaged


def _libraries(data_dir: Path) -> dict[str, bytes]:
    """Every file of the library, and its content."""
    return {file.name: file.read_bytes() for file in data_dir.glob("library*")}


def _settings(data_dir: Path) -> dict[str, Any]:
    file = data_dir / "settings.json"
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return kept


def _parts(folder: Path) -> list[Path]:
    return list(folder.glob("*.part*"))


def _tasks(creator: Creator) -> list[Task]:
    return creator.program.studio.ledger.page(Filter(), 0, 100)


def _kept(task: Task) -> bool:
    return task.status is Status.SUCCEEDED and task.clip is not None and task.clip.file is not None


def _settled(task: Task) -> bool:
    return _kept(task) or remedy_of(task) is Remedy.SEND_AGAIN


async def test_a_keyring_that_never_answers_keeps_no_process_alive(run: Run, data_dir: Path) -> None:
    """Once asked for the keys of a waiting task, and for the secret of the callbacks."""
    settings.save(data_dir / "settings.json", Settings(callbacks=True))
    silent = {"PYTHON_KEYRING_BACKEND": "tests.harness.desk.silent_keyring.SilentKeyring"}
    child = run("ask", "part", KLING_ACCESS_KEY="", KLING_SECRET_KEY="", **silent)
    await begins(child, "part")
    await until(lambda: child.poll() is not None, 60, "the process to end")
    assert child.returncode == 0


@pytest.mark.expects_log("set aside as settings.damaged-")
async def test_settings_that_cannot_be_read_are_told_once_and_kept(start: Start, data_dir: Path) -> None:
    write_atomically(data_dir / "settings.json", b"{")
    async with start() as creator:
        assert SettingsUnread.title in creator.banners()
        assert creator.window.notices.isVisible()
        creator.program.preferences.change(volume=0.5)
    assert len(_set_aside(data_dir)) == 1
    async with start() as creator:
        assert SettingsUnread.title not in creator.banners()


def _set_aside(folder: Path) -> list[Path]:
    return list(folder.glob("settings.damaged-*.json"))
