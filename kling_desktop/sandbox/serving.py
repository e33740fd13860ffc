"""Serves videos by signed address: Range, ETag, expiry, and the ways in which media hosts disappoint."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kling_desktop.sandbox.faults import Fault
from kling_desktop.sandbox.replies import gone

_PIECE = 256 * 1024
_XML = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{0}</Code><Message>{1}</Message></Error>'


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes [start, stop) of a file."""

    start: int
    stop: int


def denied(code: str) -> Response:
    """A refused address. CloudFront's style; the real answer to an expired link was never captured."""
    return Response(_XML.format(code, "Access Denied"), 403, media_type="application/xml")


def landing_page() -> Response:
    """An HTML page with status 200 where a video should be."""
    return Response(b"<html><body>Please sign in to the network.</body></html>", 200, media_type="text/html")


def span_of(header: str | None, size: int) -> Span | None:
    """The asked part of a file; None = all of it (no header, or one that we may ignore, as RFC 9110 allows).

    Raises:
        ValueError: it lies outside the file.
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", (header or "").strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
    if start >= size or start >= stop:
        raise ValueError(f"{header} of {size} bytes")
    return Span(start, stop)


class FileResponse(Response):
    """One file, or a part of it, with at most one media fault."""

    def __init__(
        self, path: Path, headers: dict[str, str], fault: Fault | None, abort: Callable[[Scope], None]
    ) -> None:
        super().__init__(b"", 200)
        self._path = path
        self._asked = headers
        self._fault = fault.do if fault else ""
        self._more = fault.more if fault else {}
        self._abort = abort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = self._size()
        ranged = self._fault != "media_no_range"
        tag = f'"{hashlib.md5(self._path.name.encode(), usedforsecurity=False).hexdigest()}"'
        head = {
            "Content-Type": "video/mp4",
            "ETag": tag,
            "Last-Modified": formatdate(self._path.stat().st_mtime, usegmt=True),
        }
        if ranged:
            head["Accept-Ranges"] = "bytes"
        try:
            span = self._span(size, tag) if ranged else None
        except ValueError:
            await Response(b"", 416, {"Content-Range": f"bytes */{size}"})(scope, receive, send)
            return
        if span:
            head["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
        await self._send(scope, receive, send, head, span, size)

    def _size(self) -> int:
        size = self._path.stat().st_size
        return int(size * float(self._more.get("fraction", 0.6))) if self._fault == "media_truncated" else size

    def _span(self, size: int, tag: str) -> Span | None:
        if self._asked.get("if-range", tag) != tag:
            return None
        return span_of(self._asked.get("range"), size)

    async def _send(
        self, scope: Scope, receive: Receive, send: Send, head: dict[str, str], span: Span | None, size: int
    ) -> None:
        part = span or Span(0, size)
        if self._fault != "media_no_length":
            head["Content-Length"] = str(part.stop - part.start)
        raw = [(name.lower().encode(), value.encode()) for name, value in head.items()]
        await send({"type": "http.response.start", "status": 206 if span else 200, "headers": raw})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        if not await self._body(send, part):
            self._abort(scope)
            await gone(receive)

    async def _body(self, send: Send, part: Span) -> bool:
        """Sends the bytes; False when the connection is to be dropped on the way."""
        left = int(self._more.get("bytes", 50_000)) if self._fault == "media_drop" else None
        pace = float(self._more.get("bytes_per_second", 100_000)) if self._fault == "media_slow" else 0.0
        piece = _PIECE if not pace else max(1, min(_PIECE, int(pace / 20)))
        with _opened(self._path, part.start) as file:
            at = part.start
            while at < part.stop:
                data = file.read(min(piece, part.stop - at, left if left is not None else piece))
                at += len(data)
                await send({"type": "http.response.body", "body": data, "more_body": at < part.stop})
                if left is not None and (left := left - len(data)) <= 0 and at < part.stop:
                    await asyncio.sleep(0.05)  # lets the bytes leave before the connection is cut
                    return False
                if pace:
                    await asyncio.sleep(len(data) / pace)
        return True


def _opened(path: Path, start: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(start)
    return file
