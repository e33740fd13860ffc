"""The accounts in reach: for each profile one open door to Kling, with the keys from the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Credentials, Profile, Region
from kling_desktop.errors import KeysMissing
from kling_desktop.studio.account.keyring_thread import run_unjoined

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
        self._lock = asyncio.Lock()

    async def kling(self, profile: Profile) -> Kling:
        """The door of this profile.

        Raises KeysMissing when no credentials are in reach, KeyringTrouble when the keyring refuses them,
        Unreachable when the sandbox does not start.
        """
        async with self._lock:
            if profile not in self._open:
                address, credentials = await self._way_in(profile)
                self._open[profile] = await open_kling(address, credentials)
            return self._open[profile]

    async def reopen(self, profile_name: str) -> None:
        """Forget the doors of this profile: its keys have changed."""
        for profile in [p for p in self._open if p.name == profile_name]:
            await self._open.pop(profile).retire()

    async def close(self) -> None:
        """Close every door."""
        async with AsyncExitStack() as stack:
            for kling in self._open.values():
                stack.push_async_callback(kling.close)
            self._open.clear()

    async def _way_in(self, profile: Profile) -> tuple[str, Credentials]:
        if profile.region is Region.SANDBOX:
            return await self._sandbox()
        credentials = await run_unjoined(self._vault.load, profile.name)
        if credentials is None:
            raise KeysMissing(f"profile {profile.name!r}")
        return profile.address, credentials


async def open_kling(address: str, credentials: Credentials) -> Kling:
    """A door to the service at this address. The HTTP library is loaded in a thread: it takes a quarter second."""
    client = await asyncio.to_thread(import_module, "kling_desktop.kling.client")
    kling: Kling = client.Kling(address, credentials)
    return kling
