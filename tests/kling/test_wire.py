"""What connections share: which of them is used again for the next request."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from kling_desktop.kling.wire import ApiRoutes
from tests.harness.waiting import until

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"
_SHORTEST_SERVER_SECONDS = 5.0
"""So long, and longer, servers keep a connection on which nothing is asked; then they close it without a word."""


@asynccontextmanager
async def counted_connections() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that keeps every connection open, and how many requests came over each."""
    heard: list[int] = []
    ended: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(heard)
        heard.append(0)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                heard[number] += 1
                writer.write(_ANSWER)
        writer.close()
        ended.append(number)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heard
        await until(lambda: len(ended) == len(heard), 5, "all connections to be closed")


async def test_a_connection_that_a_server_may_be_about_to_close_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, slept = time.monotonic, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: clock() + slept)
    async with counted_connections() as (url, heard), httpx.AsyncClient(transport=ApiRoutes()) as client:
        await client.get(url)
        await client.get(url)
        assert heard == [2], "what comes at once goes over the connection that is open"
        slept = _SHORTEST_SERVER_SECONDS / 2
        await client.get(url)
        assert heard == [2, 1]
