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

from kling_desktop.sandbox.api.faults import Fault
from kling_desktop.sandbox.api.replies import gone

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


def served(path: Path, asked: dict[str, str], fault: Fault | None, abort: Callable[[Scope], None]) -> Response:
    """A file, the asked part of it (206), or 416; spoiled by at most one media fault."""
    flaw, more = (fault.do, fault.more) if fault else ("", {})
    size = path.stat().st_size
    if flaw == "media_truncated":  # whole according to its length, and yet a part: the container tells
        size = int(size * float(more.get("fraction", 0.6)))
    tag = f'"{hashlib.md5(path.name.encode(), usedforsecurity=False).hexdigest()}"'
    head = {"ETag": tag, "Last-Modified": formatdate(path.stat().st_mtime, usegmt=True)}
    if flaw == "media_no_range":
        return FileResponse(path, Span(0, size), 200, head, flaw, more, abort)
    head["Accept-Ranges"] = "bytes"
    unchanged = asked.get("if-range", tag) == tag
    try:
        span = span_of(asked.get("range"), size) if unchanged else None
    except ValueError:
        return Response(b"", 416, {"Content-Range": f"bytes */{size}"})
    if span is None:
        return FileResponse(path, Span(0, size), 200, head, flaw, more, abort)
    head["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return FileResponse(path, span, 206, head, flaw, more, abort)


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
    if start >= stop:
        raise ValueError(f"{header} of {size} bytes")
    return Span(start, stop)


class FileResponse(Response):
    """Bytes of a file on their way, with the flaws that show only then."""

    def __init__(
        self,
        path: Path,
        span: Span,
        http: int,
        head: dict[str, str],
        flaw: str,
        more: dict[str, object],
        abort: Callable[[Scope], None],
    ) -> None:
        super().__init__(None, http, head, "video/mp4")
        if flaw == "media_no_length":
            del self.headers["content-length"]
        else:
            self.headers["content-length"] = str(span.stop - span.start)
        self._path, self._span, self._abort = path, span, abort
        self._hangs = flaw == "media_hang"
        self._most = int(str(more.get("bytes", 50_000))) if flaw in ("media_drop", "media_hang") else span.stop
        self._pace = float(str(more.get("bytes_per_second", 100_000))) if flaw == "media_slow" else 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._send_until_gone(scope, receive, send)

    async def _send_until_gone(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Players look into a film and hang up: what they no longer want is not sent after them."""
        left = asyncio.ensure_future(gone(receive))
        sending = asyncio.ensure_future(self._sent(send))
        try:
            await asyncio.wait([left, sending], return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not sending.result():
                if not self._hangs:
                    self._abort(scope)
                await left
        finally:
            for each in (left, sending):
                each.cancel()
            await asyncio.gather(left, sending, return_exceptions=True)

    async def _sent(self, send: Send) -> bool:
        """Sends the bytes; False when not all of them are to arrive."""
        stop = min(self._span.stop, self._span.start + self._most)
        at = self._span.start
        with _opened(self._path, at) as file:
            while at < stop:
                data = file.read(min(self._piece, stop - at))
                at += len(data)
                await send({"type": "http.response.body", "body": data, "more_body": at < self._span.stop})
                # Even without a pace the loop has a turn after each piece: while `send` finds room it does not wait,
                # and nobody would learn that the player hung up until the whole film was sent after it.
                await asyncio.sleep(len(data) / self._pace if self._pace else 0)
        if stop < self._span.stop:
            await asyncio.sleep(0.05)  # lets the bytes leave before the connection is cut
        return stop == self._span.stop

    @property
    def _piece(self) -> int:
        return max(1, min(_PIECE, int(self._pace / 20))) if self._pace else _PIECE


def _opened(path: Path, start: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(start)
    return file
