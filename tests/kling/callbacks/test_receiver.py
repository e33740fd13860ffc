"""The receiver of callbacks against rude, slow, endless and honest callers."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gc
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from kling_desktop.errors import PortTaken
from kling_desktop.kling.callbacks.messages import Hint, hint_in
from kling_desktop.kling.callbacks.receiver import LARGEST_BODY_BYTES, Receiver
from kling_desktop.kling.wire import tls
from tests.harness.waiting import until
from tests.kling.callbacks.test_messages import SECRET, SENT
from tests.kling_bodies import FINISHED


def signed(body: bytes, sent: int = SENT) -> dict[str, str]:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, f"m.{sent}.".encode() + body, hashlib.sha256)).decode()
    return {"webhook-id": "m", "webhook-timestamp": str(sent), "webhook-signature": f"v1,{signature}"}


@asynccontextmanager
async def receiving(secret: str = SECRET) -> AsyncIterator[tuple[Receiver, list[Hint]]]:
    hints: list[Hint] = []
    receiver = Receiver(hints.append, secret=secret, path="/kling", now=lambda: SENT)
    await receiver.open()
    try:
        yield receiver, hints
    finally:
        await receiver.close()


async def posted(receiver: Receiver, body: bytes, headers: dict[str, str], path: str = "/kling", **how: str) -> int:
    async with httpx.AsyncClient(trust_env=False, verify=tls()) as client:
        url = f"http://127.0.0.1:{receiver.port}{path}"
        return (await client.request(how.get("method", "POST"), url, content=body, headers=headers)).status_code


async def test_honest_callbacks_are_hints_every_time_they_come() -> None:
    body = json.dumps(FINISHED).encode()
    async with receiving() as (receiver, hints):
        assert [await posted(receiver, body, signed(body)) for _ in range(2)] == [200, 200]
        await until(lambda: hints == [hint_in(body)] * 2)


@pytest.mark.parametrize(
    ("body", "headers", "path", "method", "status"),
    [
        (b"{}", {}, "/kling", "POST", 401),
        (b"{}", signed(b"{ }"), "/kling", "POST", 401),
        (b"{}", signed(b"{}", SENT - 999), "/kling", "POST", 401),
        (b"{}", signed(b"{}"), "/", "POST", 404),
        (b"", {}, "/kling", "GET", 405),
        (b" " * (LARGEST_BODY_BYTES + 1), signed(b""), "/kling", "POST", 413),
        (b"not json", signed(b"not json"), "/kling?x=1", "POST", 200),
    ],
)
async def test_others_are_turned_away(
    body: bytes, headers: dict[str, str], path: str, method: str, status: int
) -> None:
    async with receiving() as (receiver, hints):
        assert await posted(receiver, body, headers, path, method=method) == status
        assert hints == []


async def test_without_a_secret_unsigned_callbacks_are_taken() -> None:
    async with receiving(secret="") as (receiver, hints):
        assert await posted(receiver, b'{"task_id": "1"}', {}) == 200
        await until(lambda: hints == [Hint("1", "")])


async def said(receiver: Receiver, words: bytes) -> bytes:
    """What is answered; nothing where the connection is reset on words that are still under way."""
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    answer = b""
    with contextlib.suppress(ConnectionError):
        writer.write(words)
        writer.write_eof()
        answer = await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answer


HEAD = b"POST /kling HTTP/1.1\r\nHost: here\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (CHUNKED + b'6\r\n{"task\r\na;x=1\r\n_id": "1"}\r\n0\r\n\r\n', b"200"),
        (CHUNKED + b"x\r\n", b"400"),
        (HEAD + b"Content-Length: -5\r\n\r\n", b"400"),
        (HEAD + b"\r\n", b"200"),
        (b"hello\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", b"400"),
        (b"x" * 40_000, b""),
        (HEAD + b"Content-Length: 5\r\n\r\n{}", b""),
        (b"", b""),
    ],
)
async def test_rude_words_are_no_hint_and_no_news(words: bytes, status: bytes) -> None:
    async with receiving(secret="") as (receiver, hints):
        assert (await said(receiver, words)).startswith(b"HTTP/1.1 " + status if status else b"")
        assert await posted(receiver, b'{"external_task_id": "own"}', {}) == 200
        await until(lambda: hints[-1:] == [Hint("", "own")])
        assert hints[:-1] == ([Hint("1", "")] if b"_id" in words else [])


async def test_what_strangers_send_is_read_while_the_loop_of_the_program_stands_still() -> None:
    body = json.dumps(FINISHED).encode()
    async with receiving() as (receiver, hints):
        with httpx.Client(trust_env=False, verify=tls()) as client:  # each call blocks this loop until it is answered
            answers = [
                client.post(f"http://127.0.0.1:{receiver.port}/kling", content=body, headers=headers)  # noqa: ASYNC212 - so that the loop is held
                for headers in ({}, signed(body))
            ]
        assert [answer.status_code for answer in answers] == [401, 200]
        assert hints == []
        await until(lambda: hints == [hint_in(body)])


class ByteByByte:
    """A caller who sends a body without end in chunks of one byte, until he is cut off."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        self._head = HEAD + lines + b"Transfer-Encoding: chunked\r\n\r\n"
        self.cut = threading.Event()
        self.sent = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def end(self) -> None:
        self._thread.join(60)
        self._socket.close()

    def _talk(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(self._head)
            while True:
                self._socket.sendall(b"1\r\nx\r\n" * 100)
                self.sent.set()
        self.cut.set()


@pytest.mark.parametrize("headers", [{}, signed(b"of another body")], ids=["unsigned", "wrongly signed"])
async def test_a_sender_of_single_bytes_is_cut_off_and_keeps_nobody_out(
    headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver.LARGEST_BODY_BYTES", 8192)
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver._REFUSED_SECONDS", 0.2)
    body = json.dumps(FINISHED).encode()
    async with receiving() as (receiver, hints):
        sender = ByteByByte(receiver.port, headers)
        await until(sender.sent.is_set)
        assert await posted(receiver, body, signed(body)) == 200
        await until(lambda: hints == [hint_in(body)])
        await until(sender.cut.is_set, 60)
        sender.end()
        assert hints == [hint_in(body)]


async def test_a_caller_that_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver._PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver._REFUSED_SECONDS", 0.1)
    async with receiving() as (receiver, _):
        for words in (b"", b"POST /kl"):
            reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
            writer.write(words)
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()


async def test_a_body_that_stops_half_way_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver._PATIENCE_SECONDS", 0.1)
    async with receiving(secret="") as (receiver, hints):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(HEAD + b"Content-Length: 20\r\n\r\n{")
        assert (await reader.read()).startswith(b"HTTP/1.1 408")
        writer.close()
        assert hints == []


async def test_many_silent_callers_make_way_for_an_honest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.callbacks.receiver._MOST_CONNECTIONS", 3)
    body = json.dumps(FINISHED).encode()
    async with receiving() as (receiver, hints):
        silent = [await asyncio.open_connection("127.0.0.1", receiver.port) for _ in range(5)]
        assert await posted(receiver, body, signed(body)) == 200
        await until(lambda: hints == [hint_in(body)])
        for reader, _ in silent[:2]:
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        for _, writer in silent:
            writer.close()


async def test_closing_ends_conversations_under_way_and_the_thread() -> None:
    async with receiving() as (receiver, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(b"POST")
        await until(lambda: receiver._state.connections)
        await asyncio.wait_for(receiver.close(), 10)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
    assert "callbacks" not in [thread.name for thread in threading.enumerate()]


async def test_closing_lets_go_of_callers_who_have_only_just_come() -> None:
    """An open socket that is thrown away is a warning, and a warning fails the test."""
    for callers in range(1, 30):
        async with receiving() as (receiver, _):
            come = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(callers)]
        for caller in come:
            caller.close()
    gc.collect()


async def test_a_taken_port_is_said() -> None:
    async with receiving() as (receiver, hints):
        with pytest.raises(PortTaken):
            await Receiver(hints.append, port=receiver.port).open()
        with pytest.raises(PortTaken):
            await Receiver(hints.append, port=70_000).open()
