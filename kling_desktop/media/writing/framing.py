"""Brings a film's frames to another size or shape: the middle cut out, or the whole with bars beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from kling_desktop.media.film.conform import EXACT, PIXELS, new_picture, planes_of, stamped, tagged


@dataclass(frozen=True, slots=True)
class Framing:
    """The size of what is written, and how the film is brought to it."""

    width: int
    """In pixels, even."""
    height: int
    crop: bool = True
    """Whether what does not fit is cut off, the middle stays; else all is shown, with bars."""


def framing(width: int, height: int, aspect: Fraction | None, longest: int | None, crop: bool) -> Framing:
    """The framing of a film of that size for an aspect ratio (None: its own) and a longest side in pixels (None: any).

    A crop is never enlarged; bars go around the film at its own size.
    """
    wide, high = Fraction(width), Fraction(height)
    if aspect is not None and aspect != wide / high:
        too_wide = wide / high > aspect
        if too_wide == crop:
            wide = high * aspect
        else:
            high = wide / aspect
    factor = min(Fraction(1), Fraction(longest) / max(wide, high)) if longest else Fraction(1)
    most = max(2, longest // 2 * 2) if longest else max(_even(wide), _even(high))  # of an odd bound the even one below
    return Framing(min(most, _even(wide * factor)), min(most, _even(high * factor)), crop)


class Framer:
    """Frames the pictures of one film. Not for several threads."""

    def __init__(self, wanted: Framing) -> None:
        self._wanted = wanted
        self._scaler = VideoReformatter()

    def framed(self, frame: VideoFrame) -> VideoFrame:
        """The picture so framed; the same object when it is already. Keeps `pts`. Takes film frames (`conform`)."""
        wanted = self._wanted
        if (frame.width, frame.height) == (wanted.width, wanted.height):
            return frame
        pts, base = frame.pts, frame.time_base
        made = self._cropped(frame) if wanted.crop else self._barred(frame)
        return tagged(stamped(made, pts, base))

    def _cropped(self, frame: VideoFrame) -> VideoFrame:
        shape = Fraction(self._wanted.width, self._wanted.height)
        width = min(frame.width, _even(frame.height * shape))
        height = min(frame.height, _even(frame.width / shape))
        if abs(width - frame.width) <= 2 and abs(height - frame.height) <= 2:
            return self._scaled(frame, self._wanted.width, self._wanted.height)  # only the rounding of an odd size
        left, top = (frame.width - width) // 4 * 2, (frame.height - height) // 4 * 2
        cut = new_picture(width, height)
        for number, (target, source) in enumerate(zip(planes_of(cut), planes_of(frame), strict=True)):
            x, y = (left // 2, top // 2) if number else (left, top)
            target[:] = source[y : y + target.shape[0], x : x + target.shape[1]]
        return self._scaled(cut, self._wanted.width, self._wanted.height)

    def _barred(self, frame: VideoFrame) -> VideoFrame:
        wanted = self._wanted
        factor = min(Fraction(wanted.width, frame.width), Fraction(wanted.height, frame.height))
        small = self._scaled(frame, _even(frame.width * factor), _even(frame.height * factor))
        whole = new_picture(wanted.width, wanted.height)
        left, top = (wanted.width - small.width) // 4 * 2, (wanted.height - small.height) // 4 * 2
        for number, (target, part) in enumerate(zip(planes_of(whole), planes_of(small), strict=True)):
            x, y = (left // 2, top // 2) if number else (left, top)
            target[:] = 128 if number else 16
            target[y : y + part.shape[0], x : x + part.shape[1]] = part
        return whole

    def _scaled(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        if (frame.width, frame.height) == (width, height):
            return frame
        return self._scaler.reformat(frame, width, height, PIXELS, interpolation=EXACT)


def _even(length: Fraction) -> int:
    return max(2, round(length / 2) * 2)
