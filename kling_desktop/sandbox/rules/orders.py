"""Reads the body of a create: JSON, the fields that all kinds share, and those of its kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kling_desktop.sandbox.records import EXTEND
from kling_desktop.sandbox.rules.codes import Refusal
from kling_desktop.sandbox.rules.fields import Body, guidance, limited, text, text_or_number, watermark
from kling_desktop.sandbox.rules.generations import generation
from kling_desktop.sandbox.rules.order import REFUSED_WORD, Order
from kling_desktop.sandbox.rules.pictures import is_address


def order_of(kind: str, raw: bytes, fetched: Mapping[str, bytes] | None = None) -> Order:
    """The order in a body; unknown fields are ignored, as Kling does. `fetched`: what the addresses in it hold.

    Raises:
        Refusal: 1200 (not JSON), 1201 (a bad value), 1301 (REFUSED_WORD).
    """
    body = _object(raw)
    shared = _shared(body)
    order = _extension(body, shared) if kind == EXTEND else generation(kind, body, shared, fetched or {})
    if REFUSED_WORD in f"{order.prompt}\n{order.negative_prompt}".lower():
        raise Refusal(1301)
    return order


def addresses_in(raw: bytes) -> list[str]:
    """The addresses of pictures in a body, to be fetched before it is read; none in a body that is no object."""
    try:
        body = _object(raw)
    except Refusal:
        return []
    values = (body.get(name) for name in ("image", "image_tail"))
    return [value for value in values if isinstance(value, str) and is_address(value)]


def _object(raw: bytes) -> Body:
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refusal(1200, "The request body is not valid JSON") from None  # invented text
    if not isinstance(body, dict):
        raise Refusal(1200, "The request body is not an object")  # invented text
    return body


def _extension(body: Body, shared: dict[str, Any]) -> Order:
    video_id = text_or_number(body, "video_id")
    if not video_id:
        raise Refusal(1201, "video_id can't be empty")  # invented text
    return Order(EXTEND, video_id=video_id, **shared)


def _shared(body: Body) -> dict[str, Any]:
    return {
        "prompt": limited(body, "prompt"),
        "negative_prompt": limited(body, "negative_prompt"),
        "cfg_scale": guidance(body),
        "watermark": watermark(body),
        "callback_url": text(body, "callback_url"),
        "external_id": text(body, "external_task_id"),
    }
