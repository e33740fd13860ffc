"""Fetches the one signed page that says which version is the newest, and trusts it only as far as it is signed."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final

import httpx

from kling_desktop.errors import KlingDesktopError, UpdateUnknown
from kling_desktop.kling.body import body_of
from kling_desktop.kling.client import checked_address
from kling_desktop.kling.updates.signature import is_signed
from kling_desktop.kling.wire import in_own_task, new_api_client

SECONDS: Final = 15.0
"""How long the answer may take in all."""
LARGEST: Final = 64 * 1024
"""Bytes that an answer may have."""
_LONGEST_TEXT: Final = 4000
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")


@dataclass(frozen=True, slots=True)
class Release:
    """What the newest version is, in the words of whoever published it."""

    version: str
    """Two to four numbers with dots between."""
    date: str = ""
    """ISO date of the release, or empty."""
    page: str = ""
    """Where it can be had: an https address, or empty."""
    changes: dict[str, str] = field(default_factory=dict)
    """What is new, by code of the language; plain text, at most 4000 letters each."""

    def is_newer_than(self, version: str) -> bool:
        """Whether it comes after `version`; one that cannot be read counts as older than any."""
        return _numbers(self.version) > _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


async def newest(address: str, public_key: bytes, *, transport: httpx.AsyncClient | None = None) -> Release:
    """Ask once, without telling anything about this computer. Raises UpdateUnknown when no trusted answer comes.

    The answer is JSON: `signed`, the text of an object with the fields of Release, and `signature`, base64 of the
    Ed25519 signature of exactly that text in UTF-8. Redirections are not followed.
    """
    try:
        async with asyncio.timeout(SECONDS):
            body = await in_own_task(_fetch(checked_address(address), transport))
    except UpdateUnknown:
        raise
    except (KlingDesktopError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # a time-out is an OSError
        raise UpdateUnknown(f"{type(error).__name__}") from error
    return _read(body, public_key)


async def _fetch(address: str, transport: httpx.AsyncClient | None) -> bytes:
    client = await asyncio.to_thread(new_api_client) if transport is None else transport
    try:
        headers = {"Accept": "application/json", "User-Agent": "kling-desktop", "Accept-Encoding": "identity"}
        async with client.stream("GET", address, headers=headers, follow_redirects=False) as response:
            if response.status_code != 200:
                raise UpdateUnknown(f"HTTP {response.status_code}", http=response.status_code)
            return await body_of(response, LARGEST)
    finally:
        if transport is None:
            await client.aclose()


def _read(body: bytes, public_key: bytes) -> Release:
    try:
        answer = json.loads(body)
        text, signature = answer["signed"], base64.b64decode(answer["signature"], validate=True)
        trusted = is_signed(text.encode(), signature, public_key)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise UpdateUnknown("the answer cannot be read") from error
    if not trusted:
        raise UpdateUnknown("the answer is not signed by who publishes this program")
    return _release(text)


def _release(text: str) -> Release:
    """Also what is signed is read with care: it is shown, and its address can be opened."""
    try:
        told = json.loads(text)
        version, date, page, changes = (told[name] for name in ("version", "date", "page", "changes"))
        if not (_VERSION.fullmatch(version) and isinstance(date, str) and isinstance(page, str)):
            raise TypeError
        words = {str(code): str(said)[:_LONGEST_TEXT] for code, said in changes.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UpdateUnknown("the answer cannot be read") from error
    return Release(version, date[:10], page if page.startswith("https://") else "", words)
