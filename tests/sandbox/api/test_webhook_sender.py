"""The sandbox's callbacks: unwrapped, one per status, signed as the standard says, untidy on demand, never abroad."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kling_desktop.sandbox.api.webhook_sender import is_loopback, signature
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import EXTEND, Customer, customer_of, shelf, until

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="  # noqa: S105 - of the official test vector


@dataclass
class Mailbox:
    """What a real little server received."""

    url: str = ""
    letters: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(raw) for _, raw in self.letters]

    @property
    def statuses(self) -> list[str]:
        return [body["task_status"] for body in self.bodies]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()

    class Slot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            box.letters.append(({key.lower(): value for key, value in self.headers.items()}, raw))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Slot)
    box.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield box
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


@pytest.fixture
def source(sandbox: Sandbox) -> str:
    return str(shelf(sandbox)["dawn-lake"]["video_id"])


def test_the_official_vector() -> None:
    body = (
        b'{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}'
    )
    assert signature(SECRET, "9876543210", 1781080794, body) == "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4="


def test_one_per_status_not_wrapped(customer: Customer, source: str, mailbox: Mailbox) -> None:
    customer.extend(source, external_task_id="own", callback_url=mailbox.url)
    until(lambda: len(mailbox.letters) >= 3)
    assert mailbox.statuses == ["submitted", "processing", "succeed"]
    last = mailbox.bodies[-1]
    queried = customer.get(f"{EXTEND}/own").data
    assert "code" not in last
    assert last["task_id"] == queried["task_id"]
    assert last["task_info"] == queried["task_info"]
    assert last["task_result"] == {"images": [], **queried["task_result"]}
    headers = mailbox.letters[-1][0]
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert "webhook-signature" not in headers


def test_signed_when_there_is_a_secret(customer: Customer, source: str, mailbox: Mailbox) -> None:
    customer.control("webhook_secret", secret=SECRET)
    customer.extend(source, prompt="risky", callback_url=mailbox.url)
    until(lambda: len(mailbox.letters) >= 3)
    assert mailbox.statuses[-1] == "failed"
    for headers, raw in mailbox.letters:
        expected = signature(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), raw)
        assert headers["webhook-signature"] == expected


def test_twice_and_backwards_on_demand(customer: Customer, source: str, mailbox: Mailbox) -> None:
    customer.control("callbacks", copies=2, disorder=True)
    customer.extend(source, prompt="risky", callback_url=mailbox.url)
    until(lambda: len(mailbox.letters) >= 6)
    assert mailbox.statuses == ["failed", "failed", "processing", "processing", "submitted", "submitted"]


def test_never_abroad(customer: Customer, source: str) -> None:
    customer.extend(source, prompt="risky", callback_url="http://192.0.2.1/hook")
    until(lambda: len(customer.get("/_sandbox/violations").body) >= 3)
    assert customer.get("/_sandbox/callbacks").body == []


def test_a_deaf_address_is_noted_and_disturbs_nothing(customer: Customer, source: str) -> None:
    customer.extend(source, prompt="risky", external_task_id="own", callback_url="http://127.0.0.1:9/hook")
    assert customer.ended("own")["task_status"] == "failed"
    until(lambda: [call["status"] for call in customer.get("/_sandbox/callbacks").body] == [0, 0, 0])


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:8/x", True),
        ("http://127.0.0.1.evil.test/", False),
        ("http://10.0.0.1/", False),
        ("file:///etc/passwd", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_what_is_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) == local
