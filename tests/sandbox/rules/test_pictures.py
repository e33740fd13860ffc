"""Pictures of a request: by Base64 or by an address of this machine, of the right kind, weight and shape."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.sandbox.rules.pictures import LARGEST_BYTES
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import Customer, base64_of, customer_of, jpeg, png

GOOD = png(320, 300)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """Serves a folder with a picture and with something else in it."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "good.png").write_bytes(GOOD)
    (tmp_path / "served" / "words.png").write_text("no picture")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "served")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


def create(customer: Customer, image: str, **fields: Any) -> Any:
    body = {"model_name": "kling-v3", "prompt": "On", "image": image, **fields}
    return customer.post("/v1/videos/image2video", body)


@pytest.mark.parametrize(
    "data", [GOOD, jpeg(301, 300), png(750, 300), png(300, 750)], ids=["png", "jpeg", "wide", "tall"]
)
def test_good_pictures(customer: Customer, data: bytes) -> None:
    assert create(customer, base64_of(data)).status == 200


def test_the_largest_is_taken_and_one_byte_more_is_not(customer: Customer) -> None:
    largest = GOOD + bytes(LARGEST_BYTES - len(GOOD))
    assert create(customer, base64_of(largest)).status == 200
    answer = create(customer, base64_of(largest + b"\0"))
    assert (answer.code, answer.body["message"]) == ((400, 1201), "image can't exceed 10MB")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (f"data:image/png;base64,{base64_of(GOOD)}", "File is not in a valid base64 format"),
        ("not base64 at all", "File is not in a valid base64 format"),
        (base64_of(b"GIF89a" + bytes(100)), "image must be a jpg, jpeg or png file"),
        (base64_of(b"\xff\xd8\xff\xe0\x00\x04ab"), "image must be a jpg, jpeg or png file"),
        (base64_of(png(320, 298)), "Image pixel is invalid"),
        (base64_of(png(752, 300)), "Image pixel is invalid"),
        (base64_of(png(300, 752)), "Image pixel is invalid"),
        ("https://example.com/picture.png", "image can't be downloaded"),
        (7, "image must be a string"),
    ],
)
def test_bad_pictures_make_nothing(customer: Customer, image: Any, message: str) -> None:
    answer = create(customer, image)
    assert (answer.code, answer.body["message"]) == ((400, 1201), message)
    assert customer.get("/_sandbox/audit").body["totals"]["created"] == 0


def test_the_end_picture_is_checked_as_well(customer: Customer) -> None:
    answer = create(customer, base64_of(GOOD), image_tail=base64_of(png(100, 100)))
    assert (answer.code, answer.body["message"]) == ((400, 1201), "Image pixel is invalid")


def test_an_address_is_fetched(customer: Customer, host: str) -> None:
    assert create(customer, f"{host}/good.png", external_task_id="fetched").status == 200
    (opening,) = customer.get("/_sandbox/openings").body.values()
    assert customer.get(f"/_sandbox/pictures/{opening['picture']}").raw == GOOD
    assert create(customer, f"{host}/words.png").body["message"] == "image must be a jpg, jpeg or png file"
    assert create(customer, f"{host}/nothing.png").body["message"] == "image can't be downloaded"
