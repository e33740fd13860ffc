"""Receives Kling's callbacks in a thread of its own, for those with a public address: each is a hint to ask."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from kling_desktop.errors import PortTaken
from kling_desktop.kling.callbacks.messages import Hint, hint_in, is_recent, verify

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES: Final = 1 << 18
"""A callback of Kling's is some kilobytes long."""

_LARGEST_HEAD_BYTES: Final = 16_384
_PATIENCE_SECONDS: Final = 10.0
"""How long a caller may take from the first byte to the last."""
_REFUSED_SECONDS: Final = 1.0
"""How long a caller who is refused anyway may go on talking: an answer while he talks would reset the connection."""
_FAREWELL_SECONDS: Final = 3.0
_MOST_CONNECTIONS: Final = 32
_HIGHEST_PORT: Final = 65_535


class _Talk(H11Protocol):
    """One connection: it ends in time whatever the caller does, and makes way for newer ones when there are many."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.until = self.loop.call_later(_PATIENCE_SECONDS + _REFUSED_SECONDS, transport.abort)
        others = [talk for talk in self.connections if isinstance(talk, _Talk)]
        if len(others) > _MOST_CONNECTIONS:
            min(others, key=lambda talk: talk.until.when()).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.until.cancel()
        super().connection_lost(exc)


class Receiver:
    """A small web server that takes POSTs on one path, checks them and calls `hinted`. Loopback unless told otherwise.

    Callbacks may come twice, late and in any order; nothing of their content is believed but the ids. What strangers
    send is read in a thread with limits, so that nobody holds the loop that opened it; `hinted` is called on that loop.
    """

    def __init__(
        self,
        hinted: Callable[[Hint], None],
        *,
        secret: str = "",
        path: str = "/",
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """An empty `secret` takes unsigned callbacks; port 0 takes any free one."""
        self._hinted = hinted
        self._secret = secret
        self._path = path.encode()
        self._host = host
        self._now = now
        self.port = port
        """The port that is listened on, once open."""
        self._state = ServerState()
        self._listeners_loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._thread: threading.Thread | None = None

    async def open(self) -> None:
        """Starts to listen. Raises PortTaken."""
        if not 0 <= self.port <= _HIGHEST_PORT:  # Python would leave its socket open
            raise PortTaken(f"{self._host}:{self.port}: out of range")
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            listener = socket.create_server((self._host, self.port), family=family, backlog=_MOST_CONNECTIONS)
        except OSError as error:
            raise PortTaken(f"{self._host}:{self.port}: {type(error).__name__}") from error
        self.port = listener.getsockname()[1]
        self._listeners_loop = asyncio.get_running_loop()
        self._loop = asyncio.SelectorEventLoop()  # not the program's kind of loop: that one is Qt's
        self._thread = threading.Thread(target=self._run, args=(listener,), name="callbacks", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Stops to listen and ends the conversations under way."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            with contextlib.suppress(RuntimeError):  # the loop is closed: its thread ended by itself
                self._loop.call_soon_threadsafe(self._over.set)
            await asyncio.to_thread(thread.join, _FAREWELL_SECONDS)

    def _run(self, listener: socket.socket) -> None:
        try:
            self._loop.run_until_complete(self._serve(listener))
        finally:
            self._loop.close()

    async def _serve(self, listener: socket.socket) -> None:
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            log_level=logging.ERROR,  # that strangers speak no HTTP is no news
            h11_max_incomplete_event_size=_LARGEST_HEAD_BYTES,
            server_header=False,
            proxy_headers=False,
        )
        config.load()
        server = await self._loop.create_server(partial(_Talk, config, self._state, {}), sock=listener)
        await self._over.wait()
        # Until nobody is left, and before the server closes: whom it has only just let in, it would leave with an open
        # socket.
        while self._state.connections or len(asyncio.all_tasks()) > 1:
            for talk in list(self._state.connections):
                talk.transport.abort()
            for task in list(self._state.tasks):
                task.cancel()
            await asyncio.sleep(0)
        server.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            status = await self._status_for(Request(scope, receive))
            log.debug("a callback was answered %d", status)
            headers = {"Connection": "close"} | ({"Allow": "POST"} if status == 405 else {})
            await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _status_for(self, request: Request) -> int:
        refused, body, more = self._refusal(request), bytearray(), True
        try:
            async with asyncio.timeout(_REFUSED_SECONDS if refused else _PATIENCE_SECONDS) as patience:
                while more:
                    message = await request.receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnect
                    more = message.get("more_body", False)
                    if not refused:
                        body += message.get("body", b"")
                    if not refused and len(body) > LARGEST_BODY_BYTES:
                        refused = 413
                        patience.reschedule(self._loop.time() + _REFUSED_SECONDS)
        except TimeoutError:
            return refused or 408
        return refused or self._judged(request, bytes(body))

    def _refusal(self, request: Request) -> int:
        """Which status the head alone has earned; 0 is none yet."""
        if request.scope["raw_path"] != self._path:
            return 404
        if request.method != "POST":
            return 405
        return 401 if self._secret and not is_recent(request.headers, self._now()) else 0

    def _judged(self, request: Request, body: bytes) -> int:
        if self._secret and not verify(self._secret, request.headers, body, self._now()):
            return 401
        if (hint := hint_in(body)) and self._listeners_loop is not None:
            with contextlib.suppress(RuntimeError):  # that loop is closed: the program ends
                self._listeners_loop.call_soon_threadsafe(self._hinted, hint)  # answered first, looked up after
        return 200
