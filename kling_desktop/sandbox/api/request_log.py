"""Remembers what came in: every request, and what a client must never do."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

_MOST = 20_000


class RequestLog:
    """Keeps the newest requests. Of Authorization only the scheme is kept: a log is no place for a token."""

    def __init__(self) -> None:
        self._requests: deque[dict[str, Any]] = deque(maxlen=_MOST)
        self.violations: list[dict[str, str]] = []
        """A token at a media address, a callback to a foreign host: {"what", "path", ...}."""

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._requests)

    def see(self, request: Request) -> dict[str, Any]:
        """Notes a request; `status` is added to the entry when it is answered."""
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        given = request.headers.get("authorization")
        if given is not None:
            headers["authorization"] = f"{given.partition(' ')[0]} present"
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.url.path,
            "query": dict(request.query_params),
            "headers": headers,
            "at": datetime.now(UTC).isoformat(),
        }
        self._requests.append(entry)
        return entry

    def accuse(self, what: str, path: str) -> None:
        self.violations.append({"what": what, "path": path, "at": datetime.now(UTC).isoformat()})

    def forget(self) -> None:
        self._requests.clear()
        self.violations.clear()
