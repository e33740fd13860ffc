"""Checks the pictures of a request: raw Base64 or an address, JPEG or PNG, not too large, small or narrow."""

from __future__ import annotations

import base64
import hashlib
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import unpack
from urllib.parse import urlsplit

from kling_desktop.sandbox.rules.codes import Refusal

LARGEST_BYTES = 10 * 1024 * 1024
"""The page says 10 MB; that a megabyte is 2^20 is a reading."""
SHORTEST_SIDE = 300
WIDEST = 2.5
"""Longer side over shorter side."""

_PATIENCE_SECONDS = 5.0
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was given."""

    data: bytes = field(repr=False)
    ending: str
    """"png" or "jpg"."""
    width: int
    height: int

    @property
    def name(self) -> str:
        """File name: the hash of the very bytes."""
        return f"{hashlib.sha256(self.data).hexdigest()}.{self.ending}"


def picture_of(name: str, value: str, fetched: Mapping[str, bytes]) -> Picture:
    """The picture of a field, its value already fetched when it is an address.

    Raises:
        Refusal: 1201. The texts on Base64 and on pixels were seen live; the others are invented.
    """
    data = fetched.get(value, b"") if is_address(value) else _decoded(value)
    if not data:
        raise Refusal(1201, f"{name} can't be downloaded")
    if len(data) > LARGEST_BYTES:
        raise Refusal(1201, f"{name} can't exceed 10MB")
    found = _measured(data)
    if found is None:
        raise Refusal(1201, f"{name} must be a jpg, jpeg or png file")
    ending, width, height = found
    if min(width, height) < SHORTEST_SIDE or max(width, height) > WIDEST * min(width, height):
        raise Refusal(1201, "Image pixel is invalid")
    return Picture(data, ending, width, height)


def is_address(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def fetch(url: str) -> bytes:
    """What an address of this machine holds, empty when it holds nothing; the sandbox never reaches further."""
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return b""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_PATIENCE_SECONDS) as answer:
            data: bytes = answer.read(LARGEST_BYTES + 1)
            return data
    except OSError:
        return b""


def _decoded(value: str) -> bytes:
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        raise Refusal(1201, "File is not in a valid base64 format") from None
    if not data:
        raise Refusal(1201, "File is not in a valid base64 format")
    return data


def _measured(data: bytes) -> tuple[str, int, int] | None:
    """Kind, width and height by the file's own head; None when it is neither PNG nor JPEG."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = unpack(">II", data[16:24])
        return "png", width, height
    return _jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


def _jpeg(data: bytes) -> tuple[str, int, int] | None:
    """Walks the segments up to the one that holds the size (SOF0 to SOF15 but DHT, JPG and DAC)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = unpack(">HH", data[at + 5 : at + 9])
            return "jpg", width, height
        at += 2 + int(unpack(">H", data[at + 2 : at + 4])[0])
    return None
