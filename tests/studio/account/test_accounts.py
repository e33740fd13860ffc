"""Doors to Kling: a keyring that hangs keeps nobody else waiting, new keys close the old door."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import keyring.core
import pytest

from kling_desktop.domain.accounts import SANDBOX, ApiKey, Credentials, KeyPair, Profile, Region
from kling_desktop.errors import KeysMissing
from kling_desktop.kling.client import Kling
from kling_desktop.store.vault import Vault
from kling_desktop.studio.account import accounts as room
from kling_desktop.studio.account.accounts import Accounts
from tests.harness.desk.silent_keyring import SilentKeyring

OURS = Profile("Ours", Region.CUSTOM, "http://127.0.0.1:9")


async def _sandbox() -> tuple[str, Credentials]:
    return "http://127.0.0.1:9", KeyPair("access", "secret")


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentKeyring]:
    backend = SilentKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    monkeypatch.setattr(room, "PATIENCE_SECONDS", 0.01)
    yield backend
    backend.answer.set()


async def test_a_keyring_that_hangs_is_said_and_keeps_no_other_profile_waiting(silent: SilentKeyring) -> None:
    accounts, said = Accounts(Vault(), _sandbox), asyncio.Event()
    waiting = asyncio.create_task(accounts.kling(OURS, said.set))
    await asyncio.wait_for(said.wait(), 10)
    assert isinstance(await accounts.kling(SANDBOX), Kling)
    assert not waiting.done()
    silent.answer.set()
    with pytest.raises(KeysMissing):
        await waiting
    assert silent.asked == 1
    await accounts.close()


async def test_keys_for_this_session_open_the_door_that_the_keyring_holds(silent: SilentKeyring) -> None:
    vault = Vault()
    accounts, said = Accounts(vault, _sandbox), asyncio.Event()
    waiting = [asyncio.create_task(accounts.kling(OURS, said.set)) for _ in range(2)]
    await asyncio.wait_for(said.wait(), 10)
    vault.keep_for_session(OURS.name, ApiKey("api-key-kling-x"))
    await accounts.reopen(OURS.name)
    doors = [await asyncio.wait_for(each, 10) for each in waiting]
    assert doors[0] is doors[1] is await accounts.kling(OURS)
    await accounts.close()


async def test_closing_waits_for_no_keyring(silent: SilentKeyring) -> None:
    accounts, said = Accounts(Vault(), _sandbox), asyncio.Event()
    waiting = asyncio.create_task(accounts.kling(OURS, said.set))
    await asyncio.wait_for(said.wait(), 10)
    waiting.cancel()
    await asyncio.wait_for(accounts.close(), 10)
    assert not silent.answer.is_set()


async def test_new_keys_close_the_old_door(silent: SilentKeyring) -> None:
    vault = Vault()
    vault.keep_for_session(OURS.name, ApiKey("api-key-kling-x"))
    accounts = Accounts(vault, _sandbox)
    old = await accounts.kling(OURS)
    client = await old._client()
    await accounts.reopen(OURS.name)
    assert client.is_closed
    assert await accounts.kling(OURS) is not old
    await accounts.close()
