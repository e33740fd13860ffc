"""Makes real pictures, as cameras, phones and drawing programs write them."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Literal

import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(400)
"""The head of a picture as phones make them, and nothing behind it."""


def png(width: int, height: int, *, noise: int = 0) -> bytes:
    """Red above, blue below; with noise it becomes large."""
    return _encoded("png", _image(width, height, noise), "rgb24")


def jpeg(width: int, height: int) -> bytes:
    """The same as a JPEG."""
    return _encoded("mjpeg", _image(width, height, 0), "yuvj444p")


def turned(content: bytes, orientation: int) -> bytes:
    """A JPEG with the note of a camera how it is to be turned (Exif 2.3, 4.6.4 A: 6 is a phone held upright)."""
    entry = struct.pack(">HHIHH", 0x112, 3, 1, orientation, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + content[2:]


def _image(width: int, height: int, noise: int) -> VideoFrame:
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, :, 0] = 200
    image[height // 2 :, :, 2] = 200
    if noise:
        image += np.random.default_rng(1).integers(0, noise, image.shape, np.uint8)
    return VideoFrame.from_ndarray(image, format="rgb24")


def _encoded(codec: Literal["png", "mjpeg"], frame: VideoFrame, pixels: str) -> bytes:
    encoder = VideoCodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, pixels
    encoder.time_base = Fraction(1, 25)
    if codec == "mjpeg":
        encoder.color_range = ColorRange.JPEG
    shown = frame.reformat(format=pixels)
    shown.pts, shown.pict_type = 0, PictureType.I
    return b"".join(bytes(packet) for packet in (*encoder.encode(shown), *encoder.encode(None)))
