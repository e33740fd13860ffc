"""What connections share: which of them is used again, and how much head an answer may have."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpx
import pytest

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Extension
from kling_desktop.errors import ConnectionLost, Unanswered
from kling_desktop.kling.wire import MOST_LINES, ApiRoutes
from tests.harness.servers.odd_server import Heard, OddServer
from tests.harness.waiting import until
from tests.kling.test_client import answering, door, longest_stop

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
        await until(lambda: len(ended) == len(heard), 30, "all connections to be closed")


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


class Looked:
    """Stands first among those who look for modules, and notes which were looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, *_: object) -> None:
        self.names.append(name)


async def test_a_request_looks_for_no_module_along_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not there would be looked for again with each request, on the window's thread."""
    looked = Looked()
    async with counted_connections() as (url, _), httpx.AsyncClient(transport=ApiRoutes()) as client:
        await client.get(url)  # loads what is loaded once
        monkeypatch.setattr(sys, "meta_path", [looked, *sys.meta_path])
        await client.get(url)
    assert looked.names == []


BODY = b'{"code":0,"message":"","request_id":"r","data":[]}'
PRETTY = BODY.replace(b",", b",\n\n\n") + b"\n" * 1000


def answer(lines: int, body: bytes = BODY, end: bytes = b"\r\n") -> bytes:
    head = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), b"Connection: close", *[b"a: b"] * lines]
    return end.join([*head, b"", body])


@pytest.mark.parametrize("lines", [MOST_LINES, 10_000, 60_000])
async def test_a_head_of_thousands_of_lines_is_no_answer_and_does_not_stop_the_loop(lines: int) -> None:
    with answering(answer(lines)) as server:
        async with door(server.url) as kling:

            async def refused() -> None:
                with pytest.raises(Unanswered):
                    await kling.page(Kind.TEXT)

            assert await longest_stop(refused) < 0.1, "processor seconds; read, it would be several times that"


async def test_a_create_with_such_an_answer_may_have_been_taken() -> None:
    with answering(answer(5000)) as server:
        async with door(server.url) as kling:
            with pytest.raises(ConnectionLost):
                await kling.create(Extension("7", "a puppy"), "kd-1")
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "whole",
    [
        answer(100),
        answer(100, end=b"\n"),
        answer(3, PRETTY),
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(100, PRETTY),
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(60, PRETTY),
    ],
    ids=["many lines", "bare ends", "a body of many lines", "an interim answer", "hints before"],
)
@pytest.mark.parametrize("size", [1 << 20, 1])
async def test_an_ordinary_answer_is_read_however_it_is_cut(whole: bytes, size: int) -> None:
    def cut(heard: Heard) -> Iterable[bytes]:
        return [whole[place : place + size] for place in range(0, len(whole), size)]

    with OddServer(cut) as server:
        async with door(server.url) as kling:
            assert await kling.page(Kind.TEXT) == []


async def test_lines_are_counted_over_interim_answers_too() -> None:
    with answering(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200 + answer(1)) as server:
        async with door(server.url) as kling:
            with pytest.raises(Unanswered):
                await kling.page(Kind.TEXT)
