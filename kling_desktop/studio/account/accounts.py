"""The accounts in reach: for each profile one open door to Kling, with the keys from the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Credentials, Profile, Region
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.errors import KeysMissing, Unreachable
from kling_desktop.studio.account.keyring_thread import PATIENCE_SECONDS, refuse_to_wait, run_unjoined

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling
    from kling_desktop.store.vault import Vault

SandboxDoor = Callable[[], Awaitable[tuple[str, Credentials]]]
"""Starts the sandbox when it is first needed; its address and credentials. Raises Unreachable."""


class Accounts:
    """Opens a Kling for a profile when it is first needed, and closes all of them at the end."""

    def __init__(self, vault: Vault, sandbox: SandboxDoor) -> None:
        self._vault = vault
        self._sandbox = sandbox
        self._open: dict[Profile, Kling] = {}
        self._opening: dict[Profile, asyncio.Task[Kling]] = {}
        self._closed = False

    async def kling(self, profile: Profile, on_wait: Callable[[], None] = lambda: None) -> Kling:
        """The door of this profile; `on_wait` is called once if the keyring keeps it waiting. A keyring that never
        answers keeps no other profile waiting.

        Raises KeysMissing when no credentials are in reach, KeyringTrouble when the keyring refuses them,
        Unreachable when the sandbox does not start.
        """
        is_said = profile.region is Region.SANDBOX
        while profile not in self._open:
            if self._closed:
                raise Unreachable("the program is ending")
            opening = self._opening.get(profile) or self._begin(profile)
            await asyncio.wait({opening}, timeout=None if is_said else PATIENCE_SECONDS)
            if not opening.done():
                is_said = True
                on_wait()
            elif not opening.cancelled():  # cancelled: the keys have changed meanwhile
                return opening.result()
        return self._open[profile]

    async def kling_soon(self, profile: Profile) -> Kling:
        """The same for who must have an answer: raises KeyringSilent as well, where the keyring keeps one waiting."""
        return await self.kling(profile, refuse_to_wait)

    async def reopen(self, profile_name: str) -> None:
        """Forget the doors of this profile, those not yet open as well: its keys have changed."""
        for profile in [p for p in self._opening if p.name == profile_name]:
            self._opening.pop(profile).cancel()
        for profile in [p for p in self._open if p.name == profile_name]:
            await self._open.pop(profile).retire()

    async def close(self) -> None:
        """Close every door, and wait for none that is not yet open. From now on none is opened."""
        self._closed = True
        for opening in self._opening.values():
            opening.cancel()
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        async with AsyncExitStack() as stack:
            for kling in self._open.values():
                stack.push_async_callback(kling.close)
            self._open.clear()

    def _begin(self, profile: Profile) -> asyncio.Task[Kling]:
        opening = self._opening[profile] = asyncio.create_task(self._opened(profile))
        opening.add_done_callback(lambda done: self._over(profile, done))
        return opening

    def _over(self, profile: Profile, opening: asyncio.Task[Kling]) -> None:
        if self._opening.get(profile) is opening:
            del self._opening[profile]
            if not opening.cancelled() and opening.exception() is None:
                self._open[profile] = opening.result()

    async def _opened(self, profile: Profile) -> Kling:
        address, credentials = await self._way_in(profile)
        return await open_kling(address, credentials, is_real=profile.region is not Region.SANDBOX)

    async def _way_in(self, profile: Profile) -> tuple[str, Credentials]:
        if profile.region is Region.SANDBOX:
            return await self._sandbox()
        credentials = await run_unjoined(self._vault.load, profile.name)
        if credentials is None:
            raise KeysMissing(f"profile {profile.name!r}")
        return profile.address, credentials


async def open_kling(address: str, credentials: Credentials, *, is_real: bool = True) -> Kling:
    """A door to the service at this address, whose answers tell the time at Kling. The HTTP library is
    loaded in a thread: it takes a quarter second.
    """
    client = await asyncio.to_thread(import_module, "kling_desktop.kling.client")
    kling: Kling = client.Kling(address, credentials, on_date=partial(KLING_TIME.tell, is_real=is_real))
    return kling
