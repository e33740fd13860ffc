"""Callbacks: signatures by the official vector, odd bodies, and the receiver against rude and honest callers."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop.errors import PortTaken
from kling_desktop.kling.callbacks import LARGEST_BODY_BYTES, Hint, Receiver, hint_in, verify
from kling_desktop.kling.wire import tls
from tests.harness.waiting import until
from tests.kling_bodies import FINISHED

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="  # noqa: S105 - the official test vector's
BODY = b'{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}'
SENT = 1_781_080_794
HEADERS = {
    "webhook-id": "9876543210",
    "webhook-timestamp": str(SENT),
    "webhook-signature": "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=",
}


@pytest.mark.parametrize("now", [SENT, SENT + 300, SENT - 300])
def test_the_official_vector_fits(now: int) -> None:
    assert verify(SECRET, HEADERS, BODY, now)


def test_one_fitting_signature_of_several_is_enough() -> None:
    assert verify(SECRET, HEADERS | {"webhook-signature": f"v1,AAAA v2,x {HEADERS['webhook-signature']}"}, BODY, SENT)


@pytest.mark.parametrize(
    ("secret", "headers", "body", "now"),
    [
        (SECRET, HEADERS, BODY + b" ", SENT),
        (SECRET, HEADERS, BODY, SENT + 301),
        (SECRET, HEADERS, BODY, SENT - 301),
        (SECRET, HEADERS | {"webhook-id": "1"}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-timestamp": str(SENT + 1)}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-timestamp": "now"}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-signature": ""}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-signature": "v1,ключ"}, BODY, SENT),
        (SECRET, {}, BODY, SENT),
        ("whsec_" + base64.b64encode(b"another").decode(), HEADERS, BODY, SENT),
        ("whsec_not base64", HEADERS, BODY, SENT),
        ("", HEADERS, BODY, SENT),
    ],
)
def test_anything_else_does_not(secret: str, headers: dict[str, str], body: bytes, now: int) -> None:
    assert not verify(secret, headers, body, now)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (FINISHED, Hint(FINISHED["task_id"], FINISHED["task_info"]["external_task_id"])),
        ({"task_id": 815336423632572487, "task_info": {}}, Hint("815336423632572487", "")),
        ({"external_task_id": "own"}, Hint("", "own")),
        ({"task_id": "", "task_info": None}, None),
        ([], None),
        ("text", None),
    ],
)
def test_a_body_gives_ids_and_nothing_else(body: object, hint: Hint | None) -> None:
    assert hint_in(json.dumps(body).encode()) == hint


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_bodies_of_any_make(body: bytes) -> None:
    assert hint_in(body) is None or hint_in(body)


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
        assert hints == [hint_in(body)] * 2


@pytest.mark.parametrize(
    ("body", "headers", "path", "method", "status"),
    [
        (b"{}", {}, "/kling", "POST", 401),
        (b"{}", signed(b"{ }"), "/kling", "POST", 401),
        (b"{}", signed(b"{}", SENT - 999), "/kling", "POST", 401),
        (b"{}", signed(b"{}"), "/", "POST", 404),
        (b"", {}, "/kling", "GET", 405),
        (b" " * (LARGEST_BODY_BYTES + 1), {}, "/kling", "POST", 413),
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
        assert hints == [Hint("1", "")]


async def said(receiver: Receiver, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    writer.write(words)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


CHUNKED = b"POST /kling HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (CHUNKED + b'6\r\n{"task\r\na;x=1\r\n_id": "1"}\r\n0\r\n\r\n', b"200"),
        (CHUNKED + b"fffffff\r\n", b"413"),
        (CHUNKED + b"x\r\n", b"400"),
        (b"POST /kling HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST /kling HTTP/1.1\r\nContent-Length: 5\r\n\r\n{}", b"400"),
        (b"POST /kling HTTP/1.1\r\n\r\n", b"411"),
        (b"hello\r\n\r\n", b"400"),
        (b"", b"400"),
        (b"x" * 40_000, b"400"),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", b"400"),
    ],
)
async def test_rude_words_get_a_plain_answer(words: bytes, status: bytes) -> None:
    async with receiving(secret="") as (receiver, hints):
        assert (await said(receiver, words)).startswith(b"HTTP/1.1 " + status)
        assert hints == ([Hint("1", "")] if status == b"200" else [])


async def test_a_caller_that_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.callbacks._PATIENCE_SECONDS", 0.1)
    async with receiving() as (receiver, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        assert (await reader.read()).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_closing_ends_conversations_under_way() -> None:
    async with receiving() as (receiver, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(b"POST")
        await until(lambda: receiver._talks)
        await asyncio.wait_for(receiver.close(), 5)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


async def test_a_taken_port_is_said() -> None:
    async with receiving() as (receiver, hints):
        with pytest.raises(PortTaken):
            await Receiver(hints.append, port=receiver.port).open()
