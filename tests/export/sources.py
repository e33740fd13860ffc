"""Files to export that the plain films of the tests are not: HDR, grain."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray


def make_hdr(file: Path, transfer: int = 16) -> Path:
    """Twelve pictures at 24 a second that say they are HDR: 16 is PQ, 18 HLG (ITU-T H.273)."""
    with av.open(str(file), "w") as container:
        track = container.add_stream("libx264", rate=24)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 320, 192, "yuv420p10le"
        track.codec_context.color_trc, track.codec_context.color_primaries = transfer, 9  # BT.2020
        for number in range(12):
            picture = av.VideoFrame(320, 192, "yuv420p10le")
            for plane in picture.planes:  # else what was there in memory, beyond ten bits, which no coder has to bear
                np.frombuffer(memoryview(plane), np.uint16)[:] = 512
            picture.pts, picture.time_base, picture.color_trc = number, Fraction(1, 24), transfer
            container.mux(track.encode(picture))
        container.mux(track.encode())
    return file


def make_grain(file: Path, pictures: NDArray[np.uint8]) -> Path:
    """A film of these pictures, in grey."""
    count, height, width = pictures.shape
    with av.open(str(file), "w") as container:
        track = container.add_stream("libx264", rate=24, options={"crf": "5", "preset": "ultrafast"})
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        for number in range(count):
            picture = av.VideoFrame.from_ndarray(pictures[number], format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    return file
