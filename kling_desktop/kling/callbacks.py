"""Receives Kling's callbacks, for those with a public address: each is a hint to ask, never the truth itself."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kling_desktop.errors import PortTaken
from kling_desktop.kling.envelope import text_of

log = logging.getLogger(__name__)

TOLERANCE_SECONDS: Final = 300
"""How old, or how far ahead, a signed callback may be (Standard Webhooks)."""

LARGEST_BODY_BYTES: Final = 1 << 20
_LARGEST_HEAD_BYTES: Final = 16_384
_PATIENCE_SECONDS: Final = 10.0
_FAREWELL_SECONDS: Final = 1.0
_MOST_CONNECTIONS: Final = 32


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


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether the body was signed with this secret (`whsec_...`) and recently; header names in lower case.

    Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. While a secret is being replaced there are two
    signatures in the header; one that fits is enough.
    """
    key = key_in(secret)
    try:
        sent = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        return False
    if not key or abs(now - sent) > TOLERANCE_SECONDS:
        return False
    signed = f"{headers.get('webhook-id', '')}.{headers['webhook-timestamp']}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    given = headers.get("webhook-signature", "").encode().split()
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


class _Answered(Exception):
    """The status that a request has earned before all of it was looked at."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    path: str
    headers: dict[str, str]


class Receiver:
    """A small web server that takes POSTs on one path, checks them and calls `hinted`. Loopback unless told otherwise.

    Callbacks may come twice, late and in any order; nothing of their content is believed but the ids.
    """

    def __init__(
        self,
        hinted: Callable[[Hint], None],
        *,
        secret: str = "",
        path: str = "/",
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """An empty `secret` takes unsigned callbacks; port 0 takes any free one."""
        self._hinted = hinted
        self._secret = secret
        self._path = path
        self._host = host
        self._now = now
        self.port = port
        """The port that is listened on, once open."""
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def open(self) -> None:
        """Starts to listen. Raises PortTaken."""
        try:
            self._server = await asyncio.start_server(
                self._talk, self._host, self.port, limit=_LARGEST_HEAD_BYTES, backlog=_MOST_CONNECTIONS
            )
        except (OSError, OverflowError) as error:
            raise PortTaken(f"{self._host}:{self.port}: {type(error).__name__}") from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stops to listen and ends the conversations under way."""
        if self._server is not None:
            self._server.close()
            for writer in self._talks.values():  # asyncio of 3.11 logs a traceback for each talk that is cancelled
                writer.transport.abort()
            await asyncio.gather(*self._talks)
            await self._server.wait_closed()
            self._server = None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None  # noqa: S101 - asyncio runs this as a task; tells mypy so
        self._talks[talk] = writer
        try:
            status = await self._status_for(reader, writer)
            log.debug("a callback was answered %s", status)
            allow = "Allow: POST\r\n" if status.startswith("405") else ""
            writer.write(f"HTTP/1.1 {status}\r\n{allow}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            await _heard_out(reader, writer)
        except OSError as error:
            log.debug("a callback's connection was lost: %s", type(error).__name__)
        finally:
            del self._talks[talk]
            writer.close()

    async def _status_for(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        if len(self._talks) > _MOST_CONNECTIONS:
            return "503 Service Unavailable"
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = _parsed(await reader.readuntil(b"\r\n\r\n"))
                self._admit(head)
                if head.headers.get("expect", "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                return self._judged(head, await _body(reader, head.headers))
        except _Answered as answered:
            return answered.status
        except TimeoutError:
            return "408 Request Timeout"
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return "400 Bad Request"

    def _admit(self, head: _Head) -> None:
        if head.path != self._path:
            raise _Answered("404 Not Found")
        if head.method != "POST":
            raise _Answered("405 Method Not Allowed")

    def _judged(self, head: _Head, body: bytes) -> str:
        if self._secret and not verify(self._secret, head.headers, body, self._now()):
            return "401 Unauthorized"
        if hint := hint_in(body):
            asyncio.get_running_loop().call_soon(self._hinted, hint)  # answered first, looked up after
        return "200 OK"


async def _heard_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Lets a caller that is still talking read the answer: closing on unread words would reset the connection."""
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_FAREWELL_SECONDS):
            while await reader.read(65_536):
                pass


def _parsed(head: bytes) -> _Head:
    """Raises ValueError when this is not the head of an HTTP request."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ")
    fields = (line.partition(":") for line in lines)
    return _Head(method, target.partition("?")[0], {name.strip().lower(): value.strip() for name, _, value in fields})


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    if "content-length" not in headers:
        raise _Answered("411 Length Required")
    return await reader.readexactly(_bounded(int(headers["content-length"])))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        _bounded(len(body) + size)
        body += (await reader.readexactly(size + 2))[:-2]
    return body


def _bounded(size: int) -> int:
    if size < 0:
        raise ValueError("a negative size")
    if size > LARGEST_BODY_BYTES:
        raise _Answered("413 Content Too Large")
    return size
