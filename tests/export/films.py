"""Films of small real clips for the tests of export."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.takes import ColourMap
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from tests.harness.media.films import make_film

WIDE = 288
"""Tall enough that every coding takes it with the width of these films."""


def whole(folder: Path, frames: int = 30, sound: bool = True) -> ExportFilm:
    """A film of one whole clip with a seam in its middle."""
    clip = make_film(folder / "clip.mp4", frames=frames, sound=sound)
    seam = ExportSeam(Fraction(frames // 2, 24), "clean", "colour 0.4", "and then rain")
    part = ExportPart(clip, clip_id="7001", prompt="a fox", task_ids=("t1", "t2"), seams=(seam,))
    return ExportFilm("Fox", (part,))


def joined(folder: Path) -> ExportFilm:
    """A film of two parts: the first cut short, the second with a colour map; the second has another take."""
    one = make_film(folder / "one.mp4", frames=24, sound=True)
    two = make_film(folder / "two.mp4", frames=20)
    other = make_film(folder / "other.mp4", frames=22)
    parts = (
        ExportPart(one, end=Fraction(16, 24), clip_id="7001", prompt="a fox", task_ids=("t1",)),
        ExportPart(
            two,
            start=Fraction(1, 24),
            colour=ColourMap(luma=(0.98, 0.0, 0.01)),
            clip_id="7002",
            prompt="it runs\nfast & far",
            task_ids=("t2",),
            seams=(ExportSeam(Fraction(1, 24), "slight", "colour 2.1", "it runs\nfast & far", "Seam 1: 颜色"),),
            alternates=(ExportPart(other, start=Fraction(1, 24), clip_id="7003", prompt="it sits"),),
        ),
    )
    return ExportFilm("Fox runs", parts)


def make_heavy(file: Path, weight: int) -> None:
    """Let a film weigh so many bytes more, in a box that nobody reads (ISO/IEC 14496-12, 8.1.2)."""
    with file.open("ab") as data:
        data.write(weight.to_bytes(4, "big") + b"free" + os.urandom(weight - 8))
