"""A real server on loopback that answers byte for byte what a test wants, however odd."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


Answer = Callable[[Heard], Iterable[bytes]]


@dataclass(frozen=True)
class Stall:
    """An answer that sends its first bytes and then nothing more."""

    first: bytes

    def __call__(self, heard: Heard) -> Iterable[bytes]:
        return [self.first]


class OddServer:
    """Calls `answer` for each request, sends what it yields, then closes the connection.

    An answer that raises ConnectionResetError resets the connection; a `Stall` holds it until the server closes.
    """

    def __init__(self, answer: Answer) -> None:
        self.heard: list[Heard] = []
        self._closing = threading.Event()
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> OddServer:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            try:
                for piece in self._answers(connection):
                    connection.sendall(piece)
                if isinstance(self._answer, Stall):
                    self._closing.wait()
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):  # until the other side has read it all and closed
                    pass
            except ConnectionResetError:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _answers(self, connection: socket.socket) -> Iterator[bytes]:
        heard = _read(connection)
        if heard is not None:
            self.heard.append(heard)
            yield from self._answer(heard)


def _read(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(65536)):
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _version = lines[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Heard(method, target, headers, body)


def response(body: bytes = b"", status: str = "200 OK", *, sized: bool = True, **headers: str) -> bytes:
    """The bytes of an HTTP/1.1 answer; header names are written with underscores for hyphens."""
    fields = {"Connection": "close"} | ({"Content-Length": str(len(body))} if sized else {})
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
