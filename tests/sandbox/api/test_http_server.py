"""The server of the sandbox stops at once, whatever its visitors are about."""

from __future__ import annotations

import asyncio
import gc
import socket

from starlette.applications import Starlette

from kling_desktop.sandbox.api.http_server import HttpServer


async def _nothing() -> None:
    await asyncio.Event().wait()


def test_visitors_who_have_only_just_come_are_shown_out_too() -> None:
    """An open socket that is thrown away is a warning, and a warning fails the test."""
    for visitors in range(1, 40):
        ports: list[int] = []
        server = HttpServer(Starlette(), _nothing)
        server.start(0, ports.append)
        sockets = [socket.create_connection(("127.0.0.1", ports[0])) for _ in range(visitors)]
        server.stop()
        for each in sockets:
            each.close()
    gc.collect()
