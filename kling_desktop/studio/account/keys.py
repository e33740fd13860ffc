"""The creator's keys: tested by a free call, kept in the keyring, forgotten on wish."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Credentials, Pack, Profile
from kling_desktop.errors import KeyringAwaited, KeyringTrouble, KlingDesktopError
from kling_desktop.studio.account.accounts import Accounts, open_kling
from kling_desktop.studio.account.keyring_thread import PATIENCE_SECONDS, refuse_to_wait, run_patiently, run_unjoined
from kling_desktop.studio.feed import Feed, KeysChecked, KeysKept

if TYPE_CHECKING:
    from kling_desktop.store.vault import Vault


class Keys:
    """Answers by facts: KeysChecked after `check`, KeysKept after `save`."""

    def __init__(self, vault: Vault, accounts: Accounts, feed: Feed) -> None:
        self._vault = vault
        self._accounts = accounts
        self._feed = feed
        self._deletions = Counter[str]()
        """Of the keys of each profile: what a keyring was asked to keep before holds no longer."""

    async def check(self, profile: Profile, credentials: Credentials | None) -> None:
        """Ask for the account's packs, which costs nothing. None takes the stored keys."""
        try:
            packs, skew = await self._packs(profile, credentials)
        except KlingDesktopError as error:
            self._feed.publish(KeysChecked(profile, error.trouble, (), None))
        else:
            self._feed.publish(KeysChecked(profile, None, packs, skew))

    async def save(self, profile: Profile, credentials: Credentials, *, session_only: bool = False) -> None:
        """Keep the keys under the profile's name: in the keyring, or for this session where there is none.

        While a keyring keeps us waiting they hold for this session, and a second KeysKept tells what it said at last.
        Of keys that are deleted meanwhile nothing is told, and they hold for nothing.
        """
        if session_only:
            await self._hold(profile, credentials)
            return
        deletions = self._deletions[profile.name]
        saving = asyncio.ensure_future(run_unjoined(self._vault.save, profile.name, credentials))
        is_late, trouble = False, None
        try:
            await asyncio.wait({saving}, timeout=PATIENCE_SECONDS)
            if not saving.done() and self._deletions[profile.name] == deletions:
                is_late = True
                await self._hold(profile, credentials, KeyringAwaited())
            await saving
        except KeyringTrouble as error:
            trouble = error
        finally:
            saving.cancel()
        if self._deletions[profile.name] != deletions:
            return
        if trouble is not None:
            await self._hold(profile, credentials, trouble, is_late=is_late)
        else:
            await self._tell(KeysKept(profile, None, session_only=False, is_late=is_late))

    async def _hold(
        self,
        profile: Profile,
        credentials: Credentials,
        trouble: KeyringTrouble | None = None,
        *,
        is_late: bool = False,
    ) -> None:
        """For this session. What has been entered since a keyring was asked stays."""
        if not is_late:
            self._vault.keep_for_session(profile.name, credentials)
        await self._tell(KeysKept(profile, trouble.trouble if trouble else None, session_only=True, is_late=is_late))

    async def _tell(self, fact: KeysKept) -> None:
        if not fact.is_late:  # then its door is open, with the keys that hold for this session
            await self._accounts.reopen(fact.profile.name)
        self._feed.publish(fact)

    async def forget(self, profile_name: str) -> None:
        """Delete the keys of this profile: for this session at once. Raises KeyringTrouble when they are, or may be, in
        the keyring still.
        """
        self._deletions[profile_name] += 1
        try:
            await run_patiently(refuse_to_wait, self._vault.delete, profile_name)
        finally:
            await self._accounts.reopen(profile_name)

    async def known(self, profile_name: str, on_wait: Callable[[], None] = lambda: None) -> bool:
        """Whether keys of this profile are in reach; `on_wait` is called once when the keyring takes its time to say.
        Raises KeyringTrouble.
        """
        return await run_patiently(on_wait, self._vault.load, profile_name) is not None

    async def _packs(self, profile: Profile, credentials: Credentials | None) -> tuple[tuple[Pack, ...], float | None]:
        if credentials is None or not profile.address:
            kling = await self._accounts.kling_soon(profile)
            packs = await kling.packs()
        else:
            kling = await open_kling(profile.address, credentials)
            try:
                packs = await kling.packs()
            finally:
                await kling.close()
        return tuple(packs), kling.clock_skew.total_seconds() if kling.clock_skew is not None else None
