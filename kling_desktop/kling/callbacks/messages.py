"""What a callback says: whether it was signed by Kling, and of which task it speaks; the rest of it is not believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kling_desktop.kling.envelope import text_of

TOLERANCE_SECONDS: Final = 300
"""How old, or how far ahead, a signed callback may be (Standard Webhooks)."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Which task has news; at least one id is there."""

    kling_id: str
    external_id: str


def key_in(secret: str) -> bytes:
    """The key of a Standard-Webhooks secret (`whsec_` and base64); empty when it is none."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


def is_recent(headers: Mapping[str, str], now: float) -> bool:
    """Whether the headers, names in lower case, are those of a signed callback of these minutes."""
    try:
        sent = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        return False
    return abs(now - sent) <= TOLERANCE_SECONDS and "v1," in headers.get("webhook-signature", "")


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether the body was signed with this secret (`whsec_...`) and recently; header names in lower case.

    Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. While a secret is being replaced there are two
    signatures in the header; one that fits is enough.
    """
    key = key_in(secret)
    if not key or not is_recent(headers, now):
        return False
    signed = f"{headers.get('webhook-id', '')}.{headers['webhook-timestamp']}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    given = headers["webhook-signature"].encode().split()
    return any(hmac.compare_digest(right, one) for one in given)


def hint_in(body: bytes) -> Hint | None:
    """The task that a callback speaks of; None when it names none. Kling sends the task's data unwrapped."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    info = fields.get("task_info")
    external = info.get("external_task_id") if isinstance(info, dict) else None
    hint = Hint(text_of(fields.get("task_id")), text_of(external) or text_of(fields.get("external_task_id")))
    return hint if hint.kling_id or hint.external_id else None
