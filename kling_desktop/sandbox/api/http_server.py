"""Listens on a loopback port in a thread of its own and hands requests to an application; starts and stops at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Awaitable, Callable
from functools import partial

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_PATIENCE_SECONDS = 20.0


class HttpServer:
    """uvicorn's protocol without uvicorn's Server: that one polls ten times a second, and every test would wait."""

    def __init__(self, app: ASGIApp, pulse: Callable[[], Awaitable[None]]) -> None:
        """`pulse` runs beside the requests for as long as it listens."""
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # dropped connections are our trade, not news
        self._config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, log_level=logging.CRITICAL
        )
        self._pulse = pulse
        self._state = ServerState()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, port: int, told: Callable[[int], None] = lambda _: None) -> None:
        """Listens on 127.0.0.1 at a port, a free one for 0; returns when connections are accepted.

        `told` hears which port it is before the first request is answered: who waits for a sandbox that is started
        again is there at once.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server(("127.0.0.1", port))
        told(listener.getsockname()[1])
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listener)), name="sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(_PATIENCE_SECONDS):
            raise OSError("the sandbox did not start")

    def stop(self) -> None:
        """Cuts all connections. May be called twice, or without a start."""
        if self._thread is None or self._loop is None or self._over is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed: its thread ended by itself
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_PATIENCE_SECONDS)
        self._thread = None

    def abort(self, scope: Scope) -> None:
        """Cuts the connection of a request. uvicorn has no word for it, so it is looked up by its peer."""
        for connection in list(self._state.connections):
            if isinstance(connection, H11Protocol) and connection.client == scope["client"]:
                connection.transport.abort()

    async def _serve(self, listener: socket.socket) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._config.load()
        protocol = partial(H11Protocol, self._config, self._state, {})
        server = await self._loop.create_server(protocol, sock=listener)
        pulse = asyncio.ensure_future(self._pulse())
        self._ready.set()
        await self._over.wait()
        await self._clear(pulse)
        server.close()

    async def _clear(self, pulse: asyncio.Future[None]) -> None:
        """Ends all conversations, and comes back when nobody is left.

        Before the server closes: who was let in a moment ago has no protocol yet, only a task of the loop's own, and to
        a closed server that task leaves an open socket behind.
        """
        ended: set[asyncio.Future[None]] = set()
        while self._state.connections or len(asyncio.all_tasks()) > 1:
            for connection in list(self._state.connections):
                connection.transport.abort()
            for task in {pulse, *self._state.tasks} - ended:
                task.cancel()
                ended.add(task)
            await asyncio.sleep(0)
        await asyncio.gather(*ended, return_exceptions=True)
