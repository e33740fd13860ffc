"""Sizes, rates and lengths of clips, by model, mode and the size of this sandbox."""

from __future__ import annotations

from kling_desktop.sandbox.records import IMAGE

SIZES = ("small", "medium", "full")
"""Of new videos. Small is quickest; of medium the frames are large enough to be given as pictures; full is real."""

_SHORT_SIDES = {
    "full": {"std": 720, "pro": 1080, "4k": 2160},
    "medium": {"std": 324, "pro": 432, "4k": 864},
    "small": {"std": 180, "pro": 270, "4k": 540},
}


def short_side(size: str, model: str, mode: str) -> int:
    """Pixels: 720p std, 1080p pro (V1.0 knows only 720p), 2160p 4k, or less in a smaller sandbox."""
    return _SHORT_SIDES[size]["std" if model == "kling-v1" else mode]


def frame_size(size: str, model: str, mode: str, aspect: str) -> tuple[int, int]:
    """Width and height of a clip from words."""
    short = short_side(size, model, mode)
    long = short * 16 // 9
    return {"16:9": (long, short), "9:16": (short, long), "1:1": (short, short)}[aspect]


def frame_size_like(short: int, width: int, height: int) -> tuple[int, int]:
    """Width and height of a clip that follows a picture's ratio, both even; Kling's way with odd ones is unknown."""
    long = round(short * max(width, height) / min(width, height) / 2) * 2
    return (long, short) if width >= height else (short, long)


def frame_rate(kind: str, model: str) -> int:
    """Of the old models: 30 for V1.0, V1.5 and V1.6 image-to-video; 24 for V1.6 text-to-video and V2."""
    return 30 if model in ("kling-v1", "kling-v1-5") or (kind == IMAGE and model == "kling-v1-6") else 24


def base_frames(seconds: int, fps: int) -> int:
    """Frames of a base clip: real ones last 5.1 s at 30 fps and 5.042 s at 24 fps."""
    return seconds * fps + (3 if fps == 30 else 1)
