"""Callbacks before a keyring that says nothing: what is wanted meanwhile is done without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import keyring.core
import pytest

from kling_desktop.errors import KeyringSilent
from kling_desktop.store.vault import Vault
from kling_desktop.studio.account import keyring_thread
from kling_desktop.studio.account.callbacks import Callbacks, Ear
from kling_desktop.studio.feed import CallbacksChanged, CallbackSecretKept, Fact, Feed
from tests.harness.desk.silent_keyring import GOOD, SilentKeyring
from tests.harness.waiting import until
from tests.kling.callbacks.test_messages import SECRET

_HERE = Ear("127.0.0.1", 0, "/kling")


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentKeyring]:
    backend = SilentKeyring()
    backend.priority = GOOD
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    monkeypatch.setattr(keyring_thread, "PATIENCE_SECONDS", 0.01)
    yield backend
    backend.answer.set()


async def _waiting_callbacks(facts: list[Fact]) -> tuple[Callbacks, asyncio.Task[None]]:
    """Callbacks that are to listen, and wait for their secret."""
    feed = Feed()
    feed.subscribe(facts.extend)
    callbacks = Callbacks(Vault(), feed, lambda _: None)
    listening = asyncio.create_task(callbacks.listen(_HERE))
    await until(lambda: "KeyringAwaited" in _troubles(facts), what="the keyring to be waited for")
    return callbacks, listening


def _troubles(facts: list[Fact]) -> list[str]:
    told = (fact.trouble for fact in facts if isinstance(fact, (CallbacksChanged, CallbackSecretKept)))
    return [trouble.error for trouble in told if trouble is not None]


async def test_they_can_be_turned_off_while_the_keyring_says_nothing() -> None:
    facts: list[Fact] = []
    callbacks, listening = await _waiting_callbacks(facts)
    await asyncio.wait_for(callbacks.listen(None), 20)
    await asyncio.wait_for(listening, 20)
    await until(lambda: facts[-1] == CallbacksChanged("", signed=False, trouble=None), what="that they are off")
    await callbacks.close()


async def test_a_secret_that_is_entered_meanwhile_holds_for_the_session() -> None:
    facts: list[Fact] = []
    callbacks, listening = await _waiting_callbacks(facts)
    await asyncio.wait_for(callbacks.keep_secret(SECRET), 20)
    await asyncio.wait_for(listening, 20)
    await until(lambda: any(isinstance(fact, CallbacksChanged) and fact.signed for fact in facts), what="a receiver")
    forgetting = asyncio.create_task(callbacks.forget_secret())
    gone = CallbackSecretKept(known=False, trouble=KeyringSilent().trouble)
    await until(lambda: gone in facts, what="that it may still be in the keyring")
    await callbacks.close()
    assert forgetting.done()
