"""One profile's door to Kling: create, query one, query a page, and the account's packs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import anyio
import httpx

from kling_desktop.domain.accounts import Credentials, Pack
from kling_desktop.domain.clips import Kind, video_id_of
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Extension, Standing
from kling_desktop.errors import (
    AddressWrong,
    BadRequest,
    ClockWrong,
    ConnectionLost,
    KlingDesktopError,
    ModelUnserved,
    NotFound,
    ProxyUnreachable,
    TimedOut,
    TlsRefused,
    Unreachable,
    Unreadable,
)
from kling_desktop.kling.auth import KlingAuth
from kling_desktop.kling.body import body_of
from kling_desktop.kling.endpoints import (
    COSTS_PATH,
    ENDPOINTS,
    read_packs,
    read_page,
    read_standing,
)
from kling_desktop.kling.envelope import Envelope, asked_only, cleaned, date_of, opened
from kling_desktop.kling.environment import is_distrust, is_loopback, sound_url
from kling_desktop.kling.wire import guard_heads, in_own_task, new_api_client

log = logging.getLogger(__name__)

LAST_PAGE: Final = 1000
"""The largest page number that Kling's lists know (seed page)."""

ANSWER_SECONDS: Final = 150.0
"""Bound on one whole exchange: single reads have 60 s, and a drop of data before each would never end."""

LARGEST_ANSWER_BYTES: Final = 4 << 20
"""Some times a page of 500 tasks; more is not an answer of Kling's, and reading it would stop the window."""

_BESIDE_FROM_BYTES: Final = 32 << 10
"""Longer answers are read in a thread."""


_WATCHED: Final = {"trace": guard_heads}
_PIECE_BYTES: Final = 128 << 10
_SLOWEST_BYTES_PER_SECOND: Final = 20_000
"""Of a line that a picture is sent over: below, the exchange is given up."""

_PACKS_WINDOW: Final = timedelta(days=730)
_PACKS_PAUSE_SECONDS: Final = 1.05  # the account endpoint allows one request per second


