"""Follows colour, contrast and sharpness along a chain: how far each hop has come from the base clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame

from kling_desktop.domain.analysis import HopLook
from kling_desktop.media.analysis.colour import Floats as Colour
from kling_desktop.media.analysis.colour import difference, lab
from kling_desktop.media.analysis.meters import blocks, luma_of
from kling_desktop.media.frames import Floats, FrameReader, Stopped, open_frames

_LOOKS = 3
"""Places in each hop that are looked at: their median is the hop's look."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One picture, or the usual one of a hop."""

    colour: Colour
    """Lab of its middle colour."""
    contrast: float
    """Between the dark tenth and the bright tenth of its luma, in levels."""
    sharpness: float


def drift(file: Path, seam_frames: Sequence[int], stopped: Stopped = lambda: False) -> tuple[HopLook, ...]:
    """One per hop, base first, for a clip whose new parts begin at those frames. Goes through the film once and looks
    at three pictures a hop: key frames, where there are some near, else such as others are made from.

    Raises NotAVideo, Truncated, FileTrouble; Abandoned soon after `stopped` became true.
    """
    with open_frames(file, stopped) as reader:
        return Looks(reader, seam_frames).against_base(seam_frames)


class Looks:
    """Looks at a few places of each hop; at frames that are decoded for another purpose, where they will do."""

    def __init__(self, reader: FrameReader, about: Sequence[int]) -> None:
        """`about` says at about which frames hops begin, from which the places are chosen."""
        self._reader = reader
        self._seen: dict[int, _Look] = {}
        self._places = [place for begin, end in _hops(about, reader.clock.frames) for place in _places(begin, end)]
        self._unseen = dict(self._places)
        self._welcome = {index for place, apart in self._places for index in range(place, place + apart // 2 + 1)}

    def offer(self, index: int, frame: VideoFrame) -> None:
        """Look at this frame, if it lies at a place that was not looked at yet."""
        if index not in self._welcome:  # most are not, and this is asked of every frame of the film
            return
        near = [place for place, apart in self._unseen.items() if place <= index <= place + apart // 2]
        if near:
            self._seen[index] = _look(*self._reader.look_at(frame))
            for place in near:
                del self._unseen[place]

    def against_base(self, seam_frames: Sequence[int]) -> tuple[HopLook, ...]:
        """One per hop, base first, when new parts begin at those frames: looks at all places that are left, too."""
        hops = _hops(seam_frames, self._reader.clock.frames)
        for place, apart in sorted(self._unseen.items()):
            self._look_near(place, apart)
        for begin, end in hops:
            if not self._between(begin, end):
                self._look_near((begin + end) // 2, 0)
        looks = [_usual(self._between(begin, end) or list(self._seen.values())) for begin, end in hops]
        at = self._reader.clock.seconds_of
        return tuple(_against(looks[0], look, hop, at(hops[hop][0])) for hop, look in enumerate(looks))

    def _look_near(self, place: int, apart: int) -> None:
        self._unseen.pop(place, None)
        if (found := self._reader.first_from(place, place - apart)) is not None:
            self._seen[found[0]] = _look(*self._reader.look_at(found[1]))

    def _between(self, begin: int, end: int) -> list[_Look]:
        return [look for index, look in self._seen.items() if begin <= index < end]


def _hops(begins: Sequence[int], frames: int) -> list[tuple[int, int]]:
    """First frame, and the one after the last, of each hop."""
    return list(pairwise([0, *(frame for frame in sorted(set(begins)) if 0 < frame < frames), frames]))


def _places(begin: int, end: int) -> list[tuple[int, int]]:
    """In a hop, each with how many frames off it may be looked at."""
    apart = max(1, (end - begin) // (2 * _LOOKS))
    return [
        (place, apart) for place in sorted({begin + (2 * n + 1) * (end - begin) // (2 * _LOOKS) for n in range(_LOOKS)})
    ]


def _look(picture: Floats, sharpness: float) -> _Look:
    dark, bright = np.percentile(luma_of(picture), (10, 90))
    return _Look(lab(np.median(blocks(picture[None]), axis=(0, 1, 2))), float(bright - dark), sharpness)


def _usual(looks: Sequence[_Look]) -> _Look:
    return _Look(
        np.median([look.colour for look in looks], axis=0),
        float(np.median([look.contrast for look in looks])),
        float(np.median([look.sharpness for look in looks])),
    )


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
