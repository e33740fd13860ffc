"""Follows colour, contrast and sharpness along a chain: how far each hop has come from the base clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kling_desktop.domain.analysis import HopLook
from kling_desktop.media.analysis.colour import Floats as Colour
from kling_desktop.media.analysis.colour import difference, lab
from kling_desktop.media.analysis.meters import blocks, luma_of
from kling_desktop.media.frames import FrameRange, FrameReader, Stopped, open_frames

_LOOKS = 3
"""Places in each hop that are looked at: their median is the hop's look."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One hop by itself."""

    colour: Colour
    """Lab of its middle colour."""
    contrast: float
    """Between the dark tenth and the bright tenth of its luma, in levels."""
    sharpness: float


def drift(file: Path, seam_frames: Sequence[int], stopped: Stopped = lambda: False) -> tuple[HopLook, ...]:
    """One per hop, base first, for a clip whose new parts begin at those frames. Decodes three pictures a hop:
    key frames, where there are some near.

    Raises NotAVideo, Truncated, FileTrouble; Abandoned soon after `stopped` became true.
    """
    with open_frames(file, stopped) as reader:
        begins = [0, *(frame for frame in sorted(set(seam_frames)) if 0 < frame < reader.clock.frames)]
        ends = [*begins[1:], reader.clock.frames]
        looks = [_look(reader, begin, end) for begin, end in zip(begins, ends, strict=True)]
        seconds = [reader.clock.seconds_of(begin) for begin in begins]
    return tuple(_against(looks[0], look, hop, at) for hop, (look, at) in enumerate(zip(looks, seconds, strict=True)))


def _look(reader: FrameReader, begin: int, end: int) -> _Look:
    apart = max(1, (end - begin) // (2 * _LOOKS))
    places = sorted({begin + (end - begin) * (2 * n + 1) // (2 * _LOOKS) for n in range(_LOOKS)})
    seen = [reader.near(place, place - apart) for place in places]
    return _Look(
        np.median([lab(np.median(blocks(one.pictures), axis=(0, 1, 2))) for one in seen], axis=0),
        float(np.median([_contrast(one) for one in seen])),
        float(np.median([one.sharpness[0] for one in seen])),
    )


def _contrast(seen: FrameRange) -> float:
    dark, bright = np.percentile(luma_of(seen.pictures), (10, 90))
    return float(bright - dark)


def _against(base: _Look, look: _Look, hop: int, seconds: float) -> HopLook:
    return HopLook(
        hop=hop,
        seconds=seconds,
        colour=float(difference(base.colour, look.colour)),
        contrast=_change(base.contrast, look.contrast),
        sharpness=_change(base.sharpness, look.sharpness),
    )


def _change(before: float, after: float) -> float:
    """In percent; 0 where there was nothing to change."""
    return 100 * (after / before - 1) if before > 1e-6 else 0.0
