"""One request tells the newest version; what is not signed, too long or no answer tells nothing."""

from __future__ import annotations

import json

import pytest

from kling_desktop.errors import UpdateUnknown
from kling_desktop.kling.updates import manifest
from kling_desktop.kling.updates.manifest import LARGEST, Release, newest
from tests.harness.servers.odd_server import OddServer, Stall, response
from tests.harness.servers.releases import PUBLIC_KEY, release, signed


async def test_the_newest_version_is_told_by_one_request_that_tells_nothing_of_us() -> None:
    with OddServer(lambda _: [response(signed(release()))]) as server:
        told = await newest(f"{server.url}/updates.json", PUBLIC_KEY)
    assert told == Release(
        "99.1", "2030-01-02", "https://kling-desktop.invalid/99.1", {"en": "Faster.", "zh_CN": "更快。"}
    )
    (heard,) = server.heard
    assert (heard.method, heard.target, heard.body) == ("GET", "/updates.json", b"")
    assert set(heard.headers) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert heard.headers["user-agent"] == "kling-desktop"


def _with(**parts: object) -> bytes:
    return json.dumps(json.loads(signed(release())) | parts).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        _with(signed=release(version="100.0")),
        _with(signature=""),
        _with(signature="not base64!"),
        _with(signature=7),
        _with(signed=7),
        signed("no json"),
        signed("[]"),
        signed(release(version="newest")),
        signed(release(version="1.2; rm")),
        signed(release(page=7)),
        signed(release(changes=[])),
        b" " * (LARGEST + 1),
    ],
)
async def test_what_cannot_be_trusted_or_read_tells_nothing(body: bytes) -> None:
    with OddServer(lambda _: [response(body)]) as server, pytest.raises(UpdateUnknown):
        await newest(server.url, PUBLIC_KEY)


async def test_a_signature_of_somebody_else_tells_nothing() -> None:
    with OddServer(lambda _: [response(signed(release()))]) as server, pytest.raises(UpdateUnknown, match="not signed"):
        await newest(server.url, bytes([88]) + bytes([102]) * 31)


async def test_another_status_tells_nothing_and_leads_nowhere() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with OddServer(lambda _: [moved]) as server, pytest.raises(UpdateUnknown, match="HTTP 302"):
        await newest(server.url, PUBLIC_KEY)
    assert len(server.heard) == 1


async def test_nobody_there_and_an_address_in_the_clear_tell_nothing() -> None:
    with OddServer(lambda _: []) as server:
        gone = server.url
    for address in (gone, "http://example.invalid/updates.json", "ftp://example.invalid", ""):
        with pytest.raises(UpdateUnknown):
            await newest(address, PUBLIC_KEY)


async def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "SECONDS", 0.3)
    with OddServer(Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")) as server, pytest.raises(UpdateUnknown):
        await newest(server.url, PUBLIC_KEY)


async def test_an_address_that_is_no_https_is_not_handed_on() -> None:
    text = release(page="javascript:alert(1)")
    with OddServer(lambda _: [response(signed(text))]) as server:
        assert (await newest(server.url, PUBLIC_KEY)).page == ""


@pytest.mark.parametrize(
    ("theirs", "ours", "newer"),
    [("1.0", "0.9.9", True), ("0.10.0", "0.9.0", True), ("1.0.0", "1.0", False), ("1.0", "1.0.1", False)],
)
def test_versions_are_compared_number_by_number(theirs: str, ours: str, newer: bool) -> None:
    assert Release(theirs).is_newer_than(ours) is newer
