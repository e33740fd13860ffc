"""Reads single fields of a request's body: one way to refuse each, and numbers where Kling takes them."""

from __future__ import annotations

from typing import Any

from kling_desktop.sandbox.rules.codes import Refusal

Body = dict[str, Any]

PROMPT_LIMIT = 2500
"""Code points; what the page's "character" means is not defined, so this reading is ours."""


def text(body: Body, name: str) -> str:
    """A string; empty when it is left out or null."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(1201, f"{name} must be a string")  # invented text
    return value


def text_or_number(body: Body, name: str) -> str:
    """A string, or a whole number where Kling takes the one as well as the other."""
    value = body.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(body, name)


def limited(body: Body, name: str, most: int = PROMPT_LIMIT) -> str:
    value = text(body, name)
    if len(value) > most:
        raise Refusal(1201, f"{name} can't exceed {most} characters")  # invented text
    return value


def choice(body: Body, name: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed values; the first when it is left out."""
    value = text_or_number(body, name) or allowed[0]
    if value not in allowed:
        raise Refusal(1201, f"{name} value '{value}' is invalid")
    return value


def switch(body: Body, name: str) -> bool:
    """A boolean; false when it is left out."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise Refusal(1201, f"{name} must be a boolean")  # invented text
    return bool(value)


def items(body: Body, name: str, most: int) -> list[Any]:
    """An array of at most so many entries; empty when it is left out."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most:
        raise Refusal(1201, f"{name} is invalid")  # invented text
    return value


def guidance(body: Body) -> float | None:
    """cfg_scale: a number, or one written as a string."""
    value = body.get("cfg_scale")
    if value is None or value == "":
        return None
    try:
        number = float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        raise Refusal(1201, "cfg_scale must be a number") from None  # invented text
    if not 0 <= number <= 1:
        raise Refusal(1201, f"cfg_scale value '{value}' is invalid")
    return number


def watermark(body: Body) -> bool | None:
    info = body.get("watermark_info")
    if info is None:
        return None
    if not isinstance(info, dict) or not isinstance(info.get("enabled", False), bool):
        raise Refusal(1201, "watermark_info is invalid")  # invented text
    return bool(info.get("enabled", False))


def page_of(number: str | None, size: str | None) -> tuple[int, int]:
    """Checked pageNum and pageSize. That a value out of bounds is 1201 is inferred, its text invented."""
    return _bounded("pageNum", number, 1, 1000), _bounded("pageSize", size, 30, 500)


def _bounded(name: str, value: str | None, usual: int, most: int) -> int:
    if value is None:
        return usual
    try:
        number = int(value)
    except ValueError:
        raise Refusal(1201, f"{name} value '{value}' is invalid") from None
    if not 1 <= number <= most:
        raise Refusal(1201, f"{name} must be in [1, {most}]")  # invented text
    return number
