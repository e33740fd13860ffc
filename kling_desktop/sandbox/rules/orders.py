"""Every documented check of a request, the code table and the price table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kling_desktop.sandbox.records import EXTEND, IMAGE, TEXT

CODES: dict[int, tuple[int, str]] = {
    # code: (HTTP status, message). Texts marked * were seen live or stand in official pages; the others are invented.
    1000: (401, "Authentication failed"),
    1001: (401, "Authorization is empty"),  # *
    1002: (401, "Authorization is invalid"),
    1003: (401, "Authorization is not yet valid"),
    1004: (401, "Authorization has expired"),
    1100: (429, "Account exception"),
    1101: (429, "Account in arrears"),
    1102: (429, "Account balance not enough"),  # *
    1103: (403, "Unauthorized request to this resource or model"),
    1200: (400, "Invalid request parameters"),
    1201: (400, "Invalid parameter value"),
    1202: (404, "The requested method is invalid"),
    1203: (404, "The requested resource does not exist"),
    1300: (400, "Triggered the policy of the platform"),
    1301: (400, "Triggered the content security policy of the platform"),
    1302: (429, "API request is too fast"),
    1303: (429, "parallel task over resource pack limit"),  # *
    1304: (429, "Triggered the IP whitelist policy of the platform"),
    5000: (500, "Internal server error"),
    5001: (503, "Server temporarily unavailable, under maintenance"),
    5002: (504, "Server internal timeout, there may be a backlog"),
}

PROMPT_LIMIT = 2500
"""Code points; what the page's "character" means is not defined, so this reading is ours."""
LONGEST_SECONDS = 180
RETENTION_MS = 30 * 24 * 3600 * 1000
RISK_MESSAGE = "Failure to pass the risk control system"  # seen live

REFUSED_WORD = "forbidden"
"""The sandbox's own convention: this word in a prompt is refused at submission (1301)."""
RISKY_WORD = "risky"
"""The sandbox's own convention: this word is accepted, and the task then fails with RISK_MESSAGE."""

EXTENDABLE = ("kling-v1", "kling-v1-5", "kling-v1-6")
RETIRED = (*EXTENDABLE, "kling-v2-master", "kling-v2-1", "kling-v2-1-master")
"""Models that are gone after 2026-09-15."""
_MODELS = {
    TEXT: ("kling-v1", "kling-v1-6", "kling-v2-master", "kling-v2-1-master", "kling-v2-5-turbo", "kling-v2-6"),
    IMAGE: (*EXTENDABLE, "kling-v2-master", "kling-v2-1", "kling-v2-1-master", "kling-v2-5-turbo", "kling-v2-6"),
}
_EXTENSION_UNITS = {"kling-v1": (1.0, 3.5), "kling-v1-5": (2.0, 3.5), "kling-v1-6": (2.0, 3.5)}


class Refusal(Exception):
    """A request that makes nothing: one row of the code table, with its own message when there is one."""

    def __init__(self, code: int, message: str = "") -> None:
        self.http, usual = CODES.get(code, (400, "Unknown code"))
        self.code = code
        self.message = message or usual
        super().__init__(f"{self.http}/{code} {self.message}")


@dataclass(frozen=True, slots=True)
class Order:
    """A create request whose fields are in order. What depends on other tasks is checked by the world."""

    kind: str
    prompt: str = ""
    negative_prompt: str = ""
    cfg_scale: float | None = None
    watermark: bool | None = None
    callback_url: str = ""
    external_id: str = ""
    video_id: str = ""
    model: str = ""
    mode: str = "std"
    aspect: str = "16:9"
    seconds: int = 5
    image: str = ""

    @property
    def risky(self) -> bool:
        return RISKY_WORD in self.prompt.lower()


def order_of(kind: str, raw: bytes) -> Order:
    """Reads the body of a create; unknown fields are ignored, as Kling does.

    Raises:
        Refusal: 1200 (not JSON), 1201 (a bad value), 1301 (REFUSED_WORD).
    """
    body = _object(raw)
    order = _extension(body) if kind == EXTEND else _generation(kind, body)
    if REFUSED_WORD in f"{order.prompt}\n{order.negative_prompt}".lower():
        raise Refusal(1301)
    return order


