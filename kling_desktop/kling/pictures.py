"""Turns a picture on the disk into the Base64 text that Kling takes, after every check that Kling would make."""

from __future__ import annotations

import base64
import struct
from pathlib import Path
from typing import Final

from kling_desktop.domain.models import PICTURE_LIMIT_BYTES, PICTURE_RATIO, PICTURE_SIDE_PIXELS
from kling_desktop.errors import (
    PictureBroken,
    PictureForeign,
    PictureMissing,
    PictureTooLarge,
    PictureTooLong,
    PictureTooSmall,
)

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"

_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG segments that hold the size: SOF0 to SOF15, but not DHT, JPG and DAC (ITU-T T.81, B.1.1.3)."""


def base64_of(file: Path) -> str:
    """The file as it is, as raw Base64 without a `data:` prefix (image2video page). Blocks: for a thread.

    Raises PictureUnfit and its family when it is no PNG or JPEG, over 10 MB, under 300 pixels or longer than 2.5:1, or
    cannot be read: whoever sends must know that nothing has left.
    """
    try:
        with file.open("rb") as data:
            content = data.read(PICTURE_LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise PictureMissing(f"{file}: {getattr(error, 'strerror', error)}") from error
    check(content)
    return base64.b64encode(content).decode("ascii")


def check(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that Kling takes. Raises PictureUnfit and its family."""
    if len(content) > PICTURE_LIMIT_BYTES:
        raise PictureTooLarge("over 10 MB")
    width, height = _size_of(content)
    if min(width, height) < PICTURE_SIDE_PIXELS:
        raise PictureTooSmall(f"{width}x{height} is under {PICTURE_SIDE_PIXELS} pixels")
    if max(width, height) > PICTURE_RATIO * min(width, height):
        raise PictureTooLong(f"{width}x{height} is longer than {PICTURE_RATIO}:1")
    return width, height


def _size_of(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, by the file's head. Raises PictureUnfit."""
    try:
        if content.startswith(_PNG) and content[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", content, 16)
            return width, height
        if content.startswith(_JPEG):
            return _size_of_jpeg(content)
    except struct.error:
        raise PictureBroken("its head is cut off") from None
    raise PictureForeign("neither PNG nor JPEG")


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    place = 2
    while content[place : place + 1] == b"\xff":
        marker = content[place + 1 : place + 2]
        if marker == b"\xff":  # a filling byte
            place += 1
        elif marker and marker[0] in _SIZES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return width, height
        else:
            place += 2 + max(2, *struct.unpack_from(">H", content, place + 2))
    raise PictureBroken("no size in it")
