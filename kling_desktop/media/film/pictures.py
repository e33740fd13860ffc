"""Reads and writes single pictures, PNG and JPEG, without a shift of colours on the way."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter

from kling_desktop.domain.models import PICTURE_LIMIT_BYTES
from kling_desktop.errors import PictureBroken, PictureForeign, PictureTooLarge, unreadable
from kling_desktop.media.film.conform import EXACT, PIXELS, tagged
from kling_desktop.media.source import is_pipe

_Codec = Literal["png", "mjpeg"]
_CODECS: Final[dict[bytes, _Codec]] = {b"\x89PNG": "png", b"\xff\xd8\xff": "mjpeg"}

_LUMA_97: Final = (
    "1,1,1,1,1,2,3,4,1,1,1,1,2,3,4,3,1,1,1,1,2,3,4,3,1,1,1,2,3,5,5,4,"
    "1,1,2,3,4,7,6,5,1,2,3,4,5,6,7,6,3,4,5,5,6,7,7,6,4,6,6,6,7,6,6,6"
)
"""The standard's luma steps (ITU-T T.81, K.1) for quality 97, row by row; used for chroma too, which is finer."""


_JFIF: Final = (
    ((0.299, 0.587, 0.114), 0),
    ((-0.168736, -0.331264, 0.5), 128),
    ((0.5, -0.418688, -0.081312), 128),
)
"""Y, Cb and Cr of R, G and B, and their offsets (ITU-T T.871, 7)."""


def read_picture(file: Path) -> VideoFrame:
    """The picture in a PNG or JPEG. Raises FileTrouble, PictureForeign, PictureTooLarge, PictureBroken."""
    return decoded(content_of(file))


def content_of(file: Path) -> bytes:
    """What the file holds, as far as one byte more than Kling takes. Raises FileTrouble, PictureForeign."""
    if is_pipe(file):
        raise PictureForeign("no file but a pipe or a device")
    try:
        with file.open("rb") as data:
            return data.read(PICTURE_LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise unreadable(file, error) from error


def decoded(content: bytes) -> VideoFrame:
    """The same of what a file holds."""
    codec = next((name for magic, name in _CODECS.items() if content.startswith(magic)), None)
    if codec is None:
        raise PictureForeign("no PNG or JPEG")
    if len(content) > PICTURE_LIMIT_BYTES:
        raise PictureTooLarge("over 10 MB")
    decoder = VideoCodecContext.create(codec, "r")
    try:
        frames = [*decoder.decode(Packet(content)), *decoder.decode(None)]
    except (FFmpegError, MemoryError) as error:
        raise PictureBroken("it cannot be read") from error
    if not frames or frames[0].is_corrupt:
        raise PictureBroken("it cannot be read")
    return frames[0]


def film_picture(picture: VideoFrame, width: int, height: int) -> VideoFrame:
    """A still (RGB, or a JPEG's own colours) as a picture of the film: that size, BT.709 of video range."""
    still = picture if picture.format.is_rgb else rgb_of_jpeg(picture)
    return tagged(
        VideoReformatter().reformat(
            still,
            width,
            height,
            PIXELS,
            dst_colorspace=Colorspace.ITU709,
            interpolation=EXACT,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
    )


def rgb_of_jpeg(picture: VideoFrame) -> VideoFrame:
    """A JPEG's picture in RGB."""
    return picture.reformat(
        format="rgb24", src_colorspace=Colorspace.ITU601, interpolation=EXACT, src_color_range=ColorRange.JPEG
    )


def rgb_of(frame: VideoFrame) -> VideoFrame:
    """A picture of the film (`conform`) in RGB: shifted by no more than 0.1 levels (measured in tests)."""
    return VideoReformatter().reformat(
        frame,
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        interpolation=EXACT,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )


def png_of(rgb: VideoFrame) -> bytes:
    # Untagged, so that no gAMA or cHRM is written: a program that honours those would shift the colours.
    rgb.color_trc, rgb.color_primaries = ColorTrc.UNSPECIFIED, ColorPrimaries.UNSPECIFIED
    return _encoded("png", rgb, {})


def jpeg_of_full_colour(rgb: VideoFrame) -> bytes:
    """A JPEG of about quality 97 that keeps every pixel's own colour (4:4:4)."""
    whole = VideoFrame(rgb.width, rgb.height, "yuvj444p")
    pixels = rgb.to_ndarray().astype(np.float32)
    # Not by FFmpeg's scaler: it rounds chroma of full range down, which shifts every picture by half a level.
    for plane, (weights, offset) in zip(whole.planes, _JFIF, strict=True):
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        rows[:, : plane.width] = np.clip(np.rint(pixels @ np.array(weights, np.float32) + offset), 0, 255)
    steps = ",".join(str(8 * int(step)) for step in _LUMA_97.split(","))  # FFmpeg takes eighths
    return _encoded("mjpeg", whole, {"intra_matrix": steps, "chroma_intra_matrix": steps})


def _encoded(codec: _Codec, frame: VideoFrame, options: dict[str, str]) -> bytes:
    encoder = VideoCodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
    encoder.time_base = Fraction(1, 25)  # the encoder insists on one
    encoder.options = options
    if codec == "mjpeg":
        encoder.color_range = ColorRange.JPEG
        encoder.qmin = encoder.qmax = 1
    frame.pts, frame.pict_type = 0, PictureType.I
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
