"""The sandbox outlives whoever asked for it first, comes back when killed, and is given up when that is no use."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from kling_desktop.domain.accounts import SANDBOX, KeyPair
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Standing, Trouble
from kling_desktop.errors import KlingDesktopError, SandboxUnusable
from kling_desktop.running.sandbox_door import SandboxDoor
from kling_desktop.sandbox.child import SandboxChild
from kling_desktop.store.vault import Vault
from kling_desktop.studio.account.accounts import Accounts
from tests.harness.waiting import PAUSE, until

SECONDS = 60.0
"""Until a child has started: a bound for what never comes, on a machine that does other things."""

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture
def child(tmp_path: Path, media_cache: Path) -> SandboxChild:
    return SandboxChild(tmp_path / "world", speed="instant", size="small", cache_dir=media_cache)


@pytest.fixture
def told() -> list[Trouble]:
    return []


@pytest.fixture
async def door(child: SandboxChild, told: list[Trouble]) -> AsyncIterator[SandboxDoor]:
    door = SandboxDoor(child, told.append)
    yield door
    await asyncio.to_thread(door.close)


@pytest.fixture
async def accounts(door: SandboxDoor) -> AsyncIterator[Accounts]:
    accounts = Accounts(Vault(), door)
    yield accounts
    await accounts.close()


def killed(child: SandboxChild) -> int:
    """Kill it as a system without memory does; the id that it had."""
    pid = child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_one_who_asks_and_goes_away_does_not_have_it_started_twice(
    door: SandboxDoor, child: SandboxChild
) -> None:
    """Two at once would write the same world, and the older one would end: nobody holds its standard input."""
    first = asyncio.ensure_future(door())
    pid = await until(lambda: child.pid, SECONDS)
    first.cancel()
    await asyncio.wait([first])
    _, credentials = await door()
    assert isinstance(credentials, KeyPair)
    assert child.pid == pid


@needs_kill
@pytest.mark.expects_log("the sandbox ended with code -9; it is started again")
async def test_one_that_is_killed_comes_back_where_it_was(accounts: Accounts, child: SandboxChild) -> None:
    kling = await accounts.kling(SANDBOX)
    before = await kling.page(Kind.TEXT)
    pid = killed(child)
    await until(lambda: child.pid != pid, SECONDS)

    async def asked_again() -> list[Standing]:
        """Through the door that was open before: nobody has to be told."""
        while True:
            try:
                return await kling.page(Kind.TEXT)
            except KlingDesktopError:
                await asyncio.sleep(PAUSE)

    after = await asyncio.wait_for(asked_again(), SECONDS)
    assert before
    assert [_made(one) for one in after] == [_made(one) for one in before]


def _made(standing: Standing) -> tuple[str, str | None]:
    """What was made, and where it is: the address names the port."""
    return standing.kling_id, standing.clip.url.partition("?")[0] if standing.clip else None


@needs_kill
@pytest.mark.expects_log("File exists")
@pytest.mark.expects_log("for the 4th time and is not started again")
@pytest.mark.expects_log("it is started again")
async def test_one_that_ends_at_every_start_is_given_up_and_that_is_said(
    door: SandboxDoor, child: SandboxChild, told: list[Trouble], tmp_path: Path
) -> None:
    await door()
    shutil.rmtree(tmp_path / "world")
    (tmp_path / "world").touch()
    killed(child)
    await until(lambda: told, SECONDS)
    assert [(trouble.error, trouble.message) for trouble in told] == [("SandboxEnded", "code 1")]


async def test_one_that_cannot_be_started_is_started_anew_when_it_is_asked_for_again(
    door: SandboxDoor, tmp_path: Path
) -> None:
    (tmp_path / "world").touch()
    with pytest.raises(SandboxUnusable, match="world"):  # not Kling that cannot be reached, and no traceback
        await door()
    (tmp_path / "world").unlink()
    address, _ = await door()
    assert address.startswith("http://127.0.0.1:")


async def test_none_is_started_once_the_program_ends(door: SandboxDoor, child: SandboxChild) -> None:
    await asyncio.to_thread(door.close)
    with suppress(KlingDesktopError):
        await door()
    assert child.pid is None


@pytest.mark.parametrize("place", ["sandbox.jsonl", "sandbox.new"])
async def test_what_lies_in_its_way_is_named(door: SandboxDoor, tmp_path: Path, place: str) -> None:
    """A folder where a file of its own is looked for."""
    in_the_way = tmp_path / "world" / place
    in_the_way.mkdir(parents=True)
    with pytest.raises(SandboxUnusable, match=place):
        await door()


async def test_a_module_of_the_creators_in_the_folder_it_is_started_from_does_not_stop_it(
    door: SandboxDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    address, _ = await door()
    assert address
