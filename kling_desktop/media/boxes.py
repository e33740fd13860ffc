"""The boxes of MP4 and MOV files, for what FFmpeg does not tell (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

Span = tuple[int, int]
"""Where the contents of a box begin and end, in bytes from the file's beginning."""


def inside(data: BinaryIO, within: Span, way: Sequence[bytes]) -> Iterator[Span]:
    """The contents of each box that is reached by this way from box to box, as far as they are there."""
    if not way:
        yield within
        return
    start, end = within
    while start + 8 <= end:
        data.seek(start)
        length, kind = struct.unpack(">I4s", data.read(8))
        head = 8
        if length == 1:
            length, head = int.from_bytes(data.read(8), "big"), 16
        elif length == 0:
            length = end - start
        if length < head:
            return
        if kind == way[0]:
            yield from inside(data, (start + head, min(start + length, end)), way[1:])
        start += length
