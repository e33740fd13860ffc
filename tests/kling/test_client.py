"""Kling's door over real sockets: what is sent, what is never sent twice, and what a lost answer means."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import json
import logging
import sys
import threading
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import jwt
import pytest

from kling_desktop import errors
from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.domain.clips import RETENTION, Clip, Kind
from kling_desktop.domain.tasks import Extension, Generation, Standing, Status
from kling_desktop.errors import KlingDesktopError
from kling_desktop.kling.client import Kling, checked_address
from kling_desktop.kling.wire import tls
from tests.harness.servers.odd_server import Answer, Heard, OddServer, Stall, response
from tests.harness.servers.untrusted import untrusted_server
from tests.harness.waiting import until
from tests.kling_bodies import FINISHED

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

PAIR = KeyPair("access-key-1", "secret-key-of-the-test")
API_KEY = ApiKey("api-key-kling-of-the-test")
EXTENSION = Extension("743211632612511839", "a puppy appears")
CREATED = {"task_id": "815336423632572487", "task_status": "submitted"}


def envelope(data: object = None, code: int = 0, message: str = "SUCCEED", status: str = "200 OK") -> bytes:
    body = {"code": code, "message": message, "request_id": "r-1"} | ({} if data is None else {"data": data})
    return response(json.dumps(body).encode(), status, Content_Type="application/json")


def answering(answer: Answer | bytes) -> OddServer:
    return OddServer((lambda _: [answer]) if isinstance(answer, bytes) else answer)


@asynccontextmanager
async def door(url: str, credentials: Credentials = PAIR, read_seconds: float = 5) -> AsyncIterator[Kling]:
    timeout = httpx.Timeout(connect=2, read=read_seconds, write=2, pool=None)
    async with httpx.AsyncClient(timeout=timeout, trust_env=False, verify=tls()) as client:
        yield Kling(url, credentials, transport=client)


async def outcome(answer: Answer | bytes, *, read_seconds: float = 5) -> tuple[KlingDesktopError, OddServer]:
    """The error in which a create ends, and the server with what it heard."""
    with answering(answer) as server:
        async with door(server.url, read_seconds=read_seconds) as kling:
            with pytest.raises(KlingDesktopError) as caught:
                await kling.create(EXTENSION, "own-1")
        return caught.value, server


async def test_a_create_sends_what_was_asked_once() -> None:
    with answering(envelope(CREATED)) as server:
        async with door(server.url) as kling:
            standing = await kling.create(EXTENSION, "own-1")
    assert (standing.kling_id, standing.status, standing.request_id) == (CREATED["task_id"], Status.SUBMITTED, "r-1")
    [heard] = server.heard
    assert (heard.method, heard.target) == ("POST", "/v1/videos/video-extend")
    assert heard.headers["content-type"] == "application/json"
    assert json.loads(heard.body) == {
        "video_id": EXTENSION.video_id,
        "prompt": EXTENSION.prompt,
        "external_task_id": "own-1",
    }
    token = heard.headers["authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, PAIR.secret_key.encode().ljust(32, b"\0"), ["HS256"])["iss"] == PAIR.access_key


async def test_a_retired_door_lets_what_is_under_way_come_to_its_end() -> None:
    """The keys change while a create is on its way: cut off, it would be looked up with keys that never made it."""
    heard, change = threading.Event(), threading.Event()

    def slowly(_: Heard) -> Iterator[bytes]:
        heard.set()
        change.wait(20)
        yield envelope(CREATED)

    with answering(slowly) as server:
        kling = Kling(server.url, PAIR)
        creating = asyncio.create_task(kling.create(EXTENSION, "own-1"))
        await asyncio.to_thread(heard.wait, 20)
        await kling.retire()
        change.set()
        assert (await creating).kling_id == CREATED["task_id"]
        change.clear()
        again = asyncio.create_task(kling.query(CREATED["task_id"]))  # somebody holds the old door still
        change.set()
        assert (await again).kling_id == CREATED["task_id"]
        assert len(server.heard) == 2


@asynccontextmanager
async def three_lines() -> AsyncIterator[tuple[str, set[asyncio.StreamWriter]]]:
    """A server that answers three requests together, each on a line of its own, and none after them; and whose lines
    that are open: it waits for the client to close them.
    """
    lines: set[asyncio.StreamWriter] = set()
    together = asyncio.Barrier(3)
    are_answered = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            if not are_answered.is_set():
                await together.wait()
                are_answered.set()
                writer.write(envelope([]).replace(b"Connection: close", b"Connection: keep-alive"))
            await reader.read()
        lines.discard(writer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lines


async def test_a_door_that_is_closed_by_who_is_called_off_leaves_no_line_open() -> None:
    """At the program's end what runs is called off twice: lines were left open behind the one just being closed."""
    async with three_lines() as (url, lines):
        kling = Kling(url, PAIR)
        await asyncio.gather(*(kling.page(Kind.IMAGE) for _ in range(3)))
        assert len(lines) == 3
        closing = asyncio.create_task(kling.close())
        while not closing.done():
            await asyncio.sleep(0)
            closing.cancel()
        await until(lambda: not lines, what="every line to end")


