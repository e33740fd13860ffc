"""Accounts: profiles, credentials, packs, and where an account lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Region(StrEnum):
    """Where an account lives. Accounts and keys of one region are unknown in the others."""

    SINGAPORE = "singapore"
    BEIJING = "beijing"
    GLOBAL = "global"
    """The host that was used before May 2025; it still answers."""
    CUSTOM = "custom"
    SANDBOX = "sandbox"

    @property
    def address(self) -> str:
        """Base URL without a trailing slash; empty where it is not fixed (custom, sandbox)."""
        return _ADDRESSES.get(self, "")


_ADDRESSES = {
    Region.SINGAPORE: "https://api-singapore.klingai.com",
    Region.BEIJING: "https://api-beijing.klingai.com",
    Region.GLOBAL: "https://api.klingai.com",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to reach Kling. A task keeps the profile it was sent with, whatever is changed later."""

    name: str
    """Chosen by the user, unique; also the name of the secret in the keyring."""
    region: Region = Region.SINGAPORE
    base_url: str = ""
    """Only for a custom region: scheme and host, no trailing slash."""

    @property
    def address(self) -> str:
        """Base URL of the service; empty for the sandbox, whose port is new at each start."""
        return self.base_url or self.region.address


SANDBOX = Profile("Sandbox", Region.SANDBOX)
"""The profile of the pretended Kling that comes with the program."""

SESSION = "This session"
"""Name of the profile whose keys or address come from the environment or the command line."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Access key and secret key, from which a short-lived token is signed."""

    access_key: str
    secret_key: str = field(repr=False)

    def __str__(self) -> str:
        return "KeyPair"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key that is sent as it is."""

    key: str = field(repr=False)

    def __str__(self) -> str:
        return "ApiKey"


Credentials = KeyPair | ApiKey


@dataclass(frozen=True, slots=True)
class Pack:
    """One resource pack of the account."""

    name: str
    total_units: Decimal
    remaining_units: Decimal
    """As Kling reports it: up to 12 hours late."""
    status: str
    """toBeOnline, online, expired or runOut; a word we do not know is kept as it came."""
    expires_at: datetime | None = None
