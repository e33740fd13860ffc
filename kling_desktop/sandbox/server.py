"""Puts a sandbox together, starts and stops it."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from kling_desktop.sandbox.api.faults import Fault, Script
from kling_desktop.sandbox.api.http_server import HttpServer
from kling_desktop.sandbox.api.request_log import RequestLog
from kling_desktop.sandbox.api.routes import Desk
from kling_desktop.sandbox.api.webhook_sender import WebhookSender
from kling_desktop.sandbox.audit.control import Control
from kling_desktop.sandbox.films.render_cache import RenderCache
from kling_desktop.sandbox.records import SEED_CLIP, SUCCEED
from kling_desktop.sandbox.world.pictures import Pictures
from kling_desktop.sandbox.world.world import World


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

        `size`, one of `shapes.SIZES`, holds for a new folder; `cache_dir` may be shared by many sandboxes.
        """
        state_dir.mkdir(parents=True, exist_ok=True)
        self._port = port
        pictures = state_dir / "pictures"
        self._render_cache = RenderCache(cache_dir or state_dir / "cache", pictures)
        self.world = World(state_dir, Pictures(pictures), self._render_cache.render, size)
        self.script = Script()
        self.request_log = RequestLog()
        self._webhook_sender = WebhookSender(self.world, self.request_log, lambda: self.url)
        self._desk = Desk(self.world, self.script, self.request_log, self._render_cache, self._abort)
        control = Control(self.world, self.script, self.request_log, self._webhook_sender)
        app = Starlette(
            routes=[*control.routes(), *self._desk.routes()],
            exception_handlers={Exception: _bug, OSError: _out_of_room},
        )
        self._http_server = HttpServer(app, self._webhook_sender.pulse)
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
        self._http_server.start(self._port, self._listens)

    def _listens(self, port: int) -> None:
        self._desk.base = f"http://127.0.0.1:{port}"

    def prepare(self) -> None:
        """Renders the library ahead, newest first, while there is nothing else to do."""
        seeded = [
            job for job in self.world.task_index.jobs.values() if SEED_CLIP in job.quirks and job.status == SUCCEED
        ]
        self._render_cache.prepare(job.film for job in sorted(seeded, key=lambda job: -job.created_ms))

    def files(self, video_id: str) -> tuple[Path, Path] | None:
        """Where the true film and its watermarked copy lie once they are rendered; None for a video of nobody's."""
        job = self.world.task_index.video(video_id)
        if job is None:
            return None
        return self._render_cache.path(job.film), self._render_cache.path(replace(job.film, marked=True))

    def stop(self) -> None:
        """Closes all connections and the state file. May be called twice; there is no second start."""
        self._http_server.stop()
        self._render_cache.close()
        self.world.close()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _abort(self, scope: Scope) -> None:
        self._http_server.abort(scope)


async def _out_of_room(request: Request, error: Exception) -> Response:
    """A full disk, or one that is gone, is no mistake: one line says it, and Kling has nothing but trouble inside."""
    sys.stderr.write(f"the sandbox cannot use its folder: {error}\n")
    return JSONResponse({"code": 5000, "message": "Internal server error"}, 500)


async def _bug(request: Request, error: Exception) -> Response:
    """A mistake of the sandbox itself must not look like one of Kling's."""
    sys.stderr.write("".join(traceback.format_exception(error)))
    return Response("the sandbox has a bug, see its standard error", 599)
