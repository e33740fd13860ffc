"""What goes back over the wire, and the ways in which it can go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kling_desktop.sandbox.api import answers
from kling_desktop.sandbox.api.faults import REFUSALS, Fault
from kling_desktop.sandbox.rules.codes import Refusal

HTML = b"<html>\r\n<head><title>%d %s</title></head>\r\n<body><center><h1>%d %s</h1></center></body>\r\n</html>\r\n"
_REASONS = {
    400: b"Bad Request",
    401: b"Unauthorized",
    403: b"Forbidden",
    404: b"Not Found",
    407: b"Proxy Authentication Required",
    429: b"Too Many Requests",
    499: b"Client Closed Request",
    502: b"Bad Gateway",
    504: b"Gateway Time-out",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer before it becomes bytes."""

    http: int
    body: Any
    """A JSON value, or bytes that go out as they are."""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the first byte."""
    dribble: float = 0.0
    """Seconds over which the body is spread."""
    dropped: bool = False
    """The connection is closed instead."""
    hanging: bool = False
    """Nothing comes until the other side gives up."""

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def kind(self) -> str:
        return "text/html" if self.raw.startswith(b"<") else "application/json; charset=utf-8"


Work = Callable[[], Reply]
"""Makes the true answer, with all its consequences."""


def refused(error: Refusal) -> Reply:
    return Reply(error.http, answers.refusal(error))


def spoiled(fault: Fault, work: Work) -> Reply:
    """The answer under a fault; `work` is done before, after or not at all, as the fault says."""
    if fault.do in REFUSALS or fault.do == "refuse":
        return _refusal(fault)
    stem, _, moment = fault.do.rpartition("_")
    if stem in _LOST and moment in ("before", "after"):
        return _lost(stem, fault, work if moment == "after" else None)
    if fault.do in _LOST:
        return _lost(fault.do, fault, work if fault.more.get("created") else None)
    reply = work()
    return _CHANGED[fault.do](reply, fault) if fault.do in _CHANGED else reply


def _refusal(fault: Fault) -> Reply:
    code = REFUSALS.get(fault.do) or int(fault.more.get("code", 1201))
    reply = refused(Refusal(code, str(fault.more.get("message", ""))))
    headers = {"Retry-After": str(fault.more["retry_after"])} if "retry_after" in fault.more else {}
    return replace(reply, http=int(fault.more.get("http", reply.http)), headers=headers)


def _lost(stem: str, fault: Fault, work: Work | None) -> Reply:
    """The answer is lost; whether the work was done is what the client cannot know."""
    if work is not None:
        work()
    reply = _LOST[stem](fault)
    return replace(reply, delay=float(fault.more.get("seconds", 0.0)))


def _html(http: int) -> Reply:
    reason = _REASONS.get(http, b"Error")
    return Reply(http, HTML % (http, reason, http, reason))


def _gateway(fault: Fault) -> Reply:
    return refused(Refusal(5002)) if fault.more.get("body") == "json" else _html(504)


def _proxy(fault: Fault) -> Reply:
    """What stands between answers for Kling, with a status of refusal and nothing of Kling's in it."""
    http = int(fault.more.get("http", 403))
    match fault.more.get("body", "html"):
        case "empty":
            return Reply(http, b"")
        case "json":
            return Reply(http, {"error": _REASONS.get(http, b"?").decode()})
        case _:
            return _html(http)


_LOST: dict[str, Callable[[Fault], Reply]] = {
    "internal": lambda fault: refused(Refusal(5000)),
    "gateway": _gateway,
    "proxy": _proxy,
    "html_502": lambda fault: _html(502),
    "drop": lambda fault: Reply(0, b"", dropped=True),
    "hang": lambda fault: Reply(0, b"", hanging=True),
    "code_in_200": lambda fault: replace(refused(Refusal(int(fault.more.get("code", 5000)))), http=200),
}


def _with_data(reply: Reply, change: Callable[[Any], Any]) -> Reply:
    if not isinstance(reply.body, dict) or "data" not in reply.body:
        return reply
    return replace(reply, body={**reply.body, "data": change(reply.body["data"])})


def _for_tasks(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Reply, Fault], Reply]:
    def changed(data: Any) -> Any:
        if isinstance(data, list):
            return [change(item) for item in data]
        return change(data) if "task_id" in data else data

    return lambda reply, fault: _with_data(reply, changed)


def _no_array(reply: Reply, fault: Fault) -> Reply:
    keys = ("code", "msg")
    return _with_data(reply, lambda data: {key: data[key] for key in keys} if "code" in data else data)


def _vanished(reply: Reply, fault: Fault) -> Reply:
    if isinstance(reply.body, dict) and isinstance(reply.body.get("data"), list):
        return _with_data(reply, lambda data: [])
    return refused(Refusal(1203))


_CHANGED: dict[str, Callable[[Reply, Fault], Reply]] = {
    "slow": lambda reply, fault: replace(reply, delay=float(fault.more.get("seconds", 1.0))),
    "slow_body": lambda reply, fault: replace(reply, dribble=float(fault.more.get("seconds", 1.0))),
    "no_optional_keys": lambda reply, fault: _with_data(reply, answers.without_optional_keys),
    "extra_keys": lambda reply, fault: _with_data(reply, answers.with_extra_keys),
    "empty_body": lambda reply, fault: replace(reply, body=b""),
    "broken_json": lambda reply, fault: replace(reply, body=reply.raw[: len(reply.raw) // 2]),
    "no_array": _no_array,
    "unknown_status": _for_tasks(lambda task: {**task, "task_status": "queueing"}),
    "time_backwards": _for_tasks(lambda task: {**task, "updated_at": int(task.get("created_at", 0)) - 60_000}),
    "vanish": _vanished,
}


class Wire(Response):
    """Sends a Reply, late, in drops or not at all as it says."""

    def __init__(self, reply: Reply, abort: Callable[[Scope], None]) -> None:
        super().__init__(reply.raw, reply.http or 500, reply.headers, reply.kind)
        self._reply = reply
        self._abort = abort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._reply.delay:
            await asyncio.sleep(self._reply.delay)
        if self._reply.dropped or self._reply.hanging:
            if self._reply.dropped:
                self._abort(scope)
            await gone(receive)
            return
        if self._reply.dribble:
            await self._dribbled(send)
            return
        await super().__call__(scope, receive, send)

    async def _dribbled(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = bytes(self.body)
        steps = min(10, len(body)) or 1
        for step in range(steps):
            piece = body[len(body) * step // steps : len(body) * (step + 1) // steps]
            await asyncio.sleep(self._reply.dribble / steps)
            await send({"type": "http.response.body", "body": piece, "more_body": step < steps - 1})


async def gone(receive: Receive) -> None:
    """Waits until the other side is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
