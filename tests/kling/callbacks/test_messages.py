"""Messages of callbacks: signatures by the official vector, and bodies of any make."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop.kling.callbacks.messages import Hint, hint_in, verify
from tests.kling_bodies import FINISHED

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="  # noqa: S105 - the official test vector's
BODY = b'{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}'
SENT = 1_781_080_794
HEADERS = {
    "webhook-id": "9876543210",
    "webhook-timestamp": str(SENT),
    "webhook-signature": "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=",
}


@pytest.mark.parametrize("now", [SENT, SENT + 300, SENT - 300])
def test_the_official_vector_fits(now: int) -> None:
    assert verify(SECRET, HEADERS, BODY, now)


def test_one_fitting_signature_of_several_is_enough() -> None:
    assert verify(SECRET, HEADERS | {"webhook-signature": f"v1,AAAA v2,x {HEADERS['webhook-signature']}"}, BODY, SENT)


@pytest.mark.parametrize(
    ("secret", "headers", "body", "now"),
    [
        (SECRET, HEADERS, BODY + b" ", SENT),
        (SECRET, HEADERS, BODY, SENT + 301),
        (SECRET, HEADERS, BODY, SENT - 301),
        (SECRET, HEADERS | {"webhook-id": "1"}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-timestamp": str(SENT + 1)}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-timestamp": "now"}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-signature": ""}, BODY, SENT),
        (SECRET, HEADERS | {"webhook-signature": "v1,ключ"}, BODY, SENT),
        (SECRET, {}, BODY, SENT),
        ("whsec_" + base64.b64encode(b"another").decode(), HEADERS, BODY, SENT),
        ("whsec_not base64", HEADERS, BODY, SENT),
        ("", HEADERS, BODY, SENT),
    ],
)
def test_anything_else_does_not(secret: str, headers: dict[str, str], body: bytes, now: int) -> None:
    assert not verify(secret, headers, body, now)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (FINISHED, Hint(FINISHED["task_id"], FINISHED["task_info"]["external_task_id"])),
        ({"task_id": 815336423632572487, "task_info": {}}, Hint("815336423632572487", "")),
        ({"external_task_id": "own"}, Hint("", "own")),
        ({"task_id": "", "task_info": None}, None),
        ([], None),
        ("text", None),
    ],
)
def test_a_body_gives_ids_and_nothing_else(body: object, hint: Hint | None) -> None:
    assert hint_in(json.dumps(body).encode()) == hint


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_bodies_of_any_make(body: bytes) -> None:
    assert hint_in(body) is None or hint_in(body)
