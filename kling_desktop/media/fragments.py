"""How long an MP4 film in fragments says that it is: one that was cut between two of them looks whole otherwise."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kling_desktop.errors import unreadable

_Span = tuple[int, int]
"""Where the contents of a box begin and end, in bytes from the file's beginning."""


def stated_seconds(file: Path) -> float:
    """The length of all fragments together, by the movie's header (mehd: ISO/IEC 14496-12, 8.8.2); 0.0 where it says
    none, as most do. Reads a few dozen bytes. Raises FileTrouble.
    """
    try:
        with file.open("rb") as data:
            return _stated(data, (0, file.stat().st_size))
    except OSError as error:
        raise unreadable(file, error) from error


def _stated(data: BinaryIO, whole: _Span) -> float:
    movie = _first(data, whole, b"moov")
    header = movie and _first(data, movie, b"mvhd")
    extended = movie and _first(data, movie, b"mvex")
    length = extended and _first(data, extended, b"mehd")
    if not header or not length:
        return 0.0
    ticks = _number(data, header, after_short=8, after_long=16, is_long=False)
    duration = _number(data, length, after_short=0, after_long=0, is_long=True)
    return duration / ticks if ticks else 0.0


def _first(data: BinaryIO, within: _Span, wanted: bytes) -> _Span | None:
    return next((span for kind, span in _boxes(data, within) if kind == wanted), None)


def _boxes(data: BinaryIO, within: _Span) -> Iterator[tuple[bytes, _Span]]:
    """Kinds and contents, up to the first that reaches beyond."""
    position, end = within
    while position + 8 <= end:
        data.seek(position)
        length, kind = struct.unpack(">I4s", data.read(8))
        head = 8
        if length == 1:
            length, head = int.from_bytes(data.read(8), "big"), 16
        elif length == 0:
            length = end - position
        if length < head or position + length > end:
            return
        yield kind, (position + head, position + length)
        position += length


def _number(data: BinaryIO, box: _Span, *, after_short: int, after_long: int, is_long: bool) -> int:
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
