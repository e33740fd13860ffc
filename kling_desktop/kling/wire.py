"""What all connections share: TLS, a name, the way through this system's proxies, a watch on the heads of answers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib.util
import logging
import re
import ssl
import sys
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Any, Final, Protocol, TypeVar

import anyio
import anyio.lowlevel
import httpx

from kling_desktop import __version__
from kling_desktop.errors import Unreachable
from kling_desktop.kling.environment import is_distrust, new_tls, proxies_of_system

_Made = TypeVar("_Made")

API_TIMEOUT: Final = httpx.Timeout(connect=10, read=60, write=30, pool=None)
MEDIA_TIMEOUT: Final = httpx.Timeout(connect=10, read=60, write=30, pool=None)
KEPT: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)
"""How long (seconds) a connection is kept for the next request. Less than any server keeps one that lies idle, 5 s and
more: a request that meets a server which is just about to close is lost without a word, and of a paid one nobody knows
then whether it was taken.
"""
_UNKEPT: Final = httpx.Limits(max_keepalive_connections=0)
"""Of a transfer, which has one request, unless the first is answered by another address: a host that hangs up without
saying so after each answer would then be asked on a dead line, time and again.
"""
USER_AGENT: Final = f"KlingDesktop/{__version__}"

PACKINGS: Final = ("gzip", "deflate")
"""Content encodings that are asked for and understood."""

MOST_LINES: Final = 128
"""Lines that the head of an answer may have, several times what Kling and a proxy write: 10 000 would stop the window
for a tenth of a second."""

_END: Final = re.compile(rb"\n\r?\n")
_INTERIM: Final = b"HTTP/1.1 1"

# httpcore tries to import it several times for each request, to ask which kind of loop it runs on. What is not there is
# looked for along the whole path each time, on the window's thread; None stops that at once.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # which is how Python notes what is not to be had

# These two log whole addresses, and a media address holds a signature. Our own rooms log what is needed.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@functools.cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: making one takes tens of milliseconds."""
    return new_tls()


def new_api_client() -> httpx.AsyncClient:
    """A client for Kling's interface, to be used on any one loop. Takes about 0.1 s: call it in a worker thread.

    Raises Unreachable when no way to the network can be made of what the system names.
    """
    anyio.run(anyio.lowlevel.checkpoint)  # loads anyio's backend here rather than on the window's thread
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": ", ".join(PACKINGS)}
    with _understandable_settings():
        return httpx.AsyncClient(transport=ApiRoutes(), timeout=API_TIMEOUT, headers=headers, trust_env=False)


async def in_own_task(work: Coroutine[Any, Any, _Made]) -> _Made:
    """What `work` returns. Who is called off while it waits here calls `work` off, and waits until it has ended.

    asyncio cancels once and anywhere, anyio until it is heeded, and not what is shielded. httpcore is at home in the
    latter: cancelled by asyncio while it closes one connection it leaves the others open that it was to close as well.
    """
    scope = anyio.CancelScope()

    async def run() -> _Made:
        with scope:
            return await work
        raise asyncio.CancelledError

    task = asyncio.create_task(run())
    called_off: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            called_off = error
            scope.cancel()
    if called_off is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # nobody asks for it any more, and asyncio would say so
    raise called_off


def new_media_client() -> httpx.Client:
    """A blocking client for one transfer; it knows no credentials. Raises Unreachable like `new_api_client`."""
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
    with _understandable_settings():
        return httpx.Client(
            transport=MediaRoutes(),
            timeout=MEDIA_TIMEOUT,
            headers=headers,
            follow_redirects=True,
            max_redirects=5,
            trust_env=False,
        )


def unpacked(body: bytes, packing: str, most: int) -> bytes:
    """What a body of one of these `PACKINGS` holds. Raises ValueError when it cannot be read or holds more than `most`
    bytes.
    """
    if packing not in PACKINGS:
        raise ValueError("packed in a way that was not asked for")
    is_bare = packing == "deflate" and body[:1] != b"\x78"  # some servers leave zlib's own head out
    reader = zlib.decompressobj(-zlib.MAX_WBITS if is_bare else zlib.MAX_WBITS | 32)
    try:
        whole = reader.decompress(body, most + 1)
    except zlib.error as error:
        raise ValueError("broken in its packing") from error
    if len(whole) > most or not reader.eof:
        raise ValueError("too long, or cut off")
    return whole


class ApiRoutes(httpx.AsyncBaseTransport):
    """Sends each request the way that the system names for its host; the proxies are looked up once."""

    def __init__(self) -> None:
        self._proxies = proxies_of_system()
        self._ways: dict[str | None, httpx.AsyncHTTPTransport] = {}
        tls()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises what httpx does."""
        proxy = self._proxies.proxy_for(request.url)
        if proxy not in self._ways:
            self._ways[proxy] = httpx.AsyncHTTPTransport(verify=tls(), proxy=proxy, trust_env=False, limits=KEPT)
        try:
            return await self._ways[proxy].handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if proxy is None or is_distrust(error):
                raise
            raise httpx.ProxyError(f"no way through the proxy: {type(error).__name__}") from error

    async def aclose(self) -> None:
        """Close every connection."""
        for way in self._ways.values():
            await way.aclose()


class MediaRoutes(httpx.BaseTransport):
    """The same for a thread that waits."""

    def __init__(self) -> None:
        self._proxies = proxies_of_system()
        self._ways: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises what httpx does."""
        proxy = self._proxies.proxy_for(request.url)
        if proxy not in self._ways:
            self._ways[proxy] = httpx.HTTPTransport(verify=tls(), proxy=proxy, trust_env=False, limits=_UNKEPT)
        return self._ways[proxy].handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        for way in self._ways.values():
            way.close()


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


@contextlib.contextmanager
def _understandable_settings() -> Iterator[None]:
    """None of the library's texts is passed on: a proxy may hold a password."""
    try:
        yield
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise Unreachable("the proxy or certificate file that this system names cannot be used") from error
