"""The boxes of MP4 and MOV files, for what FFmpeg does not tell (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

Span = tuple[int, int]
"""Where the contents of a box begin and end, in bytes from the file's beginning."""


class Box(NamedTuple):
    """What the head of a box says."""

    kind: bytes
    head: int
    """Bytes before its contents."""
    length: int
    """In bytes, its head among them; less than that where no box begins."""


def box_at(data: BinaryIO, start: int, end: int) -> Box:
    """The box that begins there, in a file or a box that ends at `end`; it may state more than there is."""
    data.seek(start)
    head = data.read(min(16, end - start))
    if len(head) < 8:
        return Box(b"", 8, 0)
    length, kind = struct.unpack(">I4s", head[:8])
    if length == 1:
        return Box(kind, 16, int.from_bytes(head[8:], "big"))
    return Box(kind, 8, length or end - start)


def inside(data: BinaryIO, within: Span, way: Sequence[bytes]) -> Iterator[Span]:
    """The contents of each box that is reached by this way from box to box, as far as they are there."""
    if not way:
        yield within
        return
    start, end = within
    while start < end:
        box = box_at(data, start, end)
        if box.length < box.head:
            return
        if box.kind == way[0]:
            yield from inside(data, (start + box.head, min(start + box.length, end)), way[1:])
        start += box.length
