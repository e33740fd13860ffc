"""How a file wants its pictures turned, and mirrored, before they are shown: by the display matrix of its track."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

_MATRIX: Final = struct.Struct("=9i")
"""Of a track (ISO 14496-12, 8.3.2) as FFmpeg hands it on (libavutil/display.h)."""

_TINY: Final = 16

_STEPS: Final = {
    (0, True): (("vflip", ""),),
    (90, False): (("transpose", "cclock"),),
    (90, True): (("transpose", "clock_flip"),),
    (180, False): (("hflip", ""), ("vflip", "")),
    (180, True): (("hflip", ""),),
    (270, False): (("transpose", "clock"),),
    (270, True): (("transpose", "cclock_flip"),),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be done with a picture before it is shown."""

    degrees: int = 0
    """Counter-clockwise, 0 to 359. What is no multiple of 90 is left as it lies."""
    is_mirrored: bool = False
    """Whether top and bottom change places before it is turned."""

    @property
    def is_lying(self) -> bool:
        """Whether width and height change places."""
        return self.degrees % 180 != 0

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Filters of FFmpeg with their arguments, one after the other; none where nothing is to be done."""
        return _STEPS.get((self.degrees, self.is_mirrored), ())


AS_IT_LIES: Final = Turn()


def turn_of(frame: VideoFrame) -> Turn:
    """As its file asks. FFmpeg's number of degrees alone takes a mirrored picture for one that stands on its head."""
    # PyAV ties a frame to what lies beside it in a circle, which only a look for garbage would free: a whole film of
    # pictures would be held. That of a tiny copy costs nothing.
    copy = frame.reformat(width=_TINY, height=_TINY, interpolation=Interpolation.POINT)
    try:
        found = copy.side_data.get("DISPLAYMATRIX")
    except ValueError:  # beside it lies something that is younger than PyAV
        return Turn(frame.rotation % 360)
    if not isinstance(found, SideData):
        return AS_IT_LIES
    a, b, _, c, d, *_ = _MATRIX.unpack(bytes(found)[: _MATRIX.size])
    return Turn(frame.rotation % 360, a * d - b * c < 0)
