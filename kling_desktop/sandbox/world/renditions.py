"""Decides how a new clip comes out: its size, its rate, its tags, and the colours that a picture gets on the way."""

from __future__ import annotations

import random
from typing import Any

from kling_desktop.sandbox.records import Film, Light, Opening, Segment
from kling_desktop.sandbox.rules.models import EXTENDABLE, MODELS, RETIRED
from kling_desktop.sandbox.rules.order import Order
from kling_desktop.sandbox.world.shapes import base_frames, frame_rate, frame_size, frame_size_like, short_side

_SPREAD = {"gamma": 0.06, "contrast": 0.05, "saturation": 0.12, "red": 0.025, "green": 0.015, "blue": 0.025}
"""How far each part of a light may lie from 1, at the usual strength."""


def new_film(order: Order, size: str, seed: int, asked: dict[str, Any]) -> Film:
    """The film of a clip from words or from a picture; `asked` may fix what the seed would draw (faults.RENDITION)."""
    draw = random.Random(seed)  # noqa: S311 - repeatable by its seed, which is the point
    rate, tagged, opening = _rate(order, draw), _tagged(order, draw), _opening(order, draw, asked)
    fps = int(asked.get("fps", rate))
    if order.picture:
        short = short_side(size, order.model, order.mode)
        width, height = frame_size_like(short, order.picture.width, order.picture.height)
    else:
        width, height = frame_size(size, order.model, order.mode, order.aspect)
    segment = Segment(base_frames(order.seconds, fps), seed, order.prompt)
    named = bool(asked.get("tagged", tagged))
    return Film(width, height, fps, (segment,), opening=opening, tagged=named, sound=order.sound)


def _rate(order: Order, draw: random.Random) -> int:
    if order.model in RETIRED:
        return frame_rate(order.kind, order.model)
    return draw.choice(MODELS[order.model].rates)


def _tagged(order: Order, draw: random.Random) -> bool:
    """Whether Kling's files name their colours is unknown, so with the living models both occur."""
    return draw.random() < 0.5 or order.model in EXTENDABLE


def _opening(order: Order, draw: random.Random, asked: dict[str, Any]) -> Opening | None:
    light = _light(draw, float(asked.get("colour", 1.0)))
    if order.picture is None:
        return None
    tail = order.tail.name if order.tail else ""
    return Opening(order.picture.name, tail, light, stall=int(asked.get("stall", 0)))


def _light(draw: random.Random, strength: float) -> Light:
    """Users report a shift of colours with every hop; how Kling's looks was never measured: this one is invented."""
    return Light(**{name: 1 + strength * draw.uniform(-spread, spread) for name, spread in _SPREAD.items()})
