"""Something on the way to the sandbox, over real sockets: it passes everything on but for what a test orders."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import httpx

from tests.harness.servers.odd_server import Heard, OddServer, response

Pass = Callable[[], httpx.Response]
"""Hands the request on to the sandbox, and gives its answer. Not called: the request never arrives."""
Deed = Callable[[Heard, Pass], Iterable[bytes]]
"""Answers one request in the sandbox's place."""


@dataclass
class Order:
    """What is done to some requests."""

    on: str
    """create, query, list, costs, media, or any."""
    deed: Deed
    times: int = 1
    """How many of them it is done to; -1 = all."""
    after: int = 0
    """How many pass first."""


@dataclass
class Seen:
    """One request that passed by, and how it was answered."""

    on: str
    heard: Heard
    deed: bool
    """Whether the script had a hand in it."""


@dataclass
class Meddler:
    """Use as a context manager; `url` is what the program is told to be Kling's address."""

    sandbox_url: str
    orders: list[Order] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = OddServer(self._answer)
        self._client = httpx.Client(timeout=30, trust_env=False)
        self.url = self._server.url

    def __enter__(self) -> Meddler:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()
        self._client.close()

    def order(self, on: str, deed: Deed, times: int = 1, after: int = 0) -> None:
        """Have this done to the next so many requests of a kind."""
        self.orders.append(Order(on, deed, times, after))

    def clear(self) -> None:
        """Nothing on the way does anything any more."""
        self.orders.clear()

    def count(self, on: str) -> int:
        """How many requests of a kind came by."""
        return sum(seen.on == on for seen in self.seen)

    def _answer(self, heard: Heard) -> Iterator[bytes]:
        on = kind_of(heard)
        order = self._drawn(on)
        self.seen.append(Seen(on, heard, order is not None))

        def passed() -> httpx.Response:
            return self.passed(heard)

        yield from order.deed(heard, passed) if order else [as_came(passed())]

    def _drawn(self, on: str) -> Order | None:
        for order in self.orders:
            if order.on not in (on, "any") or order.times == 0:
                continue
            if order.after > 0:
                order.after -= 1
                continue
            order.times -= order.times > 0
            return order
        return None

    def passed(self, heard: Heard) -> httpx.Response:
        """The sandbox's answer, with addresses that lead here."""
        headers = {name: value for name, value in heard.headers.items() if name not in ("host", "connection")}
        answer = self._client.request(
            heard.method, self.sandbox_url + heard.target, headers=headers, content=heard.body
        )
        body = answer.content.replace(self.sandbox_url.encode(), self.url.encode())
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "content-encoding")
        }
        return httpx.Response(answer.status_code, headers=kept, content=body)


def kind_of(heard: Heard) -> str:
    """What a request is for: create, query, list, costs or media."""
    path = heard.target.partition("?")[0]
    if path.startswith("/v1/videos/"):
        if heard.method == "POST":
            return "create"
        return "query" if path.count("/") > 3 else "list"
    return "costs" if path.startswith("/account/") else "media"


def as_came(answer: httpx.Response) -> bytes:
    """An answer as bytes on the wire."""
    reason = f"{answer.status_code} {answer.reason_phrase or 'Odd'}"
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in ("content-length",)}
    return response(answer.content, reason, sized=True, **headers)


def dated(theirs: Callable[[], datetime]) -> Deed:
    """The sandbox's own answer, dated so: this computer's clock then differs from Kling's."""

    def deed(heard: Heard, passed: Pass) -> Iterable[bytes]:
        answer = passed()
        answer.headers["date"] = format_datetime(theirs(), usegmt=True)
        return [as_came(answer)]

    return deed


def said(status: str, body: object = b"", *, first: bool = False, **headers: str) -> Deed:
    """This answer instead; with `first` only after the sandbox has done what was asked."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def deed(heard: Heard, passed: Pass) -> Iterable[bytes]:
        if first:
            passed()
        return [response(content, status, sized=True, **headers)]

    return deed


def changed(change: Callable[[Any], Any]) -> Deed:
    """The sandbox's own answer, with its JSON changed; what `change` returns is sent, None is what it was given."""

    def deed(heard: Heard, passed: Pass) -> Iterable[bytes]:
        answer = passed()
        content = json.loads(answer.content)
        result = change(content)
        body = json.dumps(content if result is None else result).encode()
        return [response(body, f"{answer.status_code} X", Content_Type="application/json")]

    return deed
