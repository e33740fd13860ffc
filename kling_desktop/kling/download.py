"""Streams one file to its part, resuming where it can. Never carries credentials; blocking, for worker threads."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import httpx

from kling_desktop.domain.clips import Progress
from kling_desktop.errors import (
    DownloadFailed,
    DownloadInterrupted,
    HostUnreachable,
    LinkExpired,
    SignInPage,
    Truncated,
    Unreachable,
)
from kling_desktop.kling.envelope import cleaned, retry_after_of
from kling_desktop.kling.environment import is_distrust, sound_url
from kling_desktop.kling.limiter import Limiter
from kling_desktop.kling.partial import Note, begin, discard, ensure_room, file_troubles, go_on, keep, left_over
from kling_desktop.kling.wire import PACKINGS, new_media_client

__all__ = ["RESERVE_BYTES", "Limiter", "discard", "fetch", "keep"]

RESERVE_BYTES: Final = 200_000_000
"""Room that a download leaves free on the disk."""

_LOOK_EVERY_BYTES: Final = 4_000_000
"""How much is written between two looks at the room left: what has no announced end may fill any disk."""
_PROGRESS_SECONDS: Final = 0.1
_HEAD_BYTES: Final = 64
_NETWORK_WANTS_SIGN_IN: Final = 511
"""RFC 6585: said by the network on the way, never by the host."""
_BOXES: Final = {b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide"}
_RANGE: Final = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the bytes of an answer belong."""

    at: int
    note: Note

    @property
    def to_come(self) -> int:
        return max((self.note.total_bytes or 0) - self.at, 0)


def fetch(
    url: str,
    part: Path,
    *,
    stopped: Callable[[], bool],
    bytes_per_second: int = 0,
    limiter: Limiter | None = None,
    reserve_bytes: int = RESERVE_BYTES,
) -> Iterator[Progress]:
    """Streams `url` to `part`, whose folder is there; when the iteration ends by itself, all bytes are on the disk.

    An existing part of the same file is gone on with when the server allows it (Range, If-Range), else begun
    again. A part that is already whole is not asked for again: `discard` one that proved to be no good. The
    first and last Progress always come, those between at least 100 ms apart. `limiter` shares a speed limit
    with other transfers, `bytes_per_second` is this one's own (0: none).

    Raises LinkExpired (403, 404, 410), SignInPage (a page or message in the place of a video), HostUnreachable (no
    connection to the host, or none to be trusted), Truncated (another number of bytes than announced), DiskFull (before
    the first byte or on the way, when `reserve_bytes` would not stay free), FileTrouble, DownloadInterrupted (a lost
    connection, server busy, `stopped`), else DownloadFailed.
    The part stays in all cases: a network's sign-in page does not cost what an earlier transfer brought.
    """
    with _network_troubles(stopped), _Plug(stopped) as plug, new_media_client() as client:
        left = left_over(part, _path_of(url))
        if left is not None and left[0] == left[1].total_bytes:
            yield Progress(left[0], left[0])
            return
        for wanted in (left, None) if left is not None and left[1].validator else (None,):
            with _asked(client, url, _range_headers(wanted), plug) as response:
                start = _start_of(response, _path_of(url), wanted)
                if start is not None:
                    ensure_room(part.parent, start.to_come + reserve_bytes)
                    yield from _received(
                        response, part, start, limiter or Limiter(bytes_per_second), stopped, reserve_bytes
                    )
                    return
        raise DownloadFailed("the server sends another part of the file than was asked for")


def _asked(
    client: httpx.Client, url: str, headers: dict[str, str], plug: _Plug
) -> contextlib.AbstractContextManager[httpx.Response]:
    # A bare Auth adds nothing, and keeps httpx from making a header out of a user name in the address.
    return client.stream("GET", url, headers=headers, auth=httpx.Auth(), extensions={"trace": plug.heard})


