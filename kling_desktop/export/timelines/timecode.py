"""The timecode that a file begins at, as cameras and editors write it: editors count its frames from there."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_WRITTEN: Final = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.])(\d{2,3})")


def frames_to(timecode: str, fps: Fraction) -> int:
    """How many frames a file of this rate counts from midnight to a timecode; 0 for what is none.

    With `;` or `.` before the frames two numbers (of 60 a second four) are left out in each minute but every tenth
    (SMPTE ST 12-1); at other rates than those none are, whatever the sign.
    """
    if (found := _WRITTEN.fullmatch(timecode)) is None:
        return 0
    hours, minutes, seconds, frames = (int(found[place]) for place in (1, 2, 3, 5))
    nominal, passed = round(fps), hours * 60 + minutes
    dropped = nominal // 15 * (passed - passed // 10) if found[4] != ":" and nominal % 30 == 0 else 0
    return (passed * 60 + seconds) * nominal + frames - dropped
