"""Makes and checks the signed addresses of videos, in the style of the real media hosts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from kling_desktop.sandbox.ids import seed_of
from kling_desktop.sandbox.records import Job
from kling_desktop.sandbox.rules.order import RETENTION_MS

ROOT = "/bs2/upload-ylab-stunt-sgp/muse"
"""Everything below this path is media; no other route lives there."""


def token_of(job: Job, *, marked: bool) -> str:
    """The last part of the path, without extension: names one file of one video."""
    digest = hashlib.sha256(f"{job.video_id}/{marked}".encode()).digest()
    return f"{digest[:8].hex()}-{uuid.UUID(bytes=digest[:16])}"


def token_in(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".mp4")


def expiry_seconds(job: Job) -> int:
    """Unix seconds when the link and the video die: completion + 30 days exactly."""
    return (job.updated_ms + RETENTION_MS) // 1000


class Addresses:
    """Signs with a secret of its own, which has nothing to do with any account."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def url(self, base: str, job: Job, *, marked: bool = False, bare: bool = False) -> str:
        """The address at this server; about one in four has no file extension, all have none when `bare`."""
        day = datetime.fromtimestamp(job.updated_ms / 1000, UTC).strftime("%Y%m%d")
        ending = "" if bare or seed_of("ending", job.video_id) % 4 == 0 else ".mp4"
        path = f"{ROOT}/{job.account}/VIDEO/{day}/{token_of(job, marked=marked)}{ending}"
        expires = expiry_seconds(job)
        query = {
            "x-kcdn-pid": "112781",
            "Expires": expires,
            "Signature": self._signature(path, str(expires)),
            "Key-Pair-Id": "KSANDBOX",
        }
        return f"{base}{path}?{urlencode(query)}"

    def objection(self, path: str, query: Mapping[str, str], now_ms: int) -> str:
        """Why this address is not served, as a CloudFront code; empty when it is."""
        expires = query.get("Expires", "")
        signature = query.get("Signature", "")
        if not signature or not expires:
            return "MissingKey"
        if not hmac.compare_digest(self._signature(path, expires).encode(), signature.encode()):
            return "AccessDenied"
        return "AccessDenied" if now_ms // 1000 >= int(expires) else ""

    def _signature(self, path: str, expires: str) -> str:
        digest = hmac.new(self._secret, f"{path}|{expires}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()