def _range_headers(wanted: tuple[int, Note] | None) -> dict[str, str]:
    return {"Range": f"bytes={wanted[0]}-", "If-Range": wanted[1].validator} if wanted else {}


def _start_of(response: httpx.Response, path: str, wanted: tuple[int, Note] | None) -> _Start | None:
    """Where the answer's bytes belong; None when they fit nowhere and the whole file is to be asked for."""
    match response.status_code:
        case 200:
            return _Start(0, _note_of(response, path))
        case 206 if wanted is not None:
            return _continued(response.headers, *wanted)
        case 206 if _is_whole(response.headers):
            return _Start(0, _note_of(response, path))
        case 206 | 416:
            return None
        case status:
            raise _refusal(status, response.headers)


def _is_whole(headers: Mapping[str, str]) -> bool:
    """Whether an answer that calls itself a part, and was not asked for one, may be the whole file, as some servers and
    caches give it. Where it does not say which part it is, or of how much, the packets tell.
    """
    text = headers.get("content-range", "").strip()
    found = _RANGE.fullmatch(text)
    if found is None:
        return not text and not headers.get("content-type", "").lower().startswith("multipart/")
    return int(found[1]) == 0 and (found[3] == "*" or int(found[2]) + 1 >= int(found[3]))


def _continued(headers: Mapping[str, str], at: int, note: Note) -> _Start | None:
    found = _RANGE.fullmatch(headers.get("content-range", "").strip())
    total = int(found[3]) if found and found[3] != "*" else note.total_bytes
    fits = found is not None and int(found[1]) == at and total in (note.total_bytes, None)
    same = headers.get("etag", note.validator) == note.validator or not note.validator.startswith('"')
    return _Start(at, note) if fits and same else None


def _note_of(response: httpx.Response, path: str) -> Note:
    headers = response.headers
    if _packing(headers):
        return Note(path)  # sizes and ranges then speak of packed bytes, which are not what we keep
    etag = headers.get("etag", "")
    length = headers.get("content-length", "")
    total = int(length) if re.fullmatch(r"\d{1,18}", length) else None
    return Note(path, etag if etag.startswith('"') else headers.get("last-modified", ""), total)


def _refusal(status: int, headers: Mapping[str, str]) -> DownloadFailed:
    if status in (403, 404, 410):
        return LinkExpired(f"HTTP {status}", http=status)
    if status == _NETWORK_WANTS_SIGN_IN:
        return SignInPage(f"HTTP {status}", http=status)
    if status in (408, 429) or status >= 500:
        return DownloadInterrupted(f"HTTP {status}", http=status, retry_after=retry_after_of(headers))
    return DownloadFailed(f"HTTP {status}", http=status)


def _received(
    response: httpx.Response,
    part: Path,
    start: _Start,
    limiter: Limiter,
    stopped: Callable[[], bool],
    reserve_bytes: int,
) -> Iterator[Progress]:
    pieces = _pieces(response, start)
    head = b"" if start.at else _video_head(pieces, response.headers.get("content-type", ""))
    total, received, told_at = start.note.total_bytes, start.at, time.monotonic()
    unlooked = 0
    with _opened(part, start) as file:
        yield Progress(received, total)
        for piece in itertools.chain((head,), pieces):
            limiter.take(len(piece), stopped)
            if stopped():
                raise DownloadInterrupted("stopped")
            unlooked += len(piece)
            if unlooked >= _LOOK_EVERY_BYTES:
                ensure_room(part.parent, unlooked + reserve_bytes)  # the file's buffer may still hold some of them
                unlooked = 0
            with file_troubles():
                file.write(piece)
            received += len(piece)
            if time.monotonic() - told_at >= _PROGRESS_SECONDS:
                told_at = time.monotonic()
                yield Progress(received, total)
    if total is not None and received != total:
        raise Truncated(f"{received} bytes of {total} came")
    yield Progress(received, total)


