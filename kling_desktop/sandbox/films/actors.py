"""What moves in a scene: lanterns, fireflies, birds, a balloon, a boat, snow, petals; the prompt's words choose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_desktop.sandbox.ids import seed_of
from kling_desktop.sandbox.records import Film

Canvas = NDArray[np.float32]
Field = NDArray[np.float32]

_FADE_SECONDS = 1.5
_WORDS = {
    "fireflies": ("firef", "glow", "magic", "spark", "萤", "star"),
    "lanterns": ("lantern", "lamp", "candle", "fire", "灯", "festival"),
    "birds": ("bird", "gull", "crane", "fly", "鸟", "swan"),
    "balloon": ("balloon", "气球", "float"),
    "boat": ("boat", "sail", "ship", "船", "harbour", "harbor"),
    "snow": ("snow", "winter", "雪", "cold"),
    "petals": ("petal", "blossom", "flower", "spring", "花", "leaves", "wind"),
}
"""Words of a prompt that bring an actor in; without one the seed decides."""


@dataclass(slots=True)
class Actor:
    """One kind of moving thing, all of it a pure function of time."""

    name: str
    start: float
    """Scene frame at which it begins to appear; before 0 = always there."""
    fps: int
    width: int
    height: int
    shore: int
    own: Field
    """Its seeded numbers: (things, 6) in 0..1."""

    @property
    def in_sky(self) -> bool:
        """Drawn before the lake, so the lake mirrors it."""
        return self.name in ("lanterns", "birds", "balloon")

    def presence(self, at: float) -> float:
        """How far it has faded in, 0..1, eased."""
        part = min(1.0, max(0.0, (at - self.start) / (_FADE_SECONDS * self.fps)))
        return part * part * (3 - 2 * part)

    def draw(self, canvas: Canvas, seconds: float, presence: float) -> None:
        for one in self.own:
            _DRAW[self.name](self, canvas, seconds, presence, one)


def actors_of(film: Film, width: int, height: int, shore: int) -> list[Actor]:
    """The base's actor and one more for each extension with words of its own."""
    found: list[Actor] = []
    start, said = -1e9, ""
    first = 0.0
    for segment in film.segments:
        if not found or (segment.prompt and segment.prompt != said):
            names = [actor.name for actor in found]
            name = _chosen(segment.prompt, segment.seed, names)
            found.append(Actor(name, start, film.fps, width, height, shore, _numbers(name, segment.seed)))
        said = segment.prompt or said
        first += segment.frames
        start = first
    return found


def _chosen(prompt: str, seed: int, taken: list[str]) -> str:
    words = prompt.lower()
    named = [name for name, roots in _WORDS.items() if any(root in words for root in roots)]
    free = [name for name in named or _WORDS if name not in taken] or list(_WORDS)
    return free[0] if named else free[seed_of("actor", seed) % len(free)]


def _numbers(name: str, seed: int) -> Field:
    many = {"lanterns": 9, "fireflies": 14, "birds": 6, "balloon": 1, "boat": 1, "snow": 60, "petals": 26}[name]
    return np.random.default_rng(seed).uniform(0, 1, (many, 6)).astype(np.float32)


def patch(
    canvas: Canvas, x: float, y: float, half_width: float, half_height: float
) -> tuple[Canvas, Field, Field] | None:
    """The part of a canvas around a point, with each pixel's distance to it; None when outside."""
    height, width = canvas.shape[1:]
    left, right = max(0, int(x - half_width)), min(width, int(x + half_width) + 2)
    top, bottom = max(0, int(y - half_height)), min(height, int(y + half_height) + 2)
    if left >= right or top >= bottom:
        return None
    dx = np.arange(left, right, dtype=np.float32)[None] - np.float32(x)
    dy = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
    return canvas[:, top:bottom, left:right], dx, dy


def blend(part: Canvas, mask: Field, colour: NDArray[np.float32] | tuple[float, float, float]) -> None:
    """Mixes a colour into a part of the canvas by a mask of 0..1."""
    part += mask[None] * (np.asarray(colour, np.float32)[:, None, None] - part)