class Kling:
    """Asks Kling in the name of one profile. Sends each create at most once, and sends nothing again by itself
    but the one request that Kling refused because of the token's time.

    Every method raises errors of `errors.py` only. `create`: Refused (nothing was made), Uncertain (it may have been
    taken), Unreachable (nothing was sent). The others: Unanswered, Unreachable, and what is wrong with keys or account.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        transport: httpx.AsyncClient | None = None,
        on_date: Callable[[datetime], None] = lambda theirs: None,
    ) -> None:
        """`on_date` hears the date of each answer in Kling's own envelope. `transport` is shared with other profiles
        and stays theirs to close; without it one is made when first needed. Raises AddressWrong when keys must not be
        sent to `base_url`.
        """
        self._base_url = checked_address(base_url)
        self._auth = KlingAuth(credentials)
        self._transport = transport
        self._on_date = on_date
        self._owned: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._under_way = 0
        self._retired = self._closed = False
        self._asking_packs = asyncio.Lock()
        self._packs_asked_at = float("-inf")
        self.clock_skew: timedelta | None = None
        """Our clock minus Kling's (its Date header, whole seconds), from the last answer."""
        self.is_dated = False
        """Whether `on_date` has heard of any."""

    async def create(self, extension: Extension, task_id: str) -> Standing:
        """Asks Kling to make an extension, or a new clip, under our `task_id`. This is what costs units.

        A picture that goes with it is read and encoded in a thread, before anything is sent.
        """
        kind = extension.kind
        body = await _written(kind, replace(extension, video_id=video_id_of(extension.video_id)), task_id)
        try:
            envelope = await self._ask("POST", ENDPOINTS[kind].path, body=body)
        except NotFound as error:
            if extension.generation is None:
                raise
            raise _about_the_model(error) from error
        standing = read_standing(kind, envelope.data, envelope.request_id)
        if standing.external_id not in ("", task_id):
            raise Unreadable("the answer is about another task", request_id=standing.request_id)
        return standing

    async def query(self, id: str, kind: Kind = Kind.EXTENSION) -> Standing:
        """How one task stands, by Kling's task id or by ours. Raises NotFound when Kling does not know it, and
        AnswerUnreadable when the answer names another task, or none: then it says nothing of this one.
        """
        with _only_asking():
            envelope = await self._ask("GET", ENDPOINTS[kind].path_of(id))
            standing = read_standing(kind, envelope.data, envelope.request_id)
            if id not in (standing.kling_id, standing.external_id):
                raise Unreadable("the answer is about another task", request_id=standing.request_id)
            return standing

    async def page(self, kind: Kind, number: int = 1, size: int = 30) -> list[Standing]:
        """One page of the account's tasks, in Kling's undocumented order. An empty page is the end.

        Raises ValueError unless 1 <= number <= 1000 and 1 <= size <= 500.
        """
        if not (1 <= number <= LAST_PAGE and 1 <= size <= PAGE_SIZE_LIMIT):
            raise ValueError(f"page {number} of size {size} is out of bounds")
        with _only_asking(BadRequest):
            envelope = await self._ask("GET", ENDPOINTS[kind].path, params={"pageNum": number, "pageSize": size})
            return await asyncio.to_thread(read_page, kind, envelope.data, envelope.request_id)

    async def packs(self) -> list[Pack]:
        """The resource packs of the last two years: free of charge, so also the test of a connection.

        Waits so that one profile asks at most once per second, as Kling wants it.
        """
        async with self._asking_packs:
            await asyncio.sleep(self._packs_asked_at + _PACKS_PAUSE_SECONDS - time.monotonic())
            try:
                with _only_asking(BadRequest):
                    return read_packs(await self._ask("GET", COSTS_PATH, params=_packs_window(datetime.now(UTC))))
            finally:
                self._packs_asked_at = time.monotonic()

    async def close(self) -> None:
        """Closes what this object opened; a shared client is left alone. Who asks from now on gets Unreachable."""
        self._closed = True
        await self._shut()

    async def _shut(self) -> None:
        owned, self._owned = self._owned, None  # who asks while it closes opens another
        if owned is not None:
            await in_own_task(owned.aclose())

    async def retire(self) -> None:
        """Like `close`, but what is under way comes to its end first, and whoever still asks is answered: a create
        whose answer were cut off would have to be looked up with keys that may be another account's.
        """
        self._retired = True
        if not self._under_way:
            await self._shut()

    async def _ask(
        self, method: str, path: str, *, body: bytes | None = None, params: Mapping[str, int] | None = None
    ) -> Envelope:
        self._under_way += 1
        try:
            return await self._asked(await self._client(), method, path, body, params)
        finally:
            self._under_way -= 1
            if self._retired and not self._under_way:
                await self._shut()

    async def _asked(
        self, client: httpx.AsyncClient, method: str, path: str, body: bytes | None, params: Mapping[str, int] | None
    ) -> Envelope:
        request = _request(client, method, self._base_url + path, body, params)
        try:
            return await self._exchange(client, request, path)
        except ClockWrong:
            # That refusal proves that nothing was made, so this is no second create: sign by Kling's clock, once.
            if not self._auth.correct(self.clock_skew):
                raise
            return await self._exchange(client, _request(client, method, self._base_url + path, body, params), path)

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request, path: str) -> Envelope:
        began = time.perf_counter()
        outcome = "cancelled"
        try:
            http, headers, body = await self._answer(client, request)
            outcome = str(http)
            beside = len(body) > _BESIDE_FROM_BYTES
            envelope = await asyncio.to_thread(opened, http, headers, body) if beside else opened(http, headers, body)
            outcome += f" request {envelope.request_id}"
            if (theirs := date_of(headers.get("date", ""))) is not None:
                self.is_dated = True
                self._on_date(theirs)  # only now: what is not Kling's own answer, a portal's page, tells no time
            return envelope
        except KlingDesktopError as error:
            outcome += f" {error} request {error.request_id}"
            raise
        finally:
            log.debug("%s %s: %s, %.0f ms", request.method, path, outcome, (time.perf_counter() - began) * 1000)

    async def _answer(self, client: httpx.AsyncClient, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        try:
            return await in_own_task(self._answered(client, request))
        except (httpx.HTTPError, OSError) as error:  # OSError: a time-out of ours, or broken TLS
            raise lost(error) from error
        except (httpx.InvalidURL, UnicodeError, OverflowError) as error:  # an address that no request can be made of
            raise AddressWrong("this is not a web address") from error

    async def _answered(self, client: httpx.AsyncClient, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        with anyio.fail_after(ANSWER_SECONDS + _seconds_to_send(request)):
            response = await client.send(request, auth=self._auth, follow_redirects=False, stream=True)
            try:
                self._compare_clocks(response.headers)
                return response.status_code, response.headers, await body_of(response, LARGEST_ANSWER_BYTES)
            finally:
                with anyio.CancelScope(shield=True):
                    await response.aclose()

    def _compare_clocks(self, headers: httpx.Headers) -> None:
        theirs = date_of(headers.get("date", ""))
        if theirs is not None:
            self.clock_skew = datetime.now(UTC) - theirs

    async def _client(self) -> httpx.AsyncClient:
        if self._transport is not None:
            return self._transport
        async with self._opening:
            if self._closed:
                raise Unreachable("the program is ending")
            if self._owned is None:
                self._owned = await asyncio.to_thread(new_api_client)
            return self._owned


def checked_address(base_url: str) -> str:
    """The base URL without its trailing slash.

    Raises AddressWrong unless it is https, or http to this very computer: anywhere else the token would travel
    in the clear.
    """
    try:
        url = sound_url(base_url.strip().rstrip("/"))
    except ValueError as error:  # UnicodeError is one
        raise AddressWrong("this is not a web address") from error
    if url.scheme not in ("https", "http") or not url.host or "%" in url.host:
        raise AddressWrong("the address must begin with https://")
    if url.scheme == "http" and not is_loopback(url.host):
        raise AddressWrong("over http:// the keys could be read on the way; the address must begin with https://")
    if url.userinfo or url.query or url.fragment:
        raise AddressWrong("the address may hold a host, a port and a path only")
    return str(url).rstrip("/")


def lost(error: httpx.HTTPError | OSError) -> KlingDesktopError:
    """What a failed exchange means: Unreachable only when no byte of the request can have left."""
    words = cleaned(f"{type(error).__name__} {error}")
    match error:
        case httpx.ConnectError() if is_distrust(error):
            return TlsRefused(words)
        case httpx.ProxyError():
            return ProxyUnreachable(words)
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Unreachable(words)
        case httpx.UnsupportedProtocol():
            return Unreachable(words)
        case httpx.TimeoutException() | TimeoutError():
            return TimedOut(words)
        case httpx.DecodingError():
            return Unreadable(words)
        case _:
            return ConnectionLost(words)


@contextlib.contextmanager
def _only_asking(*refusals: type[KlingDesktopError]) -> Iterator[None]:
    """Turns the troubles of a question into errors that speak of a question; `refusals` become QuestionRefused."""
    try:
        yield
    except KlingDesktopError as error:
        told = asked_only(error, refusals)
        if told is error:
            raise
        raise told from error


def _about_the_model(error: NotFound) -> ModelUnserved:
    """A new clip names no other thing that Kling could miss: pictures and words go with it."""
    return ModelUnserved(error.message, code=error.code, request_id=error.request_id, http=error.http)


def _request(
    client: httpx.AsyncClient, method: str, url: str, body: bytes | None, params: Mapping[str, int] | None
) -> httpx.Request:
    headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if body is not None else {})
    if body is None or len(body) <= _PIECE_BYTES:
        return client.build_request(method, url, content=body, params=params, headers=headers, extensions=_WATCHED)
    # In pieces, so that the bound on writing holds for each and not for ten megabytes over a slow line.
    headers["Content-Length"] = str(len(body))
    return client.build_request(method, url, content=_pieces(body), params=params, headers=headers, extensions=_WATCHED)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for place in range(0, len(body), _PIECE_BYTES):
        yield body[place : place + _PIECE_BYTES]


def _seconds_to_send(request: httpx.Request) -> float:
    return int(request.headers.get("Content-Length", "0")) / _SLOWEST_BYTES_PER_SECOND


async def _written(kind: Kind, extension: Extension, task_id: str) -> bytes:
    """The body of a create; off the loop where a picture of megabytes is read for it."""
    write = ENDPOINTS[kind].write
    return await asyncio.to_thread(write, extension, task_id) if kind is Kind.IMAGE else write(extension, task_id)


def _packs_window(now: datetime) -> dict[str, int]:
    """Two years up to now, in Unix ms. Not beyond now: whether Kling takes a time to come is not known."""
    return {"start_time": _ms(now - _PACKS_WINDOW), "end_time": _ms(now)}


def _ms(when: datetime) -> int:
    return int(when.timestamp() * 1000)
