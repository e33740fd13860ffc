"""Refuses an answer whose head has too many lines before it is read: reading 10 000 of them stops the window 0.1 s."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

import httpx

MOST_LINES: Final = 128
"""Several times what Kling, a proxy and a network between them write."""

_END: Final = re.compile(rb"\n\r?\n")
_INTERIM: Final = b"HTTP/1.1 1"


class _Stream(Protocol):
    read: Callable[..., Awaitable[bytes]]
    write: Callable[..., Awaitable[None]]


async def guard_heads(event: str, info: Mapping[str, object]) -> None:
    """A trace for requests (httpcore's extension): each connection that is made is watched from then on, whoever uses
    it. A read of it raises RemoteProtocolError in the middle of such a head.
    """
    if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
        stream = info.get("return_value")
        if hasattr(stream, "read") and hasattr(stream, "write"):
            _Guard(stream)


class _Guard:
    """Stands before the two calls of one stream: a head begins with the first byte after a request was written."""

    def __init__(self, stream: _Stream) -> None:
        self._read, self._write = stream.read, stream.write
        self._in_head, self._lines, self._begin, self._tail = False, 0, b"", b""
        stream.read, stream.write = self.read, self.write

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's own
        self._in_head, self._lines, self._begin, self._tail = True, 0, b"", b""
        await self._write(buffer, timeout)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        piece = rest = await self._read(max_bytes, timeout)
        while self._in_head and rest:
            rest = self._behind_head(rest)
        return piece

    def _behind_head(self, piece: bytes) -> bytes:
        """What follows the head, if that ends in this piece and another one follows it: an interim answer is none."""
        self._begin = (self._begin + piece)[: len(_INTERIM)]
        seen = self._tail + piece
        end = _END.search(seen)
        self._lines += seen[: end.end() if end else len(seen)].count(b"\n") - self._tail.count(b"\n")
        if self._lines > MOST_LINES:
            raise httpx.RemoteProtocolError("the answer's head has far too many lines")
        if end is None:
            self._tail = seen[-2:]
            return b""
        self._in_head, self._begin, self._tail = self._begin == _INTERIM, b"", b""
        return seen[end.end() :]
