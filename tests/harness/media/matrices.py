"""Films and pictures whose corners differ, and the eight ways in which a camera may ask for them to be shown."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

WAYS = {
    "as it lies": (1, 0, 0, 1),
    "left for right": (-1, 0, 0, 1),
    "on its head": (-1, 0, 0, -1),
    "top for bottom": (1, 0, 0, -1),
    "across": (0, 1, 1, 0),
    "to the right": (0, 1, -1, 0),
    "across the other way": (0, -1, -1, 0),
    "to the left": (0, -1, 1, 0),
}
"""a, b, c, d of x' = a·x + c·y, y' = b·x + d·y (ISO 14496-12, 6.2.2), in the order of Exif's orientation, from 1."""


def corners_of(image: Image) -> str:
    """The colours of an image's corners, from top left to bottom right: R, G, B, or a point where it is dark."""
    height, width = image.shape[:2]
    spots = (image[y, x] for y in (height // 12, -height // 12) for x in (width // 12, -width // 12))
    return "".join("RGB"[int(np.argmax(spot))] if int(np.max(spot)) > 120 else "." for spot in spots)


def cornered(width: int, height: int) -> Image:
    """Red, green and blue in three corners: "RGB."."""
    image = np.full((height, width, 3), 40, np.uint8)
    y, x = height // 3, width // 4
    image[:y, :x], image[:y, -x:], image[-y:, :x] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    return image


def corners_shown(way: str) -> str:
    """The corners "RGB." as they are to be seen."""
    a, b, c, d = WAYS[way]
    seen: dict[tuple[int, int], str] = {}
    for letter, (x, y) in zip("RGB.", ((-1, -1), (1, -1), (-1, 1), (1, 1)), strict=True):
        seen[b * x + d * y, a * x + c * y] = letter
    return "".join(seen[place] for place in sorted(seen))


def cornered_film(path: Path, way: str, *, pixels: str = "yuv420p") -> Path:
    """An H.264 film of a still picture whose track asks to be shown in one of `WAYS`."""
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "12"})
        video.width, video.height, video.pix_fmt = 480, 360, pixels
        for number in range(24):
            frame = av.VideoFrame.from_ndarray(cornered(480, 360), format="rgb24").reformat(format=pixels)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return ask(path, way)


def ask(path: Path, way: str) -> Path:
    """Have the first track of an MP4 ask to be shown in one of `WAYS`."""
    a, b, c, d = (65_536 * each for each in WAYS[way])
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4
    at += 52 if data[at] else 40
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path
