"""Checks the bodies of text2video and image2video, model by model (continue.md 1.1, the legacy pages)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kling_desktop.sandbox.records import IMAGE, TEXT
from kling_desktop.sandbox.rules.codes import Refusal
from kling_desktop.sandbox.rules.fields import Body, choice, guidance, items, limited, switch, text
from kling_desktop.sandbox.rules.models import MODELS, USUAL_MODEL, Model
from kling_desktop.sandbox.rules.order import Order
from kling_desktop.sandbox.rules.pictures import Picture, picture_of

_ASPECTS = ("16:9", "9:16", "1:1")
_SHOTS, _SHOT_LIMIT = 6, 512
_ELEMENTS, _VOICES = 3, 2
_OF_CAMERA = ("camera_control", "static_mask", "dynamic_masks")


def generation(kind: str, body: Body, shared: dict[str, Any], fetched: Mapping[str, bytes]) -> Order:
    """A checked order for a new clip.

    Raises:
        Refusal: 1201. The text that names model, mode and duration was seen live for image_tail; that the other
            fields are refused in the same words is inferred.
    """
    name = text(body, "model_name") or USUAL_MODEL
    model = MODELS.get(name)
    if model is None or kind not in model.kinds:
        raise Refusal(1201, "model is not supported")
    mode, seconds = choice(body, "mode", model.modes), choice(body, "duration", model.durations)
    sound = choice(body, "sound", ("off", "on")) == "on"
    combination = f"{name}/{mode}/{seconds}"
    shared = {**shared, "prompt": _prompt(body)}
    _check_extras(body, model, mode, combination, sound=sound)
    picture, tail = _pictures(kind, body, fetched)
    if tail and (mode not in model.tail_modes or (sound and not model.tail_with_sound)):
        raise _unsupported(combination, "image_tail")
    return Order(
        kind,
        model=name,
        mode=mode,
        aspect=choice(body, "aspect_ratio", _ASPECTS) if kind == TEXT else "",
        seconds=int(seconds),
        sound=sound,
        voices=bool(items(body, "voice_list", _VOICES)),
        picture=picture,
        tail=tail,
        **shared,
    )


def _prompt(body: Body) -> str:
    """One prompt for the whole clip, or one for each shot; never neither."""
    if not switch(body, "multi_shot"):
        if not text(body, "prompt").strip():
            raise Refusal(1201, "prompt can't be empty")  # invented text
        return text(body, "prompt")
    shots = items(body, "multi_prompt", _SHOTS)
    if not shots or not all(isinstance(shot, dict) for shot in shots):
        raise Refusal(1201, "multi_prompt can't be empty when multi_shot is true")  # invented text
    return " ".join(limited(shot, "prompt", _SHOT_LIMIT) for shot in shots)


def _check_extras(body: Body, model: Model, mode: str, combination: str, *, sound: bool) -> None:
    if sound and mode not in model.sound_modes:
        raise _unsupported(combination, "sound")
    if guidance(body) is not None and not model.guidance:
        # The page says "only V1.x"; a client reports that leaving it out mended its calls to 2.5.
        raise _unsupported(combination, "cfg_scale")
    for name in _OF_CAMERA:
        if body.get(name):
            raise _unsupported(combination, name)
    elements, voices = items(body, "element_list", _ELEMENTS), items(body, "voice_list", _VOICES)
    if elements and voices:
        raise Refusal(1201, "element_list and voice_list can't be used together")  # invented text
    if voices and not sound:
        raise Refusal(1201, "voice_list needs sound on")  # invented text


def _pictures(kind: str, body: Body, fetched: Mapping[str, bytes]) -> tuple[Picture | None, Picture | None]:
    if kind != IMAGE:
        return None, None
    first, last = text(body, "image"), text(body, "image_tail")
    if not first:
        raise Refusal(1201, "image can't be empty")  # invented text
    return picture_of("image", first, fetched), picture_of("image_tail", last, fetched) if last else None


def _unsupported(combination: str, what: str) -> Refusal:
    return Refusal(1201, f"model/mode/duration({combination}) is not supported with {what}")
