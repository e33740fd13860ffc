"""Proves to Kling who we are: tells pasted keys apart, then signs or carries them (only door of PyJWT)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator
from datetime import timedelta
from enum import StrEnum

import httpx
import jwt

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.domain.clips import plainly_written
from kling_desktop.errors import SignInRefused

LIFETIME_SECONDS = 1800
"""How long a token lives: Kling's own example. Each request gets a new one, so none expires in flight."""

EARLY_SECONDS = 5
"""How far before now a token begins to be valid: Kling's own example."""

_LONGEST_PASTE = 10_000
_API_KEY = re.compile(r"api-key-kling-[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
_VALUE = r"""["']?(?:\s*[:=：]\s*|\s+)["']?([!-~]+?)(?=["',;]|\s|$)"""
_NAME = r"(?:\b|_)(?:kling(?:ai)?[_\s-]*)?"
_ACCESS = re.compile(_NAME + r"(?:access[_\s-]*key(?:[_\s-]*id)?|ak)" + _VALUE, re.IGNORECASE)
_SECRET = re.compile(
    _NAME + r"(?:secret[_\s-]*(?:access[_\s-]*)?key|access[_\s-]*key[_\s-]*secret|secret|sk)" + _VALUE, re.IGNORECASE
)
_LABELLED_API_KEY = re.compile(_NAME + r"api[_\s-]*key" + _VALUE, re.IGNORECASE)
_BARE_KEY = re.compile(r"[A-Za-z0-9_+/=-]{8,}")


class Unusable(StrEnum):
    """Why pasted text is not a credential; the value is the sentence for the screen."""

    EMPTY = "Paste the access key and secret key, or an API key."
    TOKEN = "This is a signed token that expires within 30 minutes. Paste the keys themselves instead."  # noqa: S105 - a sentence, no secret
    HALF = "This is one key of two. Paste the access key and the secret key together, or an API key."
    UNCLEAR = "No keys were found in this text. Paste the access key and secret key, or an API key."


def recognise(pasted: str) -> Credentials | None:
    """The credentials in pasted text, or None; `told_apart` also says why there are none."""
    found = told_apart(pasted)
    return None if isinstance(found, Unusable) else found


def told_apart(pasted: str) -> Credentials | Unusable:
    """Finds keys in whatever people paste: bare, labelled, two lines, JSON, environment lines.

    Takes the first API key, else the first access key with a secret key. Text over 10 000 characters is
    not searched.
    """
    if len(pasted) > _LONGEST_PASTE:
        return Unusable.UNCLEAR
    text = plainly_written(pasted).strip()
    if not text:
        return Unusable.EMPTY
    if whole := _API_KEY.search(text):
        return ApiKey(whole[0])
    return _labelled(text) or _bare(text)


def _labelled(text: str) -> Credentials | None:
    secret = _SECRET.search(text)
    # "access key secret" names the secret key, so it is taken out before the access key is looked for
    access = _ACCESS.search(text.replace(secret[0], " ") if secret else text)
    if access and secret:
        return KeyPair(access[1], secret[1])
    api_key = _LABELLED_API_KEY.search(text)
    return ApiKey(api_key[1]) if api_key and not _TOKEN.search(text) else None


def _bare(text: str) -> Credentials | Unusable:
    if _TOKEN.search(text):
        return Unusable.TOKEN
    if _ACCESS.search(text) or _SECRET.search(text):
        return Unusable.HALF
    words = [word for word in re.split(r"""[\s"',;:]+""", text) if word]
    if len(words) > 2 or not all(_BARE_KEY.fullmatch(word) for word in words):
        return Unusable.UNCLEAR
    return KeyPair(words[0], words[1]) if len(words) == 2 else Unusable.HALF


class KlingAuth(httpx.Auth):
    """Puts `Authorization: Bearer ...` on every request: a token signed for it, or the API key.

    A wrong clock of this computer is made good once Kling's clock is known: see `correct`.
    """

    def __init__(self, credentials: Credentials, now: Callable[[], float] = time.time) -> None:
        self._credentials = credentials
        self._now = now
        self._ahead_seconds = 0.0

    def correct(self, skew: timedelta | None) -> bool:
        """Signs by Kling's clock from here on, `skew` being our clock minus Kling's.

        False when signing again would change nothing, as with an API key.
        """
        if skew is not None:
            self._ahead_seconds = skew.total_seconds()
        return isinstance(self._credentials, KeyPair)

    def bearer(self) -> str:
        """What goes behind `Bearer `. Raises SignInRefused for keys that no header or signature can carry."""
        match self._credentials:
            case ApiKey(key):
                return _sendable(key)
            case KeyPair(access_key, secret_key):
                return self._signed(_sendable(access_key), _sendable(secret_key))

    def _signed(self, access_key: str, secret_key: str) -> str:
        now = int(self._now() - self._ahead_seconds)
        claims = {"iss": access_key, "exp": now + LIFETIME_SECONDS, "nbf": now - EARLY_SECONDS}
        # HMAC itself fills short keys up with zeros (RFC 2104), so this changes no signature. It keeps PyJWT
        # from warning about, or refusing, a key whose length is Kling's choice and not ours.
        return jwt.encode(claims, secret_key.encode().ljust(64, b"\0"), algorithm="HS256")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self.bearer()}"
        yield request


def _sendable(key: str) -> str:
    """The key if a header can carry it. Left to the HTTP library, the refusal would quote the secret."""
    if not key or not re.fullmatch(r"[!-~]+", key):
        raise SignInRefused("the key is empty or holds characters that cannot be sent")
    return key
