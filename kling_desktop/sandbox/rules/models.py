"""The models of the two generating endpoints: what each takes, and which are gone."""

from __future__ import annotations

from dataclasses import dataclass

from kling_desktop.sandbox.records import IMAGE, TEXT

EXTENDABLE = ("kling-v1", "kling-v1-5", "kling-v1-6")
RETIRED = (*EXTENDABLE, "kling-v2-master", "kling-v2-1", "kling-v2-1-master")
"""Models that are gone after 2026-09-15."""


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes; the first of a choice is the default."""

    modes: tuple[str, ...] = ("std", "pro")
    durations: tuple[str, ...] = ("5", "10")
    """Seconds, as the page writes them: strings."""
    sound_modes: tuple[str, ...] = ()
    """Modes in which sound can be on."""
    tail_modes: tuple[str, ...] = ()
    """Modes in which an end picture is taken."""
    tail_with_sound: bool = False
    kinds: tuple[str, ...] = (TEXT, IMAGE)
    guidance: bool = False
    """Whether cfg_scale is taken: the page says only V1.x."""
    rates: tuple[int, ...] = (24, 30)
    """Frames per second of its files. Sources conflict for 2.6 and 3.0, so both occur."""


_THREE_TO_FIFTEEN = ("5", "3", "4", *map(str, range(6, 16)))

MODELS = {
    "kling-v3": Model(
        modes=("std", "pro", "4k"),
        durations=_THREE_TO_FIFTEEN,
        sound_modes=("std", "pro", "4k"),
        tail_modes=("std", "pro", "4k"),
        tail_with_sound=True,
    ),
    "kling-v2-6": Model(sound_modes=("pro",), tail_modes=("pro",)),
    "kling-v2-5-turbo": Model(tail_modes=("pro",), rates=(24,)),
    "kling-v2-1-master": Model(modes=("pro",), rates=(24,)),
    "kling-v2-1": Model(kinds=(IMAGE,), tail_modes=("pro",), rates=(24,)),
    "kling-v2-master": Model(modes=("pro",), rates=(24,)),
    "kling-v1-6": Model(tail_modes=("pro",), guidance=True),
    "kling-v1-5": Model(kinds=(IMAGE,), tail_modes=("pro",), guidance=True, rates=(30,)),
    "kling-v1": Model(tail_modes=("std", "pro"), guidance=True, rates=(30,)),
}

USUAL_MODEL = "kling-v1"
"""The page's default when model_name is left out; it is gone, as all of V1.x."""
