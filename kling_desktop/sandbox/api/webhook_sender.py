"""Sends callbacks: unwrapped bodies, one per status change, signed when there is a secret, untidy on demand."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from kling_desktop.sandbox.api import answers
from kling_desktop.sandbox.api.request_log import RequestLog
from kling_desktop.sandbox.records import Job
from kling_desktop.sandbox.world.world import World

_PATIENCE_SECONDS = 3.0
_LONGEST_NAP = 0.1
_SHORTEST_NAP = 0.02


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, key = base64 after `whsec_`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class WebhookSender:
    """Watches the world's clock and tells callback addresses what changed; loopback addresses only."""

    def __init__(self, world: World, request_log: RequestLog, base: Callable[[], str]) -> None:
        self._world = world
        self._request_log = request_log
        self._base = base
        self._copies = 1
        self._disorder = False
        self._held: dict[str, list[Job]] = {}
        self.sent: list[dict[str, Any]] = []
        """{"url", "status" (HTTP, 0 = no answer), "task_id", "task_status"} per call."""

    def disturb(self, copies: int, disorder: bool) -> None:
        """Each callback `copies` times; with disorder, a task's callbacks all come after its end, newest first."""
        self._copies, self._disorder = copies, disorder

    async def pulse(self) -> None:
        """Runs as long as the server: lets statuses change on time and sends what they give rise to."""
        while True:
            self._world.settle()
            for job in self._due():
                for _ in range(self._copies):
                    await asyncio.to_thread(self._send, job)
            wait = self._world.due_seconds()
            await asyncio.sleep(min(_LONGEST_NAP, max(_SHORTEST_NAP, _LONGEST_NAP if wait is None else wait)))

    def _due(self) -> list[Job]:
        with self._world.lock:
            changed, self._world.changed = self._world.changed, []
        changed = [job for job in changed if job.callback_url]
        if not self._disorder:
            return changed
        return [one for job in changed for one in self._hold(job)]

    def _hold(self, job: Job) -> list[Job]:
        held = self._held.setdefault(job.id, [])
        held.insert(0, job)
        return self._held.pop(job.id) if job.ended else []

    def _send(self, job: Job) -> None:
        if not is_loopback(job.callback_url):
            self._request_log.accuse("callback to a foreign address refused", urlsplit(job.callback_url).path)
            return
        body = json.dumps(answers.callback(self._world, self._base(), job), ensure_ascii=False).encode()
        request = urllib.request.Request(job.callback_url, body, self._headers(body), method="POST")  # noqa: S310 - checked above
        status = _posted(request)
        call = {"url": job.callback_url, "status": status, "task_id": job.id, "task_status": job.status}
        self.sent.append(call)

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Apache-HttpClient/4.5.13 (Java)",
        }
        if secret := self._world.settings.webhook_secret:
            message_id, now = uuid.uuid4().hex, int(time.time())
            headers["webhook-id"] = message_id
            headers["webhook-timestamp"] = str(now)
            headers["webhook-signature"] = signature(secret, message_id, now, body)
        return headers


def is_loopback(url: str) -> bool:
    """Whether an http address names this machine by number or as localhost."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def _posted(request: urllib.request.Request) -> int:
    # No proxy of the environment stands between two ends of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