def _pieces(response: httpx.Response, start: _Start) -> Iterator[bytes]:
    """The bytes of the file itself, although some servers pack what was not asked to be packed. Raises DownloadFailed
    when they cannot be unpacked: httpx would hand on what it does not know as it came.
    """
    packing = _packing(response.headers)
    if not packing:
        return response.iter_raw()
    if packing not in PACKINGS or start.at:  # the rest of a packed file cannot be unpacked without its beginning
        raise DownloadFailed(f"the server packs the file in a way that was not asked for: {cleaned(packing)[:60]}")
    return response.iter_bytes()


def _packing(headers: Mapping[str, str]) -> str:
    """How the bytes are packed, in lower case; empty when they are not."""
    named = headers.get("content-encoding", "").strip().lower()
    return "" if named == "identity" else named


@contextlib.contextmanager
def _opened(part: Path, start: _Start) -> Iterator[BinaryIO]:
    """The part, open for writing. Left in good order, all bytes are on the disk; otherwise those that came so far
    are the file system's to write.
    """
    file = begin(part, start.note) if start.at == 0 else go_on(part, start.at)
    try:
        yield file
        with file_troubles():
            file.flush()
            os.fsync(file.fileno())
    finally:
        with contextlib.suppress(OSError):  # what a full disk has to say was said by the write before
            file.close()


def _video_head(pieces: Iterator[bytes], content_type: str) -> bytes:
    """The first bytes. Raises SignInPage when they begin a page or a message, or when there are none."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    _judge(head, content_type)
    return head


def _judge(head: bytes, content_type: str) -> None:
    """Bytes outweigh what the server calls them; what is neither video nor text is left to the media room."""
    if head[4:8] in _BOXES:
        return
    if not head or head.lstrip(b"\xef\xbb\xbf\0 \t\r\n")[:1] in (b"<", b"{", b"["):
        raise SignInPage("a page or message came in its place" if head else "nothing came")
    if re.match(r"text/|application/(json|xml|xhtml)", content_type.strip(), re.IGNORECASE):
        raise SignInPage(f"the server calls it {cleaned(content_type)[:60]}")


class _Plug:
    """Pulls the plug of a connection on which a thread is blocked, soon after `stopped` says so.

    Without it the program could not end before a stalled server's time-out.
    """

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._socket: socket.socket | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="download-plug", daemon=True)

    def heard(self, event: str, info: Mapping[str, object]) -> None:
        """Learns the connection's socket from httpcore's trace extension."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info.get("return_value")
            found = stream.get_extra_info("socket") if hasattr(stream, "get_extra_info") else None
            self._socket = found if isinstance(found, socket.socket) else None

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            if self._stopped() and self._socket is not None:
                with contextlib.suppress(OSError):  # closed in the meantime
                    # of the plain socket: TLS's own shutdown would wait for the other side
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> _Plug:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


@contextlib.contextmanager
def _network_troubles(stopped: Callable[[], bool]) -> Iterator[None]:
    """Turns what the network says into errors of the tree; all of them are DownloadFailed."""
    try:
        yield
    except (httpx.HTTPError, OSError, Unreachable) as error:
        if stopped():
            raise DownloadInterrupted("stopped") from error
        words = cleaned(f"{type(error).__name__} {error}")
        if isinstance(error, httpx.RemoteProtocolError) and "complete message body" in words:
            raise Truncated(words) from error
        if isinstance(error, httpx.UnsupportedProtocol | httpx.TooManyRedirects):
            raise DownloadFailed(words) from error
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | Unreachable) or is_distrust(error):
            raise HostUnreachable(words) from error
        raise DownloadInterrupted(words) from error
    except (httpx.InvalidURL, UnicodeError, OverflowError) as error:
        raise DownloadFailed("this is not a web address") from error


def _path_of(url: str) -> str:
    try:
        sound_url(url)
        return urlsplit(url).path
    except ValueError as error:
        raise DownloadFailed("this is not a web address") from error
