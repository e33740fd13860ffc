"""Makes pictures of frames, those of ten bits a sample too, which Qt cannot convert without a graphics card."""

from __future__ import annotations

from PySide6.QtGui import QImage, QTransform
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat

_DEEP = QVideoFrameFormat.PixelFormat.Format_YUV420P10
_FLAT = QVideoFrameFormat.PixelFormat.Format_YUV420P
"""The same planes with eight bits a sample."""
_FINEST_BITS = 2


_QUARTER_TURNS = (QtVideo.Rotation.Clockwise90, QtVideo.Rotation.Clockwise270)


def image_of(frame: QVideoFrame) -> QImage:
    """The picture, full size; null when there is no way to make it."""
    image = frame.toImage()
    if image.isNull() and frame.pixelFormat() == _DEEP:
        image = _of_eight_bits(frame).toImage()
    seen = frame.surfaceFormat()
    if seen.isMirrored() and seen.rotation() in _QUARTER_TURNS:  # Qt 6.11 takes the one quarter turn for the other
        return image.transformed(QTransform().rotate(180))
    return image


def _of_eight_bits(frame: QVideoFrame) -> QVideoFrame:
    """A copy whose samples have lost their two finest bits."""
    wanted = QVideoFrameFormat(frame.size(), _FLAT)
    seen = frame.surfaceFormat()
    wanted.setColorSpace(seen.colorSpace())
    wanted.setColorRange(seen.colorRange())
    wanted.setColorTransfer(seen.colorTransfer())
    wanted.setRotation(seen.rotation())
    wanted.setMirrored(seen.isMirrored())
    copy = QVideoFrame(wanted)
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return copy
    if copy.map(QVideoFrame.MapMode.WriteOnly):
        for plane in range(frame.planeCount()):
            _flatten(frame, copy, plane)
        copy.unmap()
    frame.unmap()
    return copy


def _flatten(deep: QVideoFrame, copy: QVideoFrame, plane: int) -> None:
    fine, target = bytes(deep.bits(plane)), copy.bits(plane)
    assert isinstance(target, memoryview)  # noqa: S101 - it is mapped for writing
    # All samples are shifted at once, as one long number; then every lower byte is one sample of eight bits.
    samples = (int.from_bytes(fine, "little") >> _FINEST_BITS).to_bytes(len(fine), "little")[::2]
    source_row, target_row = deep.bytesPerLine(plane) // 2, copy.bytesPerLine(plane)
    width = min(source_row, target_row)
    for row in range(min(len(samples) // source_row, len(target) // target_row)):
        target[row * target_row : row * target_row + width] = samples[row * source_row : row * source_row + width]
