"""Listens for Kling's callbacks while the creator wants it: each one only makes the studio ask Kling sooner."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import ApiKey
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import KeyringAwaited, KeyringMissing, KeyringTrouble, PortTaken, SecretMissing
from kling_desktop.studio.account.keyring_thread import refuse_to_wait, run_patiently
from kling_desktop.studio.feed import CallbacksChanged, CallbackSecretKept, Feed

if TYPE_CHECKING:
    from kling_desktop.kling.callbacks.messages import Hint
    from kling_desktop.kling.callbacks.receiver import Receiver
    from kling_desktop.store.vault import Vault

log = logging.getLogger(__name__)

SECRET_NAME = "callbacks: webhook secret"  # noqa: S105 - the name under which it stands in the keyring
"""No profile is called so: the secret lives beside the profiles' keys."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Where callbacks are to be listened for."""

    host: str
    """An address of this computer by number; 0.0.0.0 is all of them."""
    port: int
    path: str
    """Begins with a slash."""

    @property
    def is_private(self) -> bool:
        """Whether only programs on this computer reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    def address(self, port: int) -> str:
        """As a web address, without what a router or proxy before it makes of it."""
        return f"http://{self.host}:{port}{self.path}"


class Callbacks:
    """Opens and closes the receiver. Answers by facts: CallbacksChanged, CallbackSecretKept.

    Without a secret anybody could send hints, so unsigned callbacks are taken on loopback only.
    """

    def __init__(self, vault: Vault, feed: Feed, hinted: Callable[[str], None]) -> None:
        """`hinted` is called with each id that a callback names: ours, or Kling's."""
        self._vault = vault
        self._feed = feed
        self._hinted = hinted
        self._wanted: Ear | None = None
        self._receiver: Receiver | None = None
        self._one_at_a_time = asyncio.Lock()
        self._at_work: set[asyncio.Task[object]] = set()
        self._waiting: asyncio.Future[tuple[str, Trouble | None]] | None = None

    async def listen(self, wanted: Ear | None) -> None:
        """Listen there from now on, or nowhere with None."""
        async with self._alone():
            self._wanted = wanted
            await self._reopen()

    async def keep_secret(self, secret: str) -> None:
        """Believe only what is signed with this secret from now on. `is_secret` has said yes to it."""
        async with self._alone():
            trouble = await self._store(ApiKey(secret))
            self._feed.publish(CallbackSecretKept(known=True, trouble=trouble))
            await self._reopen()

    async def forget_secret(self) -> None:
        """Delete the secret."""
        async with self._alone():
            trouble = None
            try:
                await run_patiently(refuse_to_wait, self._vault.delete, SECRET_NAME)
            except KeyringTrouble as error:
                trouble = error.trouble
            self._feed.publish(CallbackSecretKept(known=False, trouble=trouble))
            await self._reopen()

    async def look_for_secret(self) -> None:
        """Tell whether there is a secret."""

        def tell_awaited() -> None:
            self._feed.publish(CallbackSecretKept(known=False, trouble=KeyringAwaited().trouble))

        secret, trouble = await self._secret(tell_awaited)
        self._feed.publish(CallbackSecretKept(bool(secret), trouble))

    async def close(self) -> None:
        """Stop listening. What waits for the keyring is called off: that may never answer."""
        for job in self._at_work:
            job.cancel()
        async with self._one_at_a_time:
            await self._shut()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        job = asyncio.current_task()
        assert job is not None  # noqa: S101 - asyncio runs this in a task; tells mypy so
        if self._waiting is not None:
            self._waiting.cancel()
        self._at_work.add(job)
        try:
            async with self._one_at_a_time:
                yield
        finally:
            self._at_work.discard(job)

    async def _reopen(self) -> None:
        await self._shut()
        if self._wanted is None:
            self._feed.publish(CallbacksChanged("", signed=False, trouble=None))
            return
        found = await self._secret_unless_superseded()
        if found is None:
            return
        secret, trouble = found
        if trouble is None:
            trouble = await self._open(self._wanted, secret)
        address = self._wanted.address(self._receiver.port) if self._receiver else ""
        self._feed.publish(CallbacksChanged(address, bool(secret), trouble))

    async def _secret_unless_superseded(self) -> tuple[str, Trouble | None] | None:
        """None when something else is wanted meanwhile, which will open it: a keyring may never answer."""
        if len(self._at_work) > 1:
            return None

        def tell_awaited() -> None:
            self._feed.publish(CallbacksChanged("", signed=False, trouble=KeyringAwaited().trouble))

        self._waiting = waiting = asyncio.ensure_future(self._secret(tell_awaited))
        try:
            await asyncio.wait({waiting})
            return None if waiting.cancelled() else waiting.result()
        finally:
            waiting.cancel()
            self._waiting = None

    async def _open(self, ear: Ear, secret: str) -> Trouble | None:
        if not secret and not ear.is_private:
            return SecretMissing(ear.host).trouble
        room = await asyncio.to_thread(import_module, "kling_desktop.kling.callbacks.receiver")
        receiver: Receiver = room.Receiver(self._hear, secret=secret, path=ear.path, host=ear.host, port=ear.port)
        try:
            await receiver.open()
        except PortTaken as error:
            log.info("callbacks: %s", error)
            return error.trouble
        self._receiver = receiver
        return None

    async def _shut(self) -> None:
        if self._receiver is not None:
            receiver, self._receiver = self._receiver, None
            await receiver.close()

    def _hear(self, hint: Hint) -> None:
        for id in filter(None, (hint.external_id, hint.kling_id)):
            self._hinted(id)

    async def _secret(self, on_wait: Callable[[], None]) -> tuple[str, Trouble | None]:
        try:
            kept = await run_patiently(on_wait, self._vault.load, SECRET_NAME)
        except KeyringTrouble as error:
            return "", _unless_missing(error)
        return (kept.key if isinstance(kept, ApiKey) else ""), None

    async def _store(self, secret: ApiKey) -> Trouble | None:
        try:
            await run_patiently(refuse_to_wait, self._vault.save, SECRET_NAME, secret)
        except KeyringTrouble as error:
            self._vault.keep_for_session(SECRET_NAME, secret)
            return error.trouble
        return None


def is_secret(text: str) -> bool:
    """Whether this can be a Standard-Webhooks secret: whsec_ and the base64 of a key."""
    from kling_desktop.kling.callbacks.messages import key_in  # not before somebody pastes one

    return text.startswith("whsec_") and bool(key_in(text))


def _unless_missing(error: KeyringTrouble) -> Trouble | None:
    """A system without a keyring keeps no secret: that is no reason not to listen."""
    return None if isinstance(error, KeyringMissing) else error.trouble
