"""The price table, in units: per extension for the old models, per second of new video for the living ones."""

from __future__ import annotations

from fractions import Fraction

_EXTENSION = {"kling-v1": (1.0, 3.5), "kling-v1-5": (2.0, 3.5), "kling-v1-6": (2.0, 3.5)}

_SILENT = {
    # Units per second (page of prices, stored 2026-09-20).
    ("kling-v2-5-turbo", "std"): "0.3",
    ("kling-v2-5-turbo", "pro"): "0.5",
    ("kling-v2-6", "std"): "0.3",
    ("kling-v2-6", "pro"): "0.5",
    ("kling-v3", "std"): "0.6",
    ("kling-v3", "pro"): "0.8",
    ("kling-v3", "4k"): "3.0",
}
_WITH_SOUND = {
    ("kling-v2-6", "pro"): "1.0",
    ("kling-v3", "std"): "0.9",
    ("kling-v3", "pro"): "1.2",
    ("kling-v3", "4k"): "3.0",
}
_WITH_VOICES = {("kling-v2-6", "pro"): "1.2"}


def extension_units(model: str, mode: str) -> float:
    """Price of one extension, whatever the length of its source."""
    return _EXTENSION.get(model, (2.0, 3.5))[mode == "pro"]


def generation_units(model: str, mode: str, seconds: int, *, sound: bool = False, voices: bool = False) -> float:
    """Price of a new clip of so many seconds."""
    table = _WITH_SOUND if sound else _SILENT
    per_second = (_WITH_VOICES if sound and voices else table).get((model, mode)) or table.get((model, mode))
    if per_second is None:
        return extension_units(model, mode) * (2 if seconds == 10 else 1)
    return float(Fraction(per_second) * seconds)