def _glow(
    canvas: Canvas, x: float, y: float, radius: float, colour: tuple[float, float, float], strength: float
) -> None:
    found = patch(canvas, x, y, 3 * radius, 3 * radius)
    if found:
        part, dx, dy = found
        light = strength * np.exp(-(dx * dx + dy * dy) / (radius * radius))
        part += light[None] * (np.array(colour, np.float32)[:, None, None] - part * np.float32(0.6))


def _lantern(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    size = actor.height * (0.010 + 0.014 * one[2])
    rise = (one[1] + (0.012 + 0.014 * one[3]) * seconds) % 1.15
    x = actor.width * (0.06 + 0.88 * one[0]) + size * 1.5 * np.sin(0.7 * seconds + 6.28 * one[4])
    y = actor.shore * (1.02 - rise)
    flicker = 0.85 + 0.15 * np.sin(5 * seconds + 6.28 * one[5])
    fade = presence * min(1.0, 8 * rise, 8 * (1.15 - rise))
    _glow(canvas, x, y, 3.2 * size, (255, 150, 60), 0.40 * fade * flicker)
    found = patch(canvas, x, y, size + 2, 1.3 * size + 2)
    if found:
        part, dx, dy = found
        bulge = np.abs(dx) * (1.15 + 0.25 * np.clip(dy / size, -1, 1))
        edge = np.clip(size - np.maximum(bulge, np.abs(dy) * 0.8) + 0.5, 0, 1)
        blend(part, edge * np.float32(fade), (240, 128 * flicker, 58))
        core = np.exp(-(dx * dx + (dy - 0.6 * size) ** 2) / (0.8 * size) ** 2)
        blend(part, edge * core * np.float32(fade), (255, 226 * flicker, 150 * flicker))


def _firefly(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    x = actor.width * (one[0] + 0.05 * np.sin((0.4 + 0.4 * one[2]) * seconds + 6.28 * one[3]))
    y = actor.height * (0.45 + 0.5 * one[1] + 0.04 * np.sin((0.5 + 0.5 * one[3]) * seconds + 6.28 * one[2]))
    pulse = 0.25 + 0.75 * max(0.0, float(np.sin((1 + one[4]) * seconds + 6.28 * one[5])))
    size = actor.height * 0.008
    _glow(canvas, x, y, 2.5 * size, (205, 255, 130), 0.5 * presence * pulse)
    _glow(canvas, x, y, size, (250, 255, 210), 0.9 * presence * pulse)


def _bird(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    span = actor.height * (0.018 + 0.016 * one[2])
    way = 1.3 * actor.width
    x = (one[0] * way + actor.height * (0.07 + 0.05 * one[3]) * seconds) % way - 0.15 * actor.width
    y = actor.shore * (0.15 + 0.45 * one[1] + 0.02 * np.sin(0.9 * seconds + 6.28 * one[4]))
    lift = 0.25 + 0.45 * np.sin((6 + 2 * one[3]) * seconds + 6.28 * one[5])
    found = patch(canvas, x, y, span + 2, span + 2)
    if found:
        part, dx, dy = found
        wing = np.abs(dy + lift * (np.abs(dx) - 0.35 * span) + 0.15 * span)
        mask = np.clip(0.09 * span + 0.8 - wing, 0, 1) * np.clip(span - np.abs(dx), 0, 1)
        blend(part, mask * np.float32(0.85 * presence), (34, 34, 46))


def _balloon(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    size = 0.085 * min(actor.width, actor.height)
    way = 1.25 * actor.width
    x = (0.3 + 0.4 * one[0]) * actor.width + 0.014 * actor.width * seconds
    x = x % way - 0.1 * actor.width
    y = actor.shore * (0.36 + 0.12 * one[1] + 0.035 * np.sin(0.35 * seconds + 6.28 * one[2]))
    found = patch(canvas, x, y, size + 2, 1.8 * size)
    if found:
        part, dx, dy = found
        squeeze = 1 - np.clip(dy / (1.15 * size), 0, 1) * 0.45
        mask = np.clip(size - np.hypot(dx / squeeze, dy * 0.92) + 0.5, 0, 1)
        stripe = 0.5 + 0.5 * np.sin(9 * np.arcsin(np.clip(dx / (size * squeeze), -1, 1)))
        shade = 0.75 + 0.25 * np.clip(-dx / size + 0.5, 0, 1)
        blend(part, mask * (1 - stripe) * np.float32(presence), (214, 62, 54))
        blend(part, mask * stripe * np.float32(presence), (250, 226, 178))
        part *= (1 - mask * (1 - shade) * np.float32(presence))[None]
        basket = np.clip(0.16 * size - np.abs(dx) + 0.5, 0, 1) * np.clip(
            0.13 * size - np.abs(dy - 1.5 * size) + 0.5, 0, 1
        )
        blend(part, basket * np.float32(presence), (92, 60, 38))


def _boat(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    size = 0.075 * min(actor.width, actor.height)
    way = 1.3 * actor.width
    x = ((0.25 + 0.5 * one[0]) * actor.width + 0.022 * actor.width * seconds) % way - 0.15 * actor.width
    y = actor.shore + 0.14 * (actor.height - actor.shore) + 0.12 * size * np.sin(1.2 * seconds)
    found = patch(canvas, x, y - 0.6 * size, 1.2 * size, 1.9 * size)
    if found:
        part, dx, dy = found
        dy = dy - np.float32(0.6 * size)
        heel = np.float32(0.05 * np.sin(1.2 * seconds + 1.0))
        dx = dx + heel * dy
        hull = np.clip(0.28 * size - dy, 0, 1) * np.clip(dy + 0.5, 0, 1) * np.clip(0.95 * size - np.abs(dx) - dy, 0, 1)
        sail = np.clip(-dy - 0.12 * size, 0, 1) * np.clip(dx + 0.08 * size, 0, 1)
        sail = sail * np.clip(0.62 * (1.9 * size + dy) - dx, 0, 1) * np.clip(1.9 * size + dy, 0, 1)
        blend(part, hull * np.float32(presence), (58, 38, 34))
        blend(part, np.clip(sail, 0, 1) * np.float32(presence), (250, 240, 222))


def _flake(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    near = 0.4 + 0.6 * one[2]
    x = (
        one[0] * actor.width
        + actor.height * 0.02 * seconds
        + 0.02 * actor.width * np.sin(seconds * near + 6.28 * one[3])
    )
    y = (one[1] + 0.09 * near * seconds) % 1.08 - 0.04
    _glow(
        canvas, x % actor.width, y * actor.height, actor.height * 0.0065 * near, (255, 255, 255), 0.9 * presence * near
    )


def _petal(actor: Actor, canvas: Canvas, seconds: float, presence: float, one: Field) -> None:
    near = 0.5 + 0.5 * one[2]
    size = actor.height * 0.011 * near
    x = (one[0] * 1.1 + 0.045 * near * seconds) % 1.1 * actor.width - 0.05 * actor.width
    y = ((one[1] + 0.05 * near * seconds) % 1.1 - 0.05) * actor.height + 2 * size * np.sin(
        1.4 * seconds + 6.28 * one[3]
    )
    turn = 0.35 + 0.65 * abs(float(np.sin((1 + one[4]) * seconds + 6.28 * one[5])))
    found = patch(canvas, x, y, size + 2, size + 2)
    if found:
        part, dx, dy = found
        mask = np.clip(size - np.hypot(dx, dy / turn) + 0.5, 0, 1)
        blend(part, mask * np.float32(0.9 * presence), (248, 176 + 40 * one[3], 196))


_DRAW = {
    "lanterns": _lantern,
    "fireflies": _firefly,
    "birds": _bird,
    "balloon": _balloon,
    "boat": _boat,
    "snow": _flake,
    "petals": _petal,
}