@pytest.mark.parametrize("turns", range(1, 11))
async def test_who_is_called_off_while_old_lines_are_closed_leaves_none_open(turns: int) -> None:
    """Whoever asks next closes the lines that have had their time, and may be called off at any turn of the loop."""
    async with three_lines() as (url, lines):
        kling = Kling(url, PAIR)
        await asyncio.gather(*(kling.page(Kind.IMAGE) for _ in range(3)))
        for line in lines:
            line.write_eof()
        asking = asyncio.create_task(kling.page(Kind.IMAGE))
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await kling.close()
        await until(lambda: not lines, what="every line to end")


async def test_an_api_key_is_sent_as_it_is() -> None:
    with answering(envelope([])) as server:
        async with door(server.url, API_KEY) as kling:
            assert await kling.page(Kind.IMAGE, 3, 500) == []
    [heard] = server.heard
    assert heard.target == "/v1/videos/image2video?pageNum=3&pageSize=500"
    assert heard.headers["authorization"] == f"Bearer {API_KEY.key}"


async def test_a_base_url_may_have_a_path_and_ids_are_encoded() -> None:
    named = FINISHED | {"task_info": {"external_task_id": "own/1 ?"}}
    with answering(envelope(named)) as server:
        async with door(f"{server.url}/proxy/") as kling:
            standing = await kling.query("own/1 ?", Kind.TEXT)
    assert standing.clip is not None
    assert [heard.target for heard in server.heard] == ["/proxy/v1/videos/text2video/own%2F1%20%3F"]


@pytest.mark.parametrize("bounds", [(0, 30), (1001, 30), (1, 0), (1, 501)])
async def test_pages_out_of_bounds_are_not_asked_for(bounds: tuple[int, int]) -> None:
    async with door("http://127.0.0.1:9") as kling:
        with pytest.raises(ValueError, match="out of bounds"):
            await kling.page(Kind.TEXT, *bounds)


async def test_packs_are_asked_for_with_a_wide_window_and_at_most_once_a_second() -> None:
    with answering(envelope({"code": 0, "msg": "success"})) as server:
        async with door(server.url) as kling:
            began = time.monotonic()
            assert [*await kling.packs(), *await kling.packs()] == []
            assert time.monotonic() - began >= 1
    query = httpx.URL(server.heard[0].target).params
    end = datetime.fromtimestamp(int(query["end_time"]) / 1000, UTC)
    start = datetime.fromtimestamp(int(query["start_time"]) / 1000, UTC)
    assert abs(datetime.now(UTC) - end) < timedelta(minutes=1)
    assert end - start == timedelta(days=730)
    assert server.heard[0].target.startswith("/account/costs?")


async def test_a_refusal_keeps_kling_s_words() -> None:
    error, server = await outcome(envelope(code=1303, message="parallel task over limit", status="429 Too Many"))
    assert type(error) is errors.SlotsFull
    assert (error.code, error.message, error.request_id) == (1303, "parallel task over limit", "r-1")
    assert len(server.heard) == 1