def extension_units(model: str, mode: str) -> float:
    """Price of one extension, whatever the length of its source."""
    return _EXTENSION_UNITS.get(model, (2.0, 3.5))[mode == "pro"]


def generation_units(model: str, mode: str, seconds: int) -> float:
    """Price of a base clip."""
    return extension_units(model, mode) * (2 if seconds == 10 else 1)


def page_of(number: str | None, size: str | None) -> tuple[int, int]:
    """Checked pageNum and pageSize. That a value out of bounds is 1201 is inferred, its text invented."""
    return _bounded("pageNum", number, 1, 1000), _bounded("pageSize", size, 30, 500)


def discontinued(model: str) -> Refusal:
    """The real answer for a retired model."""
    return Refusal(1203, f"The model '{model}' has been discontinued and is no longer available.")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refusal(1200, "The request body is not valid JSON") from None  # invented text
    if not isinstance(body, dict):
        raise Refusal(1200, "The request body is not an object")  # invented text
    return body


def _extension(body: dict[str, Any]) -> Order:
    video_id = _text(body, "video_id")
    if not video_id:
        raise Refusal(1201, "video_id can't be empty")  # invented text
    return Order(EXTEND, video_id=video_id, **_shared(body))


def _generation(kind: str, body: dict[str, Any]) -> Order:
    shared = _shared(body)
    if kind == TEXT and not shared["prompt"]:
        raise Refusal(1201, "prompt can't be empty")  # invented text
    image = _text(body, "image") if kind == IMAGE else ""
    if kind == IMAGE and not image:
        raise Refusal(1201, "image can't be empty")  # invented text
    model = _text(body, "model_name") or "kling-v1"
    if model not in _MODELS[kind]:
        raise Refusal(1201, "model is not supported")
    aspect = _choice(body, "aspect_ratio", ("16:9", "9:16", "1:1")) if kind == TEXT else "16:9"
    seconds = int(_choice(body, "duration", ("5", "10")))
    mode = _choice(body, "mode", ("std", "pro"))
    return Order(kind, model=model, mode=mode, aspect=aspect, seconds=seconds, image=image, **shared)


def _shared(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "prompt": _limited(body, "prompt"),
        "negative_prompt": _limited(body, "negative_prompt"),
        "cfg_scale": _guidance(body),
        "watermark": _watermark(body),
        "callback_url": _text(body, "callback_url"),
        "external_id": _text(body, "external_task_id"),
    }


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(1201, f"{name} must be a string")  # invented text
    return value


def _limited(body: dict[str, Any], name: str) -> str:
    text = _text(body, name)
    if len(text) > PROMPT_LIMIT:
        raise Refusal(1201, f"{name} can't exceed {PROMPT_LIMIT} characters")  # invented text
    return text


def _choice(body: dict[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = _text(body, name) or allowed[0]
    if value not in allowed:
        raise Refusal(1201, f"{name} value '{value}' is invalid")
    return value


def _guidance(body: dict[str, Any]) -> float | None:
    value = body.get("cfg_scale")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(1201, "cfg_scale must be a number")  # invented text
    if not 0 <= value <= 1:
        raise Refusal(1201, f"cfg_scale value '{value}' is invalid")
    return float(value)


def _watermark(body: dict[str, Any]) -> bool | None:
    info = body.get("watermark_info")
    if info is None:
        return None
    if not isinstance(info, dict) or not isinstance(info.get("enabled", False), bool):
        raise Refusal(1201, "watermark_info is invalid")  # invented text
    return bool(info.get("enabled", False))


def _bounded(name: str, text: str | None, usual: int, most: int) -> int:
    if text is None:
        return usual
    try:
        value = int(text)
    except ValueError:
        raise Refusal(1201, f"{name} value '{text}' is invalid") from None
    if not 1 <= value <= most:
        raise Refusal(1201, f"{name} must be in [1, {most}]")  # invented text
    return value
