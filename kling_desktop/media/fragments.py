"""How long an MP4 film in fragments says that it is: one that was cut between two of them looks whole otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from kling_desktop.errors import unreadable
from kling_desktop.media.boxes import Span, inside


def stated_seconds(file: Path) -> float:
    """The length of all fragments together, by the movie's header (mehd: ISO/IEC 14496-12, 8.8.2); 0.0 where it says
    none, as most do. Reads a few dozen bytes. Raises FileTrouble.
    """
    try:
        with file.open("rb") as data:
            return _stated(data, (0, file.stat().st_size))
    except OSError as error:
        raise unreadable(file, error) from error


def _stated(data: BinaryIO, whole: Span) -> float:
    header = next(inside(data, whole, (b"moov", b"mvhd")), None)
    length = next(inside(data, whole, (b"moov", b"mvex", b"mehd")), None)
    if not header or not length:
        return 0.0
    ticks = _number(data, header, after_short=8, after_long=16, is_long=False)
    duration = _number(data, length, after_short=0, after_long=0, is_long=True)
    return duration / ticks if ticks else 0.0


def _number(data: BinaryIO, box: Span, *, after_short: int, after_long: int, is_long: bool) -> int:
    """A number in a box that comes in two versions: so many bytes behind its head in the short one and in the long
    one, in which it `is_long` itself or not. 0 where the box ends before.
    """
    begin, end = box
    data.seek(begin)
    content = data.read(min(end - begin, 64))
    is_second = content[:1] == b"\x01"
    at, size = 4 + (after_long if is_second else after_short), 8 if is_second and is_long else 4
    number = content[at : at + size]
    return int.from_bytes(number, "big") if len(number) == size else 0