@pytest.mark.parametrize("words", ["", "The model 'kling-v2-6' has been discontinued and is no longer available."])
async def test_what_kling_does_not_find_for_a_new_clip_is_its_model(words: str) -> None:
    asked = Extension("", "A lake", generation=Generation("kling-v2-6"))
    with answering(envelope(code=1203, message=words, status="404 Not Found")) as server:
        async with door(server.url) as kling:
            with pytest.raises(errors.ModelUnserved) as caught:
                await kling.create(asked, "own-1")
    assert (caught.value.code, caught.value.message, caught.value.request_id) == (1203, words, "r-1")
    assert type((await outcome(envelope(code=1203, status="404 Not Found")))[0]) is errors.NotFound


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (response(b"<html>Bad Gateway</html>", "502 Bad Gateway"), errors.ServerTrouble),
        (response(b"", "504 Gateway Timeout"), errors.ServerTrouble),
        (envelope(code=5000, message="internal", status="500 Internal"), errors.ServerTrouble),
        (envelope(code=5001, message="maintenance", status="503 Unavailable"), errors.Maintenance),
        (response(b""), errors.Unreadable),
        (response(b"<html>sign in</html>"), errors.Unreadable),
        (envelope({}), errors.Unreadable),
        (response(b"not gzip", Content_Encoding="gzip"), errors.Unreadable),
        (response(b"{", "307 Temporary Redirect", Location="http://127.0.0.1:9/"), errors.Unreadable),
        (b"", errors.ConnectionLost),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", errors.ConnectionLost),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", errors.ConnectionLost),
    ],
)
async def test_a_lost_answer_leaves_a_create_uncertain_and_is_not_sent_again(
    answer: bytes, expected: type[KlingDesktopError]
) -> None:
    error, server = await outcome(answer)
    assert type(error) is expected
    assert isinstance(error, errors.Uncertain)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "answer",
    [
        response(b"<html>Forbidden</html>", "403 Forbidden"),
        response(b"<html>Not Found</html>", "404 Not Found"),
        response(b"<html>Proxy Authentication Required</html>", "407 Proxy Authentication Required"),
        response(b"<html>client closed request</html>", "499 Client Closed Request"),
        response(b"", "400 Bad Request"),
        response(b'{"error":{"message":"no"}}', "400 Bad Request"),
        response(b"<html>sign in</html>", "401 Unauthorized"),
        response(b"slow down", "429 Too Many Requests", Retry_After="99999999"),
        response(b'{"code":1303,"message":"too many"}', "429 Too Many Requests"),
        envelope(code=1999, message="new"),
    ],
)
async def test_nobody_but_kling_can_refuse_a_create(answer: bytes) -> None:
    error, server = await outcome(answer)
    assert isinstance(error, errors.Uncertain)
    assert not error.retry_safe
    assert error.retry_after in (None, 600.0)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "answer",
    [FINISHED, FINISHED | {"task_info": {"external_task_id": "own-2"}}, FINISHED | {"task_id": "own-10"}],
)
async def test_an_answer_about_another_task_says_nothing(answer: dict[str, object]) -> None:
    with answering(envelope(answer)) as server:
        async with door(server.url) as kling:
            with pytest.raises(errors.AnswerUnreadable):
                await kling.query("own-1")


async def test_a_create_answered_with_another_task_of_ours_is_uncertain() -> None:
    error, _ = await outcome(envelope(CREATED | {"task_info": {"external_task_id": "own-2"}}))
    assert type(error) is errors.Unreadable


@pytest.mark.parametrize(
    "answer",
    [
        envelope(code=1302, message="too fast", status="429 Too Many"),
        response(b"<html>sign in</html>"),
        envelope(code=5000, message="internal", status="500 Internal"),
        b"",
        envelope(code=1301, message="odd", status="400 Bad Request"),
    ],
)
async def test_what_goes_wrong_with_a_question_never_speaks_of_a_charge(answer: bytes) -> None:
    with answering(answer) as server:
        async with door(server.url) as kling:
            asks = (lambda: kling.query("own-1"), lambda: kling.page(Kind.TEXT), kling.packs)
            for ask in asks:
                with pytest.raises(errors.Unanswered) as caught:
                    await ask()
                assert "charge" not in caught.value.advice
                assert "Nothing was" not in caught.value.advice


