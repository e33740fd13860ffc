"""The life of a sandbox: builds its parts, listens on a loopback port in a thread of its own, and stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import Scope

from kling_desktop.sandbox.callbacks import Caller
from kling_desktop.sandbox.control import Control
from kling_desktop.sandbox.darkroom import Darkroom
from kling_desktop.sandbox.faults import Fault, Script
from kling_desktop.sandbox.routes import Desk
from kling_desktop.sandbox.witness import Witness
from kling_desktop.sandbox.world import World

_STARTING_SECONDS = 20.0


class Sandbox:
    """A pretended Kling. `with Sandbox(folder) as kling: ...` or start() and stop()."""

    def __init__(
        self,
        state_dir: Path,
        *,
        speed: str = "",
        size: str = "small",
        port: int = 0,
        cache_dir: Path | None = None,
        retired: bool | None = None,
    ) -> None:
        """Same folder, same world: keys, tasks and videos go on. No speed = that of last time, at first instant.

        `size`, "small" or "full", holds for new videos of a new folder; `cache_dir` may be shared by many sandboxes.
        """
        state_dir.mkdir(parents=True, exist_ok=True)
        self._port = port
        self._darkroom = Darkroom(cache_dir or state_dir / "cache")
        self.world = World(state_dir, self._darkroom.develop, size)
        self.script = Script()
        self.witness = Witness()
        self._caller = Caller(self.world, self.witness, lambda: self.url)
        self._desk = Desk(self.world, self.script, self.witness, self._darkroom, self._abort)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        if speed:
            self.world.switch(speed=speed)
        if retired is not None:
            self.world.switch(retired=retired)

    @property
    def url(self) -> str:
        """Base URL, without a trailing slash; empty before start()."""
        return self._desk.base

    @property
    def access_key(self) -> str:
        return self.world.settings.own.access_key

    @property
    def secret_key(self) -> str:
        return self.world.settings.own.secret_key

    @property
    def api_key(self) -> str:
        return self.world.settings.own.api_key

    def fault(self, do: str, **more: Any) -> None:
        """The same as POST /_sandbox/faults {"do": ..., ...}."""
        self.script.push([Fault.read({"do": do, **more})])

    def start(self) -> None:
        """Returns when requests are answered.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server(("127.0.0.1", self._port))
        self._desk.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._run, args=(self._server, listener), name="sandbox", daemon=True)
        self._thread.start()
        ready = threading.Event()
        for _ in range(int(_STARTING_SECONDS / 0.005)):
            if self._server.started or not self._thread.is_alive():
                break
            ready.wait(0.005)
        if not self._server.started:
            raise OSError("the sandbox did not start")

    def stop(self) -> None:
        """Closes all connections and the state file. May be called twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            self._thread.join(10)
            self._server = self._thread = None
        self._darkroom.close()
        self.world.close()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _config(self) -> uvicorn.Config:
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # dropped connections are our trade, not news
        control = Control(self.world, self.script, self.witness, self._caller)
        return uvicorn.Config(
            Starlette(routes=[*control.routes(), *self._desk.routes()]),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            server_header=False,
            date_header=False,
        )

    def _run(self, server: uvicorn.Server, listener: socket.socket) -> None:
        asyncio.run(self._serve(server, listener))

    async def _serve(self, server: uvicorn.Server, listener: socket.socket) -> None:
        pulse = asyncio.create_task(self._caller.pulse())
        try:
            await server.serve(sockets=[listener])
        finally:
            pulse.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pulse

    def _abort(self, scope: Scope) -> None:
        """Cuts the connection of a request. uvicorn has no word for it, so the connection is looked up by its peer."""
        if self._server is None:
            return
        for connection in list(self._server.server_state.connections):
            if getattr(connection, "client", None) == scope["client"]:
                transport = getattr(connection, "transport", None)
                if isinstance(transport, asyncio.Transport):
                    transport.abort()
