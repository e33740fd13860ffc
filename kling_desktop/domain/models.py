"""Kling's living models for new clips: what each offers, what it needs, and what it costs by Kling's own table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

PRICES_FROM = date(2026, 9, 20)
"""Day on which Kling's price page was copied; what Kling deducts is its own word."""

PRICES_SOURCE = "Kling's developer pages, Pricing of video"
"""What was copied; no address, because Kling moves its pages."""

DOLLARS_PER_UNIT = Decimal("0.14")
"""List price without a pack's discount (Kling's price page, same day)."""

PICTURE_LIMIT_BYTES = 10_000_000
"""A picture that a clip begins or ends with must be under 10 MB (Kling's image2video page)."""

PICTURE_SIDE_PIXELS = 300
"""Its sides have at least so many."""

PICTURE_RATIO = Decimal("2.5")
"""It is at most so many times as wide as high, or as high as wide."""


class Mode(StrEnum):
    """How fine a clip is made."""

    STD = "std"
    """720p."""
    PRO = "pro"
    """1080p."""
    FOUR_K = "4k"


class AspectRatio(StrEnum):
    """Shapes of a clip made from words; one made from a picture has the picture's."""

    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"


@dataclass(frozen=True, slots=True)
class Model:
    """One model that Kling still serves on image2video and text2video."""

    name: str
    """As Kling's `model_name` has it."""
    label: str
    """As Kling's pages call it."""
    seconds: tuple[int, ...]
    """Lengths of a new clip that it offers, rising."""
    silent_units: dict[Mode, Decimal]
    """Units a second without sound; its keys are the modes that the model has."""
    sound_units: dict[Mode, Decimal]
    """Units a second with sound; its keys are the modes that can have sound."""
    end_frame_modes: frozenset[Mode]
    """Modes that take an end frame."""
    end_frame_with_sound: bool
    """Whether a clip with an end frame may have sound."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        return tuple(self.silent_units)

    def has_sound(self, mode: Mode) -> bool:
        return mode in self.sound_units

    def takes_end_frame(self, mode: Mode, sound: bool) -> bool:
        return mode in self.end_frame_modes and (self.end_frame_with_sound or not sound)


_V3 = Model(
    "kling-v3",
    "V3.0",
    tuple(range(3, 16)),
    {Mode.STD: Decimal("0.6"), Mode.PRO: Decimal("0.8"), Mode.FOUR_K: Decimal("3.0")},
    {Mode.STD: Decimal("0.9"), Mode.PRO: Decimal("1.2"), Mode.FOUR_K: Decimal("3.0")},
    frozenset(Mode),
    end_frame_with_sound=True,
)
_V2_6 = Model(
    "kling-v2-6",
    "V2.6",
    (5, 10),
    {Mode.STD: Decimal("0.3"), Mode.PRO: Decimal("0.5")},
    {Mode.PRO: Decimal("1.0")},
    frozenset({Mode.PRO}),
    end_frame_with_sound=False,
)
_V2_5_TURBO = Model(
    "kling-v2-5-turbo",
    "V2.5 Turbo",
    (5, 10),
    {Mode.STD: Decimal("0.3"), Mode.PRO: Decimal("0.5")},
    {},
    frozenset({Mode.PRO}),
    end_frame_with_sound=False,
)

MODELS: dict[str, Model] = {model.name: model for model in (_V3, _V2_6, _V2_5_TURBO)}
"""The models in the order in which they are offered; the first is the usual one."""

USUAL_MODEL = _V3.name
USUAL_SECONDS = 5


def units(model: str, mode: str, seconds: int, sound: bool = False) -> Decimal | None:
    """What Kling's table asks for a new clip; None for what the table does not hold.

    An estimate of `PRICES_FROM`: the charge is Kling's own figure (final_unit_deduction).
    """
    known = MODELS.get(model)
    if known is None or seconds not in known.seconds:
        return None
    table = known.sound_units if sound else known.silent_units
    rate = next((rate for name, rate in table.items() if name.value == mode), None)
    return None if rate is None else rate * seconds


def dollars(amount: Decimal) -> Decimal:
    """Units at Kling's list price, in US dollars."""
    return amount * DOLLARS_PER_UNIT


def extend_units(model: str = "", mode: str = "") -> tuple[Decimal, Decimal]:
    """Least and most units of Kling's own extension by about 5 s, by its source's model ("kling-v1-6") and mode.

    What is not known ("") widens the estimate; how long the source is does not count (Kling's price page).
    """
    standard = Decimal(1) if model in ("kling-v1", "kling-v1-0", "") else Decimal(2)
    most = {Mode.STD.value: max(standard, Decimal(2 if not model else 1)), Mode.PRO.value: _EXTEND_PRO}
    least = {Mode.STD.value: standard, Mode.PRO.value: _EXTEND_PRO}
    return least.get(mode, standard), most.get(mode, _EXTEND_PRO)


_EXTEND_PRO = Decimal("3.5")


def next_model(name: str) -> Model | None:
    """What to offer when Kling no longer serves a model: the first of the others; None when there is none."""
    return next((model for model in MODELS.values() if model.name != name), None)
