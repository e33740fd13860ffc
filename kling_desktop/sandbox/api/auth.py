"""Checks who is asking, with its own hands: HS256 tokens and plain API keys, codes 1000-1004."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from kling_desktop.sandbox.records import Account
from kling_desktop.sandbox.rules.codes import Refusal

API_KEY_START = "api-key-kling-"


def account_of(header: str | None, accounts: Iterable[Account], now_seconds: float) -> Account:
    """The account behind an Authorization header.

    Raises:
        Refusal: 1000 wrong signature, 1001 no header, 1002 not understood or unknown key, 1003 not yet valid,
            1004 expired. Kling states no leeway, so there is none here.
    """
    if not header or not header.strip():
        raise Refusal(1001)
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer" or not token or token != token.strip():
        raise Refusal(1002)
    if token.startswith(API_KEY_START):
        return _by_api_key(token, accounts)
    return _by_token(token, accounts, now_seconds)


def sign(access_key: str, secret_key: str, *, not_before: int, expires: int) -> str:
    """A token as the official example makes it; for the sandbox's own tests and curl users."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"iss": access_key, "exp": expires, "nbf": not_before})
    head = ".".join(_packed(json.dumps(part).encode()) for part in parts)
    return f"{head}.{_packed(_mac(secret_key, head))}"


def _by_api_key(token: str, accounts: Iterable[Account]) -> Account:
    for account in accounts:
        if hmac.compare_digest(account.api_key.encode(), token.encode()):
            return account
    raise Refusal(1002, "api key not found")


def _by_token(token: str, accounts: Iterable[Account], now_seconds: float) -> Account:
    head, _, signature = token.rpartition(".")
    header, claims = _unpacked(token)
    if header.get("alg") != "HS256":
        raise Refusal(1002)
    account = next((account for account in accounts if account.access_key == claims.get("iss")), None)
    if account is None:
        raise Refusal(1002, "access key not found")  # invented text
    if not hmac.compare_digest(_packed(_mac(account.secret_key, head)).encode(), signature.encode()):
        raise Refusal(1000)
    _check_times(claims, now_seconds)
    return account


def _check_times(claims: dict[str, Any], now_seconds: float) -> None:
    expires, not_before = claims.get("exp"), claims.get("nbf", 0)
    if isinstance(expires, bool) or not isinstance(expires, int) or not isinstance(not_before, int):
        raise Refusal(1002)
    if not_before > now_seconds:
        raise Refusal(1003)
    if expires <= now_seconds:
        raise Refusal(1004)


def _unpacked(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(parts) != 3:
        raise Refusal(1002)
    try:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except ValueError:
        raise Refusal(1002) from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Refusal(1002)
    return header, claims


def _mac(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
