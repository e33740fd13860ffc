"""Brings a picture that somebody gives into the form in which a clip can begin, or end, with it."""

from __future__ import annotations

import struct
from typing import Final

from kling_desktop.media.decoded.turning import AS_IT_LIES, Turn
from kling_desktop.media.film.pictures import decoded, jpeg_of_full_colour, png_of, rgb_of_jpeg
from kling_desktop.media.stills import turned

_ORIENTATION: Final = 0x112
_PICTURE: Final = (0xDA, 0xD9)
"""Markers of a JPEG (ITU-T T.81, B.1.1.3) from which on no notes come."""
_TURNS: Final = {
    2: Turn(180, is_mirrored=True),
    3: Turn(180),
    4: Turn(0, is_mirrored=True),
    5: Turn(270, is_mirrored=True),
    6: Turn(270),
    7: Turn(90, is_mirrored=True),
    8: Turn(90),
}
"""Exif's orientation (Exif 2.3, 4.6.4 A) -> what is to be done with the picture."""


def upright(content: bytes) -> bytes:
    """A PNG or JPEG as it is shown: the bytes themselves, unless a camera notes in them how to turn the picture.

    Kling's pages do not say whether that note is heeded, so what is sent needs none. Raises PictureUnfit and its
    family for what cannot be read to its end.
    """
    picture = decoded(content)
    turn = noted_turn(content)
    if not turn.steps:
        return content
    still = picture if picture.format.is_rgb else rgb_of_jpeg(picture)
    straight = turned(still.reformat(format="rgb24"), turn)
    return png_of(straight) if content.startswith(b"\x89PNG") else jpeg_of_full_colour(straight)


def noted_turn(content: bytes) -> Turn:
    """What a camera notes in a JPEG or PNG. PyAV cannot hand on the note of a picture that has Exif, and its number of
    degrees takes a mirrored one for one that stands on its head.
    """
    try:
        return _TURNS.get(_orientation(_exif(content)), AS_IT_LIES)
    except (struct.error, IndexError):
        return AS_IT_LIES


def _exif(content: bytes) -> bytes:
    """The note (TIFF 6.0, 2) out of its PNG chunk (PNG 3, 11.3.4.1) or JPEG segment (Exif 2.3, 4.5.4); or nothing."""
    return _of_png(content) if content.startswith(b"\x89PNG") else _of_jpeg(content)


def _of_png(content: bytes) -> bytes:
    at = 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"eXIf":
            return content[at + 8 : at + 8 + length]
        at += 12 + length
    return b""


def _of_jpeg(content: bytes) -> bytes:
    at = 2
    while content[at] == 0xFF and content[at + 1] not in _PICTURE:
        kind, length = struct.unpack_from(">BH", content, at + 1)
        if kind == 0xE1 and content[at + 4 : at + 10] == b"Exif\0\0":
            return content[at + 10 : at + 2 + length]
        at += 2 + length
    return b""


def _orientation(note: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(note[:2])
    if order is None:
        return 1
    (at,) = struct.unpack_from(f"{order}I", note, 4)
    (entries,) = struct.unpack_from(f"{order}H", note, at)
    for number in range(entries):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", note, at + 2 + 12 * number)
        if tag == _ORIENTATION and kind == 3:
            return int(value)
    return 1