async def test_a_list_that_is_refused_is_a_refused_question() -> None:
    with answering(envelope(code=1201, message="pageSize", status="400 Bad Request")) as server:
        async with door(server.url) as kling:
            with pytest.raises(errors.QuestionRefused):
                await kling.page(Kind.TEXT)
            with pytest.raises(errors.BadRequest):
                await kling.query("own-1")


async def test_the_mark_of_a_second_take_of_one_video_is_not_sent() -> None:
    with answering(envelope(CREATED)) as server:
        async with door(server.url) as kling:
            await kling.create(replace(EXTENSION, video_id="743211632612511839#815336423632572487"), "own-1")
    assert json.loads(server.heard[0].body)["video_id"] == "743211632612511839"


async def test_a_reset_connection_leaves_a_create_uncertain() -> None:
    def reset(_: Heard) -> Iterable[bytes]:
        raise ConnectionResetError

    error, server = await outcome(reset)
    assert type(error) is errors.ConnectionLost
    assert len(server.heard) == 1


async def test_a_silent_server_leaves_a_create_uncertain() -> None:
    error, server = await outcome(Stall(b""), read_seconds=0.2)
    assert type(error) is errors.TimedOut
    assert len(server.heard) == 1


async def test_an_answer_that_drips_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.client.ANSWER_SECONDS", 0.3)
    error, _ = await outcome(Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"))
    assert type(error) is errors.TimedOut


async def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.kling.client.LARGEST_ANSWER_BYTES", 100_000)

    def endless(_: Heard) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        while True:
            yield b" " * 65536

    error, _ = await outcome(endless)
    assert type(error) is errors.Unreadable


async def test_without_a_connection_nothing_was_sent() -> None:
    with answering(b"") as server:
        closed = server.url
    async with door(closed) as kling:
        with pytest.raises(errors.Unreachable):
            await kling.create(EXTENSION, "own-1")


def by_turns(*answers: bytes) -> Callable[[Heard], Iterable[bytes]]:
    left = list(answers)
    return lambda _: [left.pop(0)]


def dated(skew: timedelta, code: int) -> bytes:
    """A refusal from a server whose clock lies `skew` ahead of ours."""
    body = json.dumps({"code": code, "message": "token time", "request_id": "r-2"}).encode()
    date = format_datetime(datetime.now(UTC) + skew, usegmt=True)
    return response(body, "401 Unauthorized", Date=date)


async def test_only_an_answer_of_kling_s_own_tells_the_time() -> None:
    """A portal's page, a proxy's refusal and JSON of another kind carry a date too, of whatever clock."""
    date, told = "Fri, 27 Nov 2026 12:00:00 GMT", list[datetime]()
    strange = [
        response(b"<html>Sign in</html>", Date=date),
        response(b"<html>No</html>", "403 Forbidden", Date=date),
        response(b'{"error": "no"}', Date=date),
    ]
    body = json.dumps({"code": 0, "message": "SUCCEED", "request_id": "r-1", "data": []}).encode()
    with answering(by_turns(*strange, response(body, Date=date))) as server:
        async with httpx.AsyncClient(trust_env=False, verify=tls()) as client:
            kling = Kling(server.url, PAIR, transport=client, on_date=told.append)
            for _ in strange:
                with pytest.raises(errors.KlingDesktopError):
                    await kling.page(Kind.TEXT)
            assert told == []
            await kling.page(Kind.TEXT)
    assert told == [datetime(2026, 11, 27, 12, tzinfo=UTC)]


@pytest.mark.parametrize(("code", "skew"), [(1003, timedelta(hours=-2)), (1004, timedelta(hours=3))])
async def test_a_wrong_clock_is_made_good_by_signing_once_more(code: int, skew: timedelta) -> None:
    with answering(by_turns(dated(skew, code), envelope(CREATED), envelope(CREATED))) as server:
        async with door(server.url) as kling:
            assert (await kling.create(EXTENSION, "own-1")).kling_id == CREATED["task_id"]
            assert kling.clock_skew is not None
            assert abs(kling.clock_skew + skew) < timedelta(seconds=5)
            await kling.query(CREATED["task_id"])
    first, second, third = (issued_at(heard) for heard in server.heard)
    assert abs(second - first - skew.total_seconds()) < 5
    assert abs(third - second) < 5, "the next request is right from the start"
    assert json.loads(server.heard[0].body) == json.loads(server.heard[1].body)


def issued_at(heard: Heard) -> float:
    token = heard.headers["authorization"].removeprefix("Bearer ")
    nbf: int = jwt.decode(token, options={"verify_signature": False})["nbf"]
    return nbf


async def test_a_clock_that_stays_wrong_is_explained_after_the_second_try() -> None:
    error, server = await outcome(dated(timedelta(), 1003))
    assert type(error) is errors.ClockWrong
    assert len(server.heard) == 2


@pytest.mark.parametrize("code", [1000, 1001, 1002])
async def test_wrong_keys_are_not_tried_again(code: int) -> None:
    error, server = await outcome(dated(timedelta(), code))
    assert type(error) is errors.SignInRefused
    assert len(server.heard) == 1


async def test_an_api_key_is_not_signed_again() -> None:
    with answering(dated(timedelta(), 1004)) as server:
        async with door(server.url, API_KEY) as kling:
            with pytest.raises(errors.ClockWrong):
                await kling.query("own-1")
    assert len(server.heard) == 1


async def test_redirects_carry_no_token_elsewhere() -> None:
    with answering(envelope(FINISHED)) as other:
        moved = response(b"", "302 Found", Location=f"{other.url}/v1/videos/video-extend/x")
        with answering(moved) as server:
            async with door(server.url) as kling:
                with pytest.raises(errors.AnswerUnreadable):
                    await kling.query("own-1")
        assert other.heard == []


async def test_an_own_transport_is_made_when_needed_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with answering(envelope(FINISHED)) as server:
        kling = Kling(server.url, PAIR)
        assert (await kling.query(FINISHED["task_id"])).status is Status.SUCCEEDED
        await kling.close()
    assert server.heard[0].headers["user-agent"].startswith("KlingDesktop/")


@pytest.mark.parametrize(
    "proxy", ["http://u:hidden@127.0.0.1:9", "socks5://u:hidden@127.0.0.1:9", "socks://u:hidden@127.0.0.1:9"]
)
async def test_a_proxy_that_is_not_there_is_said_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    kling = Kling("https://kling.example", PAIR)
    with pytest.raises(errors.ProxyUnreachable) as caught:
        await kling.query("own-1")
    await kling.close()
    assert "hidden" not in str(caught.value)


async def test_a_proxy_that_reaches_nothing_is_said_and_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(response(b"no such host", "502 Bad Gateway")) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        kling = Kling("https://kling.example", PAIR)
        with pytest.raises(errors.ProxyUnreachable):
            await kling.create(EXTENSION, "own-1")
        await kling.close()
    assert [heard.method for heard in proxy.heard] == ["CONNECT"]


async def test_a_certificate_that_is_not_trusted_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    with untrusted_server(tmp_path) as url:
        async with door(url) as kling:
            with pytest.raises(errors.TlsRefused) as caught:
                await kling.create(EXTENSION, "own-1")
    assert "Nothing was sent" in caught.value.advice


def list_of(entries: int) -> bytes:
    data = b"[" + b",".join([b"{}"] * entries) + b"]"
    return b'{"code":0,"message":"SUCCEED","request_id":"r-1","data":' + data + b"}"


def bomb() -> bytes:
    """A few kilobytes that hold 150 MB, packed twice over."""
    return gzip.compress(gzip.compress(b" " * 150_000_000, 1), 1)


async def longest_stop(asking: Callable[[], Awaitable[object]]) -> float:
    """Processor seconds that the loop took at a stretch, at most, while this was asked."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)

    watching = asyncio.create_task(watch())
    try:
        await asking()
        await asyncio.sleep(0)  # what stops the loop at the very end counts too
    finally:
        watching.cancel()
    return longest


@pytest.mark.expects_log("500 list entries without a task id")
async def test_a_long_list_does_not_stop_the_loop() -> None:
    with answering(response(list_of(60_000))) as server:
        async with door(server.url, read_seconds=30) as kling:
            assert await longest_stop(lambda: kling.page(Kind.TEXT, 1, 500)) < 0.5


@pytest.mark.parametrize("huge", ["members", "bytes", "packed"])
async def test_a_huge_answer_neither_stops_the_loop_nor_is_read_to_its_end(huge: str) -> None:
    answer = {
        "members": lambda: response(list_of(1_000_000)),
        "bytes": lambda: response(list_of(8_000_000)),
        "packed": lambda: response(bomb(), Content_Encoding="gzip, gzip"),
    }[huge]()
    with answering(answer) as server:
        async with door(server.url, read_seconds=30) as kling:

            async def refused() -> None:
                with pytest.raises(errors.AnswerUnreadable):
                    await kling.page(Kind.TEXT, 1, 500)

            assert await longest_stop(refused) < 0.5


@pytest.mark.parametrize("packing", ["gzip", "deflate", "deflate without its head"])
async def test_a_packed_answer_is_unpacked(packing: str) -> None:
    plain = envelope(FINISHED).partition(b"\r\n\r\n")[2]
    body = {"gzip": gzip.compress(plain), "deflate": zlib.compress(plain)}.get(packing, zlib.compress(plain)[2:-4])
    with answering(response(body, Content_Encoding=packing.partition(" ")[0])) as server:
        async with door(server.url) as kling:
            assert (await kling.query(FINISHED["task_id"])).kling_id == FINISHED["task_id"]


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"{}" * 99)[:-9], b"", gzip.compress(b"{}") + b"more"],
    ids=["cut off", "empty", "more than it says"],  # the bytes carry the time of day: no name for a test
)
async def test_an_answer_that_is_packed_badly_is_no_answer(body: bytes) -> None:
    error, _ = await outcome(response(body, Content_Encoding="gzip"))
    assert isinstance(error, errors.Unreadable)


class Drops(httpx.AsyncByteStream):
    """A body that is all there at once, in single bytes, as a connection hands out tiny chunks that have come."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(300_000):
            yield b" "


async def test_an_answer_that_is_called_off_while_it_is_read_leaves_nothing_open() -> None:
    """Qt's loop has no hook for generators that are thrown away half way: a warning of one fails the test."""
    drops = response(sized=False, Transfer_Encoding="chunked") + b"1\r\n \r\n" * 200_000
    hooks = sys.get_asyncgen_hooks()
    with answering(drops) as server:
        async with door(server.url) as kling:
            sys.set_asyncgen_hooks(None, None)
            try:
                asking = asyncio.create_task(kling.query("own-1"))
                began = time.perf_counter()
                while time.perf_counter() - began < 0.003:  # it reads: the turn before took that long
                    began = time.perf_counter()
                    await asyncio.sleep(0)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                del asking
                gc.collect()
            finally:
                sys.set_asyncgen_hooks(*hooks)


async def test_an_answer_in_single_bytes_does_not_stop_the_loop() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Drops()))
    async with httpx.AsyncClient(transport=transport) as client:
        counting = asyncio.create_task(count())
        with pytest.raises(errors.AnswerUnreadable):
            await Kling("http://127.0.0.1", PAIR, transport=client).query("own-1")
        counting.cancel()
    assert turns > 15


