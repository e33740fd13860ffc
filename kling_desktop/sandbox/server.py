"""Puts a sandbox together, starts and stops it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from kling_desktop.sandbox.caller import Caller
from kling_desktop.sandbox.control import Control
from kling_desktop.sandbox.darkroom import Darkroom
from kling_desktop.sandbox.faults import Fault, Script
from kling_desktop.sandbox.listening import Listener
from kling_desktop.sandbox.records import SUCCEED
from kling_desktop.sandbox.routes import Desk
from kling_desktop.sandbox.witness import Witness
from kling_desktop.sandbox.world import World


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
        control = Control(self.world, self.script, self.witness, self._caller)
        app = Starlette(routes=[*control.routes(), *self._desk.routes()], exception_handlers={Exception: _bug})
        self._listener = Listener(app, self._caller.pulse)
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
        self._desk.base = f"http://127.0.0.1:{self._listener.start(self._port)}"

    def prepare(self) -> None:
        """Renders the library ahead, newest first, while there is nothing else to do."""
        stocked = [job for job in self.world.register.jobs.values() if "stock" in job.quirks and job.status == SUCCEED]
        self._darkroom.prepare(job.film for job in sorted(stocked, key=lambda job: -job.created_ms))

    def stop(self) -> None:
        """Closes all connections and the state file. May be called twice; there is no second start."""
        self._listener.stop()
        self._darkroom.close()
        self.world.close()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _abort(self, scope: Scope) -> None:
        self._listener.abort(scope)


async def _bug(request: Request, error: Exception) -> Response:
    """A mistake of the sandbox itself must not look like one of Kling's."""
    sys.stderr.write("".join(traceback.format_exception(error)))
    return Response("the sandbox has a bug, see its standard error", 599)
