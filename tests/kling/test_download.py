"""Downloads over real sockets: whole, resumed, cut short, expired, faked, slowed down, stopped; and kept for good."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop import errors
from kling_desktop.domain.accounts import ApiKey
from kling_desktop.domain.clips import Kind, Progress
from kling_desktop.errors import DownloadFailed, KlingDesktopError
from kling_desktop.kling.client import Kling
from kling_desktop.kling.download import Limiter, discard, fetch, keep
from kling_desktop.kling.partial import left_over, note_file
from kling_desktop.kling.wire import tls
from tests.harness.servers.odd_server import Heard, OddServer, Stall, response

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

VIDEO = b"\0\0\0\x18ftypmp42" + hashlib.shake_128(b"take").digest(300_000)
TAG = '"v1"'


class Media:
    """A media host with the usual manners: Range and If-Range by ETag. Each test spoils one of them."""

    def __init__(self, body: bytes = VIDEO, tag: str = TAG, cut: int | None = None, ranges: bool = True) -> None:
        self.body = body
        self.tag = tag
        self.cut = cut
        """After how many bytes of a body the connection breaks; None for never."""
        self.ranges = ranges

    def __call__(self, heard: Heard) -> Iterable[bytes]:
        start = int(heard.headers.get("range", "bytes=0-")[6:-1])
        if not (self.ranges and start and heard.headers.get("if-range") == self.tag):
            whole = response(self.body, Content_Type="video/mp4", ETag=self.tag)
            return [self._cut(whole)]
        span = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
        return [self._cut(response(self.body[start:], "206 Partial Content", Content_Range=span, ETag=self.tag))]

    def _cut(self, answer: bytes) -> bytes:
        return answer if self.cut is None else answer[: answer.index(b"\r\n\r\n") + 4 + self.cut]


def never() -> bool:
    return False


def fetched(url: str, part: Path) -> list[Progress]:
    return list(fetch(url, part, stopped=never, reserve_bytes=0))


def refused(url: str, part: Path) -> KlingDesktopError:
    with pytest.raises(KlingDesktopError) as caught:
        fetched(url, part)
    return caught.value


@pytest.fixture
def part(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder / "a.mp4.part"


def test_a_file_comes_whole_and_says_how_far(part: Path) -> None:
    with OddServer(Media()) as server:
        progress = fetched(f"{server.url}/a?Signature=s", part)
    assert part.read_bytes() == VIDEO
    assert (progress[0], progress[-1]) == (Progress(0, len(VIDEO)), Progress(len(VIDEO), len(VIDEO)))
    [heard] = server.heard
    assert "authorization" not in heard.headers
    assert heard.headers["accept-encoding"] == "identity"
    assert "Signature" not in note_file(part).read_text()


def test_a_user_name_in_the_address_makes_no_credentials(part: Path) -> None:
    with OddServer(Media()) as server:
        fetched(server.url.replace("//", "//user:word@") + "/a", part)
    assert "authorization" not in server.heard[0].headers


def test_a_cut_transfer_is_gone_on_with(part: Path) -> None:
    media = Media(cut=100_000)
    with OddServer(media) as server:
        assert type(refused(f"{server.url}/a?Signature=old", part)) is errors.Truncated
        assert part.stat().st_size == 100_000
        media.cut = None
        progress = fetched(f"{server.url}/a?Signature=fresh", part)
    assert part.read_bytes() == VIDEO
    assert progress[0] == Progress(100_000, len(VIDEO))
    assert (server.heard[1].headers["range"], server.heard[1].headers["if-range"]) == ("bytes=100000-", TAG)


def test_another_file_under_the_same_address_begins_again(part: Path) -> None:
    media = Media(cut=100_000)
    with OddServer(media) as server:
        refused(f"{server.url}/a", part)
        media.cut, media.tag, media.body = None, '"v2"', VIDEO[::-1][:12] + VIDEO
        fetched(f"{server.url}/a", part)
    assert part.read_bytes() == media.body


@pytest.mark.parametrize("spoilt", [{"ranges": False}, {"tag": ""}, {"tag": 'W/"weak"'}])
def test_without_ranges_or_a_proof_the_file_comes_again_whole(part: Path, spoilt: dict[str, bool | str]) -> None:
    media = Media(cut=100_000, **spoilt)  # type: ignore[arg-type] # one table for two kinds of fault
    with OddServer(media) as server:
        refused(f"{server.url}/a", part)
        media.cut = None
        assert fetched(f"{server.url}/a", part)[0] == Progress(0, len(VIDEO))
    assert part.read_bytes() == VIDEO


@pytest.mark.parametrize(
    "wrong",
    [
        response(VIDEO[5:], "206 Partial Content", Content_Range=f"bytes 5-{len(VIDEO) - 1}/{len(VIDEO)}"),
        response(VIDEO[100_000:], "206 Partial Content", Content_Range=f"bytes 100000-{len(VIDEO)}/{len(VIDEO) + 1}"),
        response(VIDEO[100_000:], "206 Partial Content"),
        response(VIDEO[100_000:], "206 Partial Content", Content_Range=f"bytes 100000-1/{len(VIDEO)}", ETag='"v2"'),
        response(b"", "416 Range Not Satisfiable"),
    ],
)
def test_a_range_that_does_not_fit_begins_again(part: Path, wrong: bytes) -> None:
    media = Media(cut=100_000)
    with OddServer(lambda heard: [wrong] if "range" in heard.headers else media(heard)) as server:
        refused(f"{server.url}/a", part)
        media.cut = None
        fetched(f"{server.url}/a", part)
    assert part.read_bytes() == VIDEO
    assert len(server.heard) == 3


def test_a_range_that_ends_too_soon_is_truncated_and_gone_on_with(part: Path) -> None:
    media = Media(cut=100_000)
    span = f"bytes 100000-199999/{len(VIDEO)}"
    short = response(VIDEO[100_000:200_000], "206 Partial Content", Content_Range=span, ETag=TAG)
    with OddServer(lambda heard: [short] if heard.headers.get("range") == "bytes=100000-" else media(heard)) as server:
        refused(f"{server.url}/a", part)
        media.cut = None
        assert type(refused(f"{server.url}/a", part)) is errors.Truncated
        assert fetched(f"{server.url}/a", part)[0].received_bytes == 200_000
    assert part.read_bytes() == VIDEO


def test_a_server_that_only_ever_sends_other_parts_is_given_up(part: Path) -> None:
    odd = response(VIDEO, "206 Partial Content", Content_Range="bytes 5-6/7")
    with OddServer(lambda _: [odd]) as server:
        assert type(refused(f"{server.url}/a", part)) is DownloadFailed


def test_a_whole_part_is_not_asked_for_again_until_discarded(part: Path) -> None:
    with OddServer(Media()) as server:
        fetched(f"{server.url}/a", part)
        assert fetched(f"{server.url}/a?x=1", part) == [Progress(len(VIDEO), len(VIDEO))]
        assert len(server.heard) == 1
        discard(part)
        assert not part.exists()
        fetched(f"{server.url}/a", part)
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    "note", [b"", b"[]", b"{}", b'{"path": "/a", "total_bytes": "x"}', b'{"path": "/other"}', b"\xff"]
)
def test_a_broken_note_begins_again(part: Path, note: bytes) -> None:
    with OddServer(Media(cut=100_000)) as server:
        refused(f"{server.url}/a", part)
    note_file(part).write_bytes(note)
    assert left_over(part, "/a") is None
    with OddServer(Media()) as server:
        fetched(f"{server.url}/a", part)
    assert part.read_bytes() == VIDEO


@pytest.mark.parametrize(
    "answer",
    [
        response(VIDEO, sized=False),
        response(b"%x\r\n%b\r\n0\r\n\r\n" % (len(VIDEO), VIDEO), sized=False, Transfer_Encoding="chunked"),
    ],
)
def test_without_a_length_the_end_is_the_end(part: Path, answer: bytes) -> None:
    with OddServer(lambda _: [answer]) as server:
        progress = fetched(f"{server.url}/a", part)
    assert part.read_bytes() == VIDEO
    assert progress[-1] == Progress(len(VIDEO), None)


def test_a_chunked_body_that_breaks_is_truncated(part: Path) -> None:
    answer = response(b"%x\r\n%b" % (len(VIDEO), VIDEO[:900]), sized=False, Transfer_Encoding="chunked")
    with OddServer(lambda _: [answer]) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.Truncated


def test_packed_bytes_are_unpacked(part: Path) -> None:
    import gzip

    with OddServer(lambda _: [response(gzip.compress(VIDEO), Content_Encoding="gzip", ETag=TAG)]) as server:
        assert fetched(f"{server.url}/a", part)[-1] == Progress(len(VIDEO), None)
    assert part.read_bytes() == VIDEO


@pytest.mark.parametrize("packing", ["compress", "gzip, compress", "aes128gcm"])
def test_bytes_packed_in_an_unknown_way_are_never_written_as_a_film(part: Path, packing: str) -> None:
    with OddServer(lambda _: [response(VIDEO, Content_Encoding=packing)]) as server:
        assert packing in str(refused(f"{server.url}/a", part))
    assert not part.exists()


def test_a_rest_that_comes_packed_leaves_the_part_as_it_is(part: Path) -> None:
    with OddServer(Media(cut=100_000)) as server:
        refused(f"{server.url}/a", part)
    kept = part.read_bytes()
    span = f"bytes {len(kept)}-{len(VIDEO) - 1}/{len(VIDEO)}"
    packed = response(b"packed", "206 Partial Content", Content_Range=span, ETag=TAG, Content_Encoding="gzip")
    with OddServer(lambda _: [packed]) as server:
        assert type(refused(f"{server.url}/a", part)) is DownloadFailed
    assert kept
    assert part.read_bytes() == kept


PAGE = b"\n<!DOCTYPE html><html>sign in</html>"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>", errors.LinkExpired),
        ("404 Not Found", b"", errors.LinkExpired),
        ("410 Gone", b"", errors.LinkExpired),
        ("200 OK", PAGE, errors.SignInPage),
        ("200 OK", b'{"code": 1, "message": "no"}', errors.SignInPage),
        ("200 OK", b"", errors.SignInPage),
        ("511 Network Authentication Required", PAGE, errors.SignInPage),
        ("400 Bad Request", PAGE, DownloadFailed),
        ("304 Not Modified", b"", DownloadFailed),
        ("429 Too Many Requests", b"", errors.DownloadInterrupted),
        ("500 Internal", PAGE, errors.DownloadInterrupted),
        ("503 Unavailable", b"", errors.DownloadInterrupted),
    ],
)
def test_what_comes_instead_of_a_video(part: Path, status: str, body: bytes, expected: type[KlingDesktopError]) -> None:
    with OddServer(lambda _: [response(body, status, Retry_After="9")]) as server:
        error = refused(f"{server.url}/a", part)
    assert type(error) is expected
    assert error.retry_after == (9.0 if expected is errors.DownloadInterrupted else None)
    assert not part.exists()


def test_bytes_outweigh_what_the_server_calls_them(part: Path) -> None:
    with OddServer(lambda _: [response(VIDEO, Content_Type="text/html")]) as server:
        fetched(f"{server.url}/a", part)
    with OddServer(lambda _: [response(b"no video at all" * 9, Content_Type="text/plain")]) as server:
        assert type(refused(f"{server.url}/b", part)) is errors.SignInPage


def test_a_sign_in_page_does_not_cost_what_came_before(part: Path) -> None:
    with OddServer(Media(cut=100_000)) as server:
        refused(f"{server.url}/a", part)
    with OddServer(lambda _: [response(PAGE)]) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.SignInPage
    with OddServer(Media()) as server:
        assert fetched(f"{server.url}/a", part)[0].received_bytes == 100_000


def test_a_redirect_is_followed_without_credentials(part: Path) -> None:
    with OddServer(Media()) as other:
        moved = response(b"", "302 Found", Location=f"{other.url}/b")
        with OddServer(lambda _: [moved]) as server:
            fetched(f"{server.url}/a", part)
    assert part.read_bytes() == VIDEO
    assert "authorization" not in other.heard[0].headers


def test_an_address_that_moved_is_followed_on_a_host_that_hangs_up_after_each_answer(part: Path) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: b\r\nContent-Length: 0\r\n\r\n"  # it does not say that it will
    with OddServer(lambda heard: [moved if heard.target == "/a" else response(VIDEO)]) as server:
        for _ in range(10):  # whether the end of a line is seen before it is used again is a matter of luck
            fetched(f"{server.url}/a", part)
            assert part.read_bytes() == VIDEO
            discard(part)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://127.0.0.1:port/", "/a"])
def test_redirects_lead_to_the_web_only_and_not_in_circles(part: Path, location: str) -> None:
    with OddServer(lambda _: [response(b"", "302 Found", Location=location)]) as server:
        assert isinstance(refused(f"{server.url}/a", part), DownloadFailed)
    assert len(server.heard) <= 6


@pytest.mark.parametrize("url", ["", "nonsense", "file:///etc/passwd", "http://[broken/a", "http://host:port/a"])
def test_addresses_of_no_use(part: Path, url: str) -> None:
    assert type(refused(url, part)) is DownloadFailed


def test_no_connection_and_a_lost_one_are_interruptions(part: Path) -> None:
    def reset(_: Heard) -> Iterable[bytes]:
        raise ConnectionResetError

    with OddServer(reset) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.DownloadInterrupted
    assert type(refused(f"{server.url}/a", part)) is errors.HostUnreachable


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999/a",
        "http://" + "a" * 64 + ".localhost/a",
        "http://h\ud800.localhost/a",
        "http://[::1/a",
        "http://127.0.0.1:65536/a",
    ],
)
def test_an_address_that_no_request_can_be_made_of_is_an_error_of_ours(url: str, part: Path) -> None:
    assert isinstance(refused(url, part), errors.DownloadFailed)


@pytest.mark.parametrize("ranges", ["bytes 0-{end}/{size}", "bytes 0-{size}/{size}", "bytes 0-{end}/*", ""])
def test_a_part_that_is_the_whole_answers_a_plain_question(ranges: str, part: Path) -> None:
    """Also with an end one too far, or without saying which part it is or of how much: the packets will tell."""
    body = b"\0\0\0\x18ftypmp42" + b"x" * 500
    whole = response(body, "206 Partial Content")
    if ranges:
        said = ranges.format(end=len(body) - 1, size=len(body))
        whole = response(body, "206 Partial Content", Content_Range=said)
    with OddServer(lambda _: [whole]) as server:
        list(fetch(f"{server.url}/a", part, stopped=never))
    assert part.read_bytes() == body


@pytest.mark.parametrize("ranges", ["bytes 1-511/512", "bytes 0-10/512", "bytes 1-511/*", "nonsense"])
def test_any_other_part_does_not_answer_a_plain_question(ranges: str, part: Path) -> None:
    odd = response(b"\0\0\0\x18ftypmp42" + b"x" * 500, "206 Partial Content", Content_Range=ranges)
    with OddServer(lambda _: [odd]) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.DownloadFailed


def test_a_full_disk_is_said_before_the_first_byte(part: Path) -> None:
    reserve = shutil.disk_usage(part.parents[1]).free
    with OddServer(Media()) as server, pytest.raises(errors.DiskFull):
        list(fetch(f"{server.url}/a", part, stopped=never, reserve_bytes=reserve))
    assert not part.exists()


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_without_an_end_leaves_the_reserve_free(
    part: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    import gzip

    def usage(_: Path) -> SimpleNamespace:
        return SimpleNamespace(free=20_000_000 - (part.stat().st_size if part.exists() else 0))

    def endless(_: Heard) -> Iterable[bytes]:
        piece = VIDEO + bytes(30_000_000)
        yield response(sized=False, Content_Encoding="gzip" if packed else "identity")
        yield gzip.compress(piece, 1) if packed else piece

    monkeypatch.setattr(shutil, "disk_usage", usage)
    with OddServer(endless) as server, pytest.raises(errors.DiskFull):
        list(fetch(f"{server.url}/a", part, stopped=never, reserve_bytes=5_000_000))
    assert 0 < part.stat().st_size <= 15_000_000, "what came is kept, and the reserve stays free"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_disk_that_fills_up_on_the_way_is_said(part: Path) -> None:
    part.symlink_to("/dev/full")
    with OddServer(Media()) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.DiskFull


@pytest.mark.parametrize("is_file", [True, False])
def test_a_folder_that_is_not_there_is_said_and_not_made(part: Path, is_file: bool) -> None:
    part.parent.rmdir()
    if is_file:
        part.parent.write_text("a file where the folder should be")
    with OddServer(Media()) as server:
        assert type(refused(f"{server.url}/a", part)) is errors.FileTrouble
    assert part.parent.exists() is is_file


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + VIDEO])
def test_a_stalled_transfer_stops_soon_after_it_is_asked_to(part: Path, first: bytes) -> None:
    asked = threading.Event()
    with OddServer(Stall(first)) as server:
        timer = threading.Timer(0.2, asked.set)
        timer.start()
        began = time.monotonic()
        with pytest.raises(errors.DownloadInterrupted, match="stopped"):
            list(fetch(f"{server.url}/a", part, stopped=asked.is_set, reserve_bytes=0))
        assert time.monotonic() - began < 5
        timer.join()
    assert not first or part.stat().st_size == len(VIDEO)


def test_progress_is_told_at_most_ten_times_a_second(part: Path) -> None:
    with OddServer(Media()) as server:
        began = time.monotonic()
        times = [
            time.monotonic() - began
            for _ in fetch(f"{server.url}/a", part, stopped=never, bytes_per_second=400_000, reserve_bytes=0)
        ]
    assert 3 <= len(times) <= 2 + (times[-1] / 0.1)
    assert times[-1] > 0.4, "the speed limit holds"


def test_transfers_share_one_limit(tmp_path: Path) -> None:
    limiter = Limiter(600_000)
    with OddServer(Media()) as server:
        url = f"{server.url}/a"

        def transfer(number: int) -> None:
            list(fetch(url, tmp_path / f"{number}.part", stopped=never, limiter=limiter, reserve_bytes=0))

        began = time.monotonic()
        threads = [threading.Thread(target=transfer, args=(n,)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert time.monotonic() - began > 0.7
    assert {p.read_bytes() == VIDEO for p in tmp_path.glob("*.part")} == {True}


def test_a_limit_can_be_lifted_and_stopped() -> None:
    limiter = Limiter(1)
    limiter.take(10**9, lambda: True)
    limiter.bytes_per_second = 0
    limiter.take(10**9, never)


def test_nobody_goes_on_waiting_by_a_limit_that_was_changed() -> None:
    limiter = Limiter(1)
    waiting = threading.Thread(target=limiter.take, args=(10**9, never))
    waiting.start()
    limiter.bytes_per_second = 1_000_000
    waiting.join(timeout=5)
    assert not waiting.is_alive()
    began = time.monotonic()
    limiter.take(600_000, never)  # and what the old limit had promised away is forgotten
    assert 0.2 < time.monotonic() - began < 5


def written(part: Path, body: bytes = VIDEO) -> Path:
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(body)
    note_file(part).write_text("{}")
    return part


def test_keeping_never_overwrites(part: Path, tmp_path: Path) -> None:
    target = tmp_path / "takes" / "a puppy.mp4"
    target.parent.mkdir()
    names = [keep(written(part, bytes([n])), target).name for n in range(3)]
    assert names == ["a puppy.mp4", "a puppy -1.mp4", "a puppy -2.mp4"]
    assert [(target.parent / name).read_bytes() for name in names] == [b"\0", b"\1", b"\2"]
    assert list(part.parent.iterdir()) == []


def test_keeping_works_without_hard_links(part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    names = [keep(written(part, bytes([n])), tmp_path / "a.mp4").name for n in range(2)]
    assert names == ["a.mp4", "a -1.mp4"]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"\0", b"\1"]


def test_many_keepers_of_one_name_each_get_their_own(tmp_path: Path) -> None:
    parts = [written(tmp_path / f"{n}.part", bytes([n])) for n in range(12)]
    kept: list[Path] = []
    threads = [threading.Thread(target=lambda p=p: kept.append(keep(p, tmp_path / "a.mp4"))) for p in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 12
    assert {p.read_bytes() for p in kept} == {bytes([n]) for n in range(12)}


def test_keeping_what_is_not_there_is_a_file_trouble(tmp_path: Path) -> None:
    with pytest.raises(errors.FileTrouble):
        keep(tmp_path / "missing.part", tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@given(stem=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300))
@settings(max_examples=60, deadline=None)
def test_names_of_any_make_fit(stem: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "names" / hashlib.sha256(stem.encode()).hexdigest()[:12]
    target = folder / f"x{stem}.mp4"
    for _ in range(2):
        kept = keep(written(folder / "p.part"), target)
        assert kept.parent == folder
        assert len(kept.name.encode()) <= 255
        assert kept.suffix == ".mp4"
        assert kept.exists()
    shutil.rmtree(folder)


@pytest.mark.parametrize("fault", ["", "media_no_length", "media_no_range"])
async def test_a_take_of_the_sandbox_comes_whole(sandbox: Sandbox, part: Path, fault: str) -> None:
    url, size = await a_take(sandbox)
    if fault:
        sandbox.fault(fault, on="media")
    progress = await asyncio.to_thread(fetched, url, part)
    body = await asyncio.to_thread(part.read_bytes)
    assert progress[-1].received_bytes == len(body) == size
    assert body[4:8] == b"ftyp"
    assert not sandbox.request_log.violations


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("media_drop", errors.DownloadFailed),
        ("media_html", errors.SignInPage),
        ("media_expired", errors.LinkExpired),
    ],
)
async def test_after_a_fault_the_sandbox_s_take_comes_whole(
    sandbox: Sandbox, part: Path, fault: str, expected: type[KlingDesktopError]
) -> None:
    url, size = await a_take(sandbox)
    sandbox.fault(fault, on="media")
    assert isinstance(await asyncio.to_thread(refused, url, part), expected)
    await asyncio.to_thread(fetched, url, part)
    assert len(await asyncio.to_thread(part.read_bytes)) == size


async def a_take(sandbox: Sandbox) -> tuple[str, int]:
    """The address of a clip of the sandbox, and how many bytes it has."""
    async with httpx.AsyncClient(trust_env=False, verify=tls()) as client:
        kling = Kling(sandbox.url, ApiKey(sandbox.api_key), transport=client)
        standings = await kling.page(Kind.TEXT, 1, 500)
        clips = [s.clip for s in standings if s.clip and s.clip.url and s.clip.seconds and s.clip.seconds < 6]
        url = max(clips, key=lambda clip: clip.id).url
        return url, len((await client.get(url)).content)