@pytest.mark.parametrize(
    ("address", "checked"),
    [
        ("https://api-singapore.klingai.com", "https://api-singapore.klingai.com"),
        (" https://gate.example.com:8443/kling/ ", "https://gate.example.com:8443/kling"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_that_keys_may_be_sent_to(address: str, checked: str) -> None:
    assert checked_address(address) == checked


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api-singapore.klingai.com",
        "http://api-singapore.klingai.com",
        "http://127.0.0.1.evil.example",
        "http://192.168.1.5:8000",
        "ftp://127.0.0.1",
        "https://",
        "https://user:word@host.example",
        "https://host.example/?a=1",
        "https://host.example:port",
        "https://ho st.example",
        "https://host.example:99999",
        "https://host.example:0",
        f"https://{'a' * 64}.example",
        "https://host\ud800.example",
    ],
)
def test_addresses_that_keys_are_not_sent_to(address: str) -> None:
    with pytest.raises(errors.AddressWrong) as caught:
        checked_address(address)
    assert "word" not in str(caught.value)


async def test_no_log_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    for logger in ("", "kling_desktop", "kling_desktop.kling.client"):  # a program that ran before may have set them
        caplog.set_level(logging.DEBUG, logger=logger or None)
    with answering(envelope(FINISHED)) as server:
        for credentials in (PAIR, API_KEY):
            async with door(server.url, credentials) as kling:
                await kling.query(FINISHED["task_id"])
                assert PAIR.secret_key not in repr(kling)
    text = caplog.text
    assert "GET /v1/videos/video-extend/815336423632572487: 200 request r-1" in text
    for secret in (PAIR.secret_key, API_KEY.key, "Bearer", "eyJ", "Signature="):
        assert secret not in text


# Against the sandbox, which shares no code with the client


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, media_cache: Path) -> Iterator[Sandbox]:
    """One sandbox for all faults: starting one takes longer than a fault."""
    from kling_desktop.sandbox.server import Sandbox

    with Sandbox(tmp_path_factory.mktemp("shared"), speed="instant", size="small", cache_dir=media_cache) as server:
        yield server


