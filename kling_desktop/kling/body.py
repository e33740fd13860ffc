"""Reads what an answer holds: never more than is wanted, and to an end of its own when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

import anyio
import httpx

from kling_desktop.errors import Unreadable
from kling_desktop.kling.wire import unpacked

_LONGEST_READING_SECONDS: Final = 0.004
"""After so much of reading at one go the window has its turn."""


async def body_of(response: httpx.Response, most: int) -> bytes:
    """The whole body, unpacked. Raises Unreadable beyond `most` bytes, packed or not, and what httpx does."""
    pieces = response.aiter_raw()
    try:
        body = await _read(pieces, response.status_code, most)
    except BaseException:
        await _end(response, pieces)
        raise
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        return bytes(body)
    try:
        # Beside the loop, and no further than the bound: a few packed bytes may hold gigabytes.
        return await asyncio.to_thread(unpacked, bytes(body), packing, most)
    except ValueError as error:
        raise Unreadable("the answer cannot be unpacked", http=response.status_code) from error


async def _read(pieces: AsyncIterator[bytes], http: int, most: int) -> bytearray:
    body = bytearray()
    rested_at = time.perf_counter()
    async for piece in pieces:
        body += piece
        if len(body) > most:
            raise Unreadable("the answer is far too long", http=http)
        if time.perf_counter() - rested_at > _LONGEST_READING_SECONDS:
            await asyncio.sleep(0)  # what has come already is handed out without a pause, byte by byte if it is so cut
            rested_at = time.perf_counter()
    return body


async def _end(response: httpx.Response, pieces: AsyncIterator[bytes]) -> None:
    """Cuts the line, and lets what reads from it come to its own end. Left half way, it would be closed whenever it is
    thrown away, and by no loop: Qt's has no hook for that.
    """
    with anyio.CancelScope(shield=True), contextlib.suppress(httpx.HTTPError, httpx.StreamError):
        await response.aclose()
        async for _ in pieces:
            pass
