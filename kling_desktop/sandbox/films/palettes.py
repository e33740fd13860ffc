"""The colours of times of day: each a small set that goes together."""

from __future__ import annotations

from dataclasses import dataclass

from kling_desktop.sandbox.ids import seed_of

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Red, green, blue in 0..255."""

    top: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    """Sun or moon, and its glints."""
    cloud: Colour
    mist: Colour
    hill: Colour
    """The nearest range; farther ones fade into the mist."""
    water: Colour


PALETTES = (
    Palette((58, 84, 140), (214, 150, 158), (250, 208, 160), (255, 240, 205), (246, 190, 170), (222, 174, 168),
            (52, 60, 92), (48, 70, 110)),  # dawn
    Palette((34, 40, 92), (120, 72, 132), (244, 132, 98), (255, 214, 150), (226, 118, 120), (176, 96, 120),
            (36, 28, 62), (36, 34, 80)),  # dusk
    Palette((10, 18, 46), (28, 48, 92), (74, 104, 148), (232, 240, 250), (60, 82, 124), (60, 84, 126),
            (12, 20, 40), (14, 26, 56)),  # moonlight
    Palette((84, 150, 206), (154, 204, 226), (236, 240, 222), (255, 252, 232), (250, 250, 248), (176, 208, 212),
            (46, 92, 84), (52, 116, 138)),  # morning
    Palette((192, 118, 64), (236, 172, 92), (252, 222, 160), (255, 250, 220), (252, 206, 140), (226, 168, 104),
            (92, 56, 42), (128, 88, 62)),  # golden hour
    Palette((44, 92, 104), (112, 166, 158), (220, 224, 190), (250, 244, 214), (196, 216, 204), (142, 178, 168),
            (26, 58, 62), (34, 78, 86)),  # after the rain
    Palette((72, 62, 112), (156, 128, 172), (232, 200, 212), (255, 244, 240), (214, 186, 212), (178, 154, 188),
            (56, 46, 84), (70, 66, 112)),  # lilac
)  # fmt: skip

_WORDS = (
    ("dawn", "sunrise", "first light"),
    ("dusk", "sunset", "dusky", "evening", "last light"),
    ("night", "moon", "star", "dark"),
    ("morning", "day", "summer"),
    ("golden", "desert", "autumn", "balloon"),
    ("rain", "forest", "green", "valley"),
    ("lilac", "petal", "spring", "dream", "snow"),
)
"""Words of a prompt that ask for the palette at the same place."""


def palette_of(prompt: str, seed: int) -> Palette:
    """The palette that a prompt's words ask for; without such words the seed decides."""
    words = prompt.lower()
    asked = [number for number, roots in enumerate(_WORDS) if any(root in words for root in roots)]
    return PALETTES[asked[0] if asked else seed_of("palette", seed) % len(PALETTES)]