def keys_of(sandbox: Sandbox) -> Credentials:
    return KeyPair(sandbox.access_key, sandbox.secret_key)


async def any_clip(kling: Kling) -> Clip:
    """A clip that the sandbox's account has from the start: two hours old, five seconds, V1.6."""
    clip = (await kling.query("dawn-lake", Kind.TEXT)).clip
    assert clip is not None
    return clip


async def ended(kling: Kling, id: str) -> Standing:
    """How the task stands in the end; one that is only just being made is waited for."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(errors.BadRequest):
                standing = await kling.query(id)
                if standing.status is not None and standing.status.ended:
                    return standing
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("kind_of_keys", ["pair", "api key"])
async def test_an_extension_is_made_and_found_in_every_way(sandbox: Sandbox, kind_of_keys: str) -> None:
    credentials = keys_of(sandbox) if kind_of_keys == "pair" else ApiKey(sandbox.api_key)
    async with door(sandbox.url, credentials) as kling:
        base = await any_clip(kling)
        asked = Extension(base.id, "a heron lands", "rain", 0.7, watermark=True)
        made = await kling.create(asked, "own-1")
        assert made.request_id
        standing = await ended(kling, "own-1")
        assert standing == replace(await kling.query(made.kling_id), request_id=standing.request_id)
        page = await kling.page(Kind.EXTENSION)
    clip, parent = standing.clip, standing.parent
    assert (standing.kling_id, standing.external_id, standing.status) == (made.kling_id, "own-1", Status.SUCCEEDED)
    assert clip is not None
    assert parent is not None
    assert clip.seconds is not None
    assert base.seconds is not None
    assert clip.parent_id == parent.id == base.id
    assert 3.5 < float(clip.seconds - base.seconds) < 6
    assert clip.expires_at is not None
    assert clip.made_at is not None
    assert abs(clip.expires_at - clip.made_at - RETENTION) < timedelta(minutes=1)
    assert clip.watermark_url
    assert standing.units is not None
    assert standing.units > 0
    assert [s.kling_id for s in page] == [made.kling_id]
    assert not sandbox.request_log.violations


async def test_the_account_s_packs_and_pages(sandbox: Sandbox) -> None:
    async with door(sandbox.url, keys_of(sandbox)) as kling:
        packs = await kling.packs()
        first = await kling.page(Kind.TEXT, 1, 2)
        second = await kling.page(Kind.TEXT, 2, 2)
        beyond = await kling.page(Kind.TEXT, 1000, 500)
    assert any(pack.status == "online" and pack.remaining_units > 0 for pack in packs)
    assert all(pack.expires_at is not None and pack.total_units >= pack.remaining_units for pack in packs)
    assert len({s.kling_id for s in first + second}) == 4
    assert beyond == []


async def test_the_sandbox_refuses_wrong_keys_and_unknown_tasks(sandbox: Sandbox) -> None:
    for credentials in (KeyPair(sandbox.access_key, "wrong"), KeyPair("wrong", "wrong"), ApiKey("api-key-kling-wrong")):
        async with door(sandbox.url, credentials) as kling:
            with pytest.raises(errors.SignInRefused):
                await kling.page(Kind.TEXT)
    async with door(sandbox.url, keys_of(sandbox)) as kling:
        with pytest.raises(errors.BadRequest):
            await kling.query("no-such-task")


@pytest.mark.parametrize("seconds", [-7200, 7200])
async def test_a_clock_hours_off_signs_in_all_the_same(sandbox: Sandbox, seconds: int) -> None:
    sandbox.world.shift(seconds)
    async with door(sandbox.url, keys_of(sandbox)) as kling:
        assert await kling.page(Kind.TEXT)
        assert kling.clock_skew is not None
        assert abs(kling.clock_skew.total_seconds() + seconds) < 5


async def test_refusals_of_the_sandbox_have_their_names(sandbox: Sandbox) -> None:
    async with door(sandbox.url, keys_of(sandbox)) as kling:
        base = await any_clip(kling)
        made = await kling.create(Extension(base.id), "own-1")
        for expected, asked, id in (
            (errors.DuplicateId, Extension(base.id), "own-1"),
            (errors.VideoUnknown, Extension("743211632612511839"), "own-2"),
            (errors.VideoUnknown, Extension(made.kling_id), "own-3"),
            (errors.BadRequest, Extension(base.id, "x" * 2501), "own-4"),
        ):
            with pytest.raises(errors.Refused) as caught:
                await kling.create(asked, id)
            assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("fault", "expected", "made"),
    [
        ("slots", errors.SlotsFull, False),
        ("too_fast", errors.Busy, False),
        ("empty", errors.AccountEmpty, False),
        ("arrears", errors.AccountEmpty, False),
        ("account", errors.AccountStopped, False),
        ("permission", errors.NotPermitted, False),
        ("ip", errors.AddressBlocked, False),
        ("policy", errors.ContentRefused, False),
        ("content", errors.ContentRefused, False),
        ("code_in_200", None, False),
        ("maintenance", errors.Maintenance, False),
        ("internal_before", errors.ServerTrouble, False),
        ("internal_after", errors.ServerTrouble, True),
        ("gateway_before", errors.ServerTrouble, False),
        ("gateway_after", errors.ServerTrouble, True),
        ("html_502", errors.ServerTrouble, False),
        ("drop_before", errors.ConnectionLost, False),
        ("drop_after", errors.ConnectionLost, True),
        ("empty_body", errors.Unreadable, True),
        ("broken_json", errors.Unreadable, True),
    ],
)
async def test_faults_of_a_create(
    shared: Sandbox, fault: str, expected: type[KlingDesktopError] | None, made: bool
) -> None:
    async with door(shared.url, keys_of(shared)) as kling:
        base = await any_clip(kling)
        shared.fault(fault, on="create")
        with pytest.raises(KlingDesktopError) as caught:
            await kling.create(Extension(base.id), f"own-{fault}")
        assert expected is None or type(caught.value) is expected
        if made:
            assert (await ended(kling, f"own-{fault}")).status is Status.SUCCEEDED
        else:
            with pytest.raises(errors.BadRequest):
                await kling.query(f"own-{fault}")
    assert not made or isinstance(caught.value, errors.Uncertain), "what may have been made is never called refused"
