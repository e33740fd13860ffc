"""H.264 in MP4: near lossless for going on working, for anywhere, and small."""

from __future__ import annotations

from kling_desktop.export.formats.coded import CodedFormat
from kling_desktop.media.writing.film_file import Coding


def _coding(preset: str, crf: int, bits: int, *more: tuple[str, str]) -> Coding:
    return Coding("mp4", "libx264", "yuv420p", (("preset", preset), ("crf", str(crf)), *more), "aac", bits)


NEAR_LOSSLESS = CodedFormat(
    "h264-near-lossless", "H.264, near lossless", ".mp4", _coding("veryfast", 10, 256_000), 0.5, 3
)
ANYWHERE = CodedFormat(
    "h264-anywhere", "H.264, plays anywhere", ".mp4", _coding("medium", 18, 192_000, ("profile", "high")), 0.2, 6
)
SMALL = CodedFormat("h264-small", "H.264, small", ".mp4", _coding("medium", 27, 96_000), 0.08, 10, most=1280)
