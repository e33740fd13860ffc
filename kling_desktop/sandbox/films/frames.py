"""Makes the finished frames of a film: a small painting enlarged by swscale, with timecode and watermark on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from kling_desktop.sandbox.films.glyphs import drawn
from kling_desktop.sandbox.films.scenes import Scene
from kling_desktop.sandbox.films.timeline import Shot
from kling_desktop.sandbox.records import Film

Luma = NDArray[np.uint8]


class Frames:
    """The frames of one film. Not for several threads: the scalers keep state."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._scene = Scene(film)
        self._enlarge = VideoReformatter()
        self._shrink = VideoReformatter()
        self._unit = unit_of(film.width, film.height)
        self._colours = Colorspace.ITU709 if film.wide_colours else Colorspace.ITU601

    def of(self, plan: Iterable[Shot]) -> Iterator[VideoFrame]:
        """One frame per shot; the same shot again is the same frame again (a freeze)."""
        previous: tuple[Shot, VideoFrame] | None = None
        for shot in plan:
            if previous is None or previous[0] is not shot:
                previous = shot, self._picture(shot)
            yield previous[1]

    def _picture(self, shot: Shot) -> VideoFrame:
        painting = self._scene.painted(shot.seconds(self._film), shot.at, shot.gain)
        picture = self._enlarged(VideoFrame.from_ndarray(painting, format="rgb24"))
        self._mark(picture, shot)
        return self._softened(picture, shot.softness) if shot.softness > 1 else picture

    def _enlarged(self, picture: VideoFrame) -> VideoFrame:
        # Frame.reformat() would set up a new scaler for each frame: as long as painting a small one.
        return self._enlarge.reformat(
            picture,
            self._film.width,
            self._film.height,
            "yuv420p",
            dst_colorspace=self._colours,
            interpolation=Interpolation.BILINEAR,
        )

    def _softened(self, picture: VideoFrame, factor: float) -> VideoFrame:
        width, height = (max(16, int(side / factor) // 2 * 2) for side in (self._film.width, self._film.height))
        small = self._shrink.reformat(picture, width, height, interpolation=Interpolation.AREA)
        return self._shrink.reformat(small, self._film.width, self._film.height, interpolation=Interpolation.BICUBIC)

    def _mark(self, picture: VideoFrame, shot: Shot) -> None:
        luma, unit = _luma(picture), self._unit
        if not self._film.looped:  # its packets are repeated, so a clock in the picture would lie
            _stamp(luma, timecode(shot.at, self._film.fps), unit, 6 * unit, bright=235)
        if self._film.marked:
            stamp_watermark(picture)


def unit_of(width: int, height: int) -> int:
    """Pixels of one dot of the font."""
    return max(1, min(width, height) // 180)


def stamp_watermark(picture: VideoFrame) -> None:
    """What the watermarked copy wears."""
    unit = unit_of(picture.width, picture.height)
    _stamp(_luma(picture), "KLING SANDBOX", 2 * unit, picture.height // 2, bright=200)


def timecode(at: float, fps: int) -> str:
    """minutes:seconds:frames of the scene, so that a lost frame, a jump and a freeze can be read off."""
    second, frame = divmod(round(at), fps)
    return f"{second // 60:02}:{second % 60:02}:{frame:02}"


def _luma(picture: VideoFrame) -> Luma:
    plane = picture.planes[0]
    rows: Luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _stamp(luma: Luma, text: str, unit: int, above_bottom: int, *, bright: int) -> None:
    """Draws a text at the right edge on a darkened plate, straight into the luma plane."""
    mask = np.concatenate([_letter(letter, unit) for letter in text], axis=1)
    height, width = mask.shape
    bottom, right = luma.shape[0] - above_bottom, luma.shape[1] - 6 * unit
    edge = 2 * unit
    plate = luma[bottom - height - edge : bottom + edge, right - width - edge : right + edge]
    plate[:] = 16 + (plate - 16) // 2
    plate[edge:-edge, edge:-edge][mask] = bright


@cache
def _letter(letter: str, unit: int) -> NDArray[np.bool_]:
    return drawn(letter, unit)
