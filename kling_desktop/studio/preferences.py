"""What the creator has chosen, and which accounts there are: read at once, written behind the scenes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from kling_desktop.domain.accounts import SANDBOX, Profile
from kling_desktop.errors import FileTrouble, SettingsUnread
from kling_desktop.store import settings
from kling_desktop.store.settings import Settings
from kling_desktop.studio.pace import sleep_or_wake

log = logging.getLogger(__name__)

_RETRY_SECONDS = 10.0
"""Pause before settings that could not be saved are tried again."""


class Preferences:
    """The settings in memory and their file. Changes are written soon, several as one; `flush` writes at once."""

    def __init__(self, data_dir: Path, session_profiles: Iterable[Profile] = (), *, only_sandbox: bool = False) -> None:
        self._data_dir = data_dir
        self._file = data_dir / "settings.json"
        self.unread: list[SettingsUnread] = []
        """That the file could not be read, and the choices of a first start are at work; empty when all is well."""
        self._now = settings.load(self._file, self.unread.append)
        self._session = tuple(session_profiles)
        self._only_sandbox = only_sandbox
        self._chosen = self._session[0].name if self._session else self._now.profile
        self._unsaved = False
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._told = False
        self._listener: Callable[[FileTrouble], None] = lambda error: None

    @property
    def now(self) -> Settings:
        """The settings as they are now."""
        return self._now

    @property
    def usual(self) -> Settings:
        """The settings of a first start."""
        return Settings()

    @property
    def takes_folder(self) -> Path:
        """Where finished takes are kept."""
        return self._now.library_folder or self._data_dir / "takes"

    @property
    def unit_price(self) -> Decimal:
        """What a unit costs the creator, in US dollars."""
        return Decimal(str(self._now.unit_price))

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every account in reach: those of this session, those that are kept, and the sandbox at the end."""
        if self._only_sandbox:
            return (SANDBOX,)
        session = {profile.name for profile in self._session}
        return (*self._session, *(p for p in self._now.profiles if p.name not in session), SANDBOX)

    @property
    def profile(self) -> Profile:
        """The account that new tasks are sent with: the chosen one, else the first, which may be the sandbox."""
        by_name = {profile.name: profile for profile in self.profiles}
        return by_name.get(self._chosen, self.profiles[0])

    def choose(self, profile: Profile) -> None:
        """Send new tasks with this account from now on."""
        self._chosen = profile.name
        self.change(profile=profile.name)

    def keep(self, profile: Profile) -> None:
        """Add an account, or replace the one of the same name, and choose it."""
        others = tuple(p for p in self._now.profiles if p.name != profile.name)
        self._session = tuple(p for p in self._session if p.name != profile.name)
        self._only_sandbox = False
        self._chosen = profile.name
        self.change(profiles=(*others, profile), profile=profile.name)

    def drop(self, profile_name: str) -> None:
        """Take an account off the list. Tasks that were sent with it keep it."""
        self.change(profiles=tuple(p for p in self._now.profiles if p.name != profile_name))

    def change(self, **values: Any) -> None:
        """Change settings by name; unknown names raise TypeError."""
        changed = replace(self._now, **values)
        if changed == self._now:
            return
        self._now = changed
        self._unsaved = True
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def tell_trouble(self, listener: Callable[[FileTrouble], None]) -> None:
        """Have the listener told, once until it passes, that the settings cannot be saved."""
        self._listener = listener

    async def _write(self) -> None:
        while self._unsaved:
            self._unsaved = False
            try:
                await asyncio.to_thread(settings.save, self._file, self._now)
            except FileTrouble as error:
                log.info("settings are not saved: %s", error)
                if self._closing.is_set():
                    return
                self._unsaved = True
                self._tell_once(error)
                await sleep_or_wake(_RETRY_SECONDS, self._closing)
            else:
                self._told = False

    def _tell_once(self, error: FileTrouble) -> None:
        if not self._told:
            self._told = True
            self._listener(error)

    async def flush(self) -> None:
        """Return when everything is on the disk. A disk that takes nothing is no reason to stay."""
        self._closing.set()
        if self._writing:
            await self._writing
