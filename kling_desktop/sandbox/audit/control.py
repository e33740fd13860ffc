"""The control routes under /_sandbox/: faults, switches, and the audit that judges the client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kling_desktop.sandbox.api.faults import PLANTS, Fault, Script
from kling_desktop.sandbox.api.request_log import RequestLog
from kling_desktop.sandbox.api.webhook_sender import WebhookSender
from kling_desktop.sandbox.audit.audit import audit, openings, seams, shelf
from kling_desktop.sandbox.records import FAILED, SUCCEED
from kling_desktop.sandbox.settings import PHASES
from kling_desktop.sandbox.world.world import World

_FINISH_TRIES = 3000

Body = dict[str, Any]


class Control:
    """No authorization: it listens on loopback only."""

    def __init__(self, world: World, script: Script, request_log: RequestLog, webhook_sender: WebhookSender) -> None:
        self._world = world
        self._script = script
        self._request_log = request_log
        self._webhook_sender = webhook_sender

    def routes(self) -> list[Route]:
        world, request_log = self._world, self._request_log
        reads: dict[str, Callable[[], Any]] = {
            "audit": lambda: audit(world, request_log),
            "seams": lambda: seams(world),
            "openings": lambda: openings(world),
            "shelf": lambda: shelf(world),
            "violations": lambda: request_log.violations,
            "requests": lambda: request_log.requests,
            "callbacks": lambda: self._webhook_sender.sent,
            "faults": lambda: {"pending": self._script.pending(), "used": self._script.used, "plants": PLANTS},
            "settings": self._settings,
        }
        verbs: dict[str, Callable[[Body], Any]] = {
            "chaos": self._chaos,
            "speed": self._speed,
            "retired": lambda body: world.switch(retired=bool(body.get("on", True))),
            "old_models": lambda body: world.switch(old_models=bool(body.get("on", True))),
            "lenient": self._lenient,
            "slots": lambda body: world.switch(slots=int(body["slots"])),
            "units": self._units,
            "clock": lambda body: world.shift(float(body["seconds"])),
            "strict_media": lambda body: world.switch(strict_media=bool(body.get("on", True))),
            "webhook_secret": lambda body: world.switch(webhook_secret=str(body["secret"])),
            "callbacks": lambda body: self._webhook_sender.disturb(
                int(body.get("copies", 1)), bool(body.get("disorder"))
            ),
            "reset": self._reset,
        }
        routes = [Route(f"/_sandbox/{name}", _reading(read), methods=["GET"]) for name, read in reads.items()]
        routes += [Route(f"/_sandbox/{name}", _doing(verb), methods=["POST"]) for name, verb in verbs.items()]
        routes += [
            Route("/_sandbox/faults", self._push, methods=["POST"]),
            Route("/_sandbox/faults", self._clear, methods=["DELETE"]),
            Route("/_sandbox/pictures/{name}", self._picture, methods=["GET"]),
            Route("/_sandbox/finish", self._finish, methods=["POST"]),
        ]
        return routes

    async def _push(self, request: Request) -> Response:
        """One fault or a list of them; nothing is taken when one of them is unknown (400)."""
        try:
            data = await request.json()
            self._script.push([Fault.read(one) for one in (data if isinstance(data, list) else [data])])
        except (ValueError, TypeError, AttributeError) as error:
            return _wrong(error)
        return JSONResponse({"ok": True, "pending": self._script.pending()})

    async def _clear(self, request: Request) -> Response:
        self._script.clear()
        return JSONResponse({"ok": True})

    async def _finish(self, request: Request) -> Response:
        """Ends a task and answers when its status says so (a film may have to be rendered first)."""
        body = await request.json()
        status = FAILED if body.get("status") == FAILED else SUCCEED
        job = self._world.finish(str(body.get("id", "")), status, str(body.get("message", "")))
        if job is None:
            return JSONResponse({"ok": False, "error": "no such task"}, 404)
        for _ in range(_FINISH_TRIES):
            self._world.settle()
            if job.ended:
                break
            await asyncio.sleep(0.02)
        return JSONResponse({"ok": job.ended, "status": job.status, "video_id": job.video_id})

    async def _picture(self, request: Request) -> Response:
        """A picture that a clip was made from, by its name in `openings`."""
        path = self._world.pictures.path(Path(request.path_params["name"]).name)
        return Response(path.read_bytes()) if path.is_file() else Response(status_code=404)

    def _chaos(self, body: Body) -> None:
        self._script.chaos(int(body.get("seed", 0)), float(body.get("rate", 0.2)), body.get("names", ()))

    def _lenient(self, body: Body) -> None:
        """How forgetful Kling is: repeated ids are taken, new tasks are seen late."""
        self._world.switch(lenient_ids=bool(body.get("ids", True)), late_seconds=float(body.get("late_seconds", 0.0)))

    def _speed(self, body: Body) -> None:
        if body.get("speed") not in PHASES:
            raise ValueError(f"no such speed: {body.get('speed')!r}")
        self._world.switch(speed=body["speed"])

    def _units(self, body: Body) -> None:
        granted = float(body["remaining"]) + self._world.units_charged()
        self._world.switch(granted_units=granted, balance_lag_hours=float(body.get("lag_hours", 0.0)))

    def _reset(self, body: Body) -> None:
        self._world.reset()
        self._script.clear()
        self._script.used.clear()
        self._request_log.forget()
        self._webhook_sender.sent.clear()
        self._webhook_sender.disturb(1, disorder=False)

    def _settings(self) -> Body:
        kept = self._world.settings
        names = (
            "size",
            "speed",
            "retired",
            "old_models",
            "lenient_ids",
            "late_seconds",
            "slots",
            "shift_ms",
            "strict_media",
        )
        return {name: getattr(kept, name) for name in names} | {"remaining_units": self._world.remaining_units()}


def _reading(read: Callable[[], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(read())

    return endpoint


def _doing(verb: Callable[[Body], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await request.json() if await request.body() else {}
            verb(body)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _wrong(error)
        return JSONResponse({"ok": True})

    return endpoint


def _wrong(error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": str(error)}, 400)
