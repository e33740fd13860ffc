"""The creator's keys: tested by a free call, kept in the keyring, forgotten on wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Credentials, Pack, Profile
from kling_desktop.errors import KeyringTrouble, KlingDesktopError
from kling_desktop.studio.account.accounts import Accounts, open_kling
from kling_desktop.studio.account.keyring_thread import run_unjoined
from kling_desktop.studio.feed import Feed, KeysChecked, KeysKept

if TYPE_CHECKING:
    from kling_desktop.store.vault import Vault


class Keys:
    """Answers by facts: KeysChecked after `check`, KeysKept after `save`."""

    def __init__(self, vault: Vault, accounts: Accounts, feed: Feed) -> None:
        self._vault = vault
        self._accounts = accounts
        self._feed = feed

    async def check(self, profile: Profile, credentials: Credentials | None) -> None:
        """Ask for the account's packs, which costs nothing. None takes the stored keys."""
        try:
            packs, skew = await self._packs(profile, credentials)
        except KlingDesktopError as error:
            self._feed.publish(KeysChecked(profile, error.trouble, (), None))
        else:
            self._feed.publish(KeysChecked(profile, None, packs, skew))

    async def save(self, profile: Profile, credentials: Credentials, *, session_only: bool = False) -> None:
        """Keep the keys under the profile's name: in the keyring, or for this session where there is none."""
        trouble = None
        try:
            if session_only:
                self._vault.keep_for_session(profile.name, credentials)
            else:
                await run_unjoined(self._vault.save, profile.name, credentials)
        except KeyringTrouble as error:
            self._vault.keep_for_session(profile.name, credentials)
            trouble = error.trouble
        await self._accounts.reopen(profile.name)
        self._feed.publish(KeysKept(profile, trouble, session_only or trouble is not None))

    async def forget(self, profile_name: str) -> None:
        """Delete the keys of this profile. Raises KeyringTrouble."""
        await run_unjoined(self._vault.delete, profile_name)
        await self._accounts.reopen(profile_name)

    async def known(self, profile_name: str) -> bool:
        """Whether keys of this profile are in reach. Raises KeyringTrouble."""
        return await run_unjoined(self._vault.load, profile_name) is not None

    async def _packs(self, profile: Profile, credentials: Credentials | None) -> tuple[tuple[Pack, ...], float | None]:
        if credentials is None or not profile.address:
            kling = await self._accounts.kling(profile)
            packs = await kling.packs()
        else:
            kling = await open_kling(profile.address, credentials)
            try:
                packs = await kling.packs()
            finally:
                await kling.close()
        return tuple(packs), kling.clock_skew.total_seconds() if kling.clock_skew is not None else None
