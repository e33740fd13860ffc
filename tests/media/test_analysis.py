"""One small film for every fault and every odd file: the word is the right one, and no verdict is red without proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kling_desktop.domain.analysis import Measure, Seam, Verdict
from kling_desktop.media.analysis.known_seams import KnownSeam, known_seams
from tests.harness.continuations import Image
from tests.harness.shots import FRAMES, JOIN, Fault, Images, filmed, grainy, grown, mixed, parted, ramped, shot

STEADY = shot([float(number) for number in range(FRAMES + 12)])


def tinted(picture: Image, part: float = 1.0) -> Image:
    return (picture * (1 + part * np.array([0.09, 0.0, -0.09], np.float32))).astype(np.float32)


def at_speed(speed: float) -> Fault:
    """The new part as fast as that; it begins one step of its own after the parent's end."""
    new = shot([*range(JOIN), *(JOIN - 1 + speed * step for step in range(1, FRAMES - JOIN + 1))])[JOIN:]
    return lambda old, rest: (old, new)


def each(change: Callable[[Image], Image]) -> Fault:
    return lambda old, new: (old, [change(picture) for picture in new])


FAULTS: dict[str, tuple[Measure, Fault]] = {
    "colour": (Measure.COLOUR, each(tinted)),
    "colour that turns": (
        Measure.COLOUR,
        lambda old, new: (old, ramped(new, lambda picture, part: tinted(picture, 3 * part))),
    ),
    "brighter": (Measure.BRIGHTNESS, each(lambda picture: picture * np.float32(1.04))),
    "darker": (Measure.BRIGHTNESS, each(lambda picture: picture * np.float32(0.96))),
    "blur": (Measure.SHARPNESS, each(partial(mixed, times=1))),
    "blur that grows": (
        Measure.SHARPNESS,
        lambda old, new: (old, ramped(new, lambda picture, part: picture * (1 - part) + mixed(picture, 4) * part)),
    ),
    "grain lost": (Measure.SHARPNESS, lambda old, new: (grainy(old), new)),
    "grain gained": (Measure.SHARPNESS, lambda old, new: (old, grainy(new))),
    "two frozen": (Measure.FREEZE, lambda old, new: (old, [old[-1]] * 2 + new)),
    "six frozen": (Measure.FREEZE, lambda old, new: (old, [old[-1]] * 6 + new)),
    "two skipped": (Measure.MOTION, lambda old, new: (old, new[2:])),
    "two lost": (Measure.MOTION, lambda old, new: (old[:-2], new)),
    "replay": (Measure.MOTION, lambda old, new: (old, old[-2:] + new)),
    "reverse": (Measure.MOTION, lambda old, new: (old, old[-2::-1])),
    "shift": (Measure.MOTION, each(lambda picture: np.roll(picture, (3, 2), (0, 1)))),
    "zoom": (Measure.MOTION, each(partial(grown, factor=1.02))),
    "half as fast": (Measure.MOTION, at_speed(0.5)),
    "twice as fast": (Measure.MOTION, at_speed(2.0)),
}


def measured_at_join(path: Path, old: Images, new: Images) -> Seam:
    (seam,) = known_seams(filmed(path, [*old, *new]), [KnownSeam(1, len(old))])
    return seam


def worst(seam: Seam) -> Measure | None:
    rough = [meter for meter in seam.meters if meter.verdict is not Verdict.CLEAN]
    return max(rough, key=lambda meter: meter.bar).measure if rough else None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_word(fault: str, tmp_path: Path) -> None:
    measure, plant = FAULTS[fault]
    seam = measured_at_join(tmp_path / "film.mp4", *plant(*parted(STEADY[:FRAMES])))
    assert worst(seam) is measure, {meter.measure: meter.value for meter in seam.meters}
