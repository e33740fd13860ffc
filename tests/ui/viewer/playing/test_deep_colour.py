"""Films of ten bits a sample are seen without a graphics card, in the right colours."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.playing.deep_colour import image_of

Pixels = QVideoFrameFormat.PixelFormat


def plain(size: tuple[int, int], luma: int, blue: int, red: int) -> QVideoFrame:
    """A frame of one colour; samples of ten bits."""
    form = QVideoFrameFormat(QSize(*size), Pixels.Format_YUV420P10)
    form.setColorSpace(QVideoFrameFormat.ColorSpace.ColorSpace_BT709)
    frame = QVideoFrame(form)
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    for plane, sample in enumerate((luma, blue, red)):
        bits = frame.bits(plane)
        assert isinstance(bits, memoryview)
        bits[:] = sample.to_bytes(2, "little") * (len(bits) // 2)
    frame.unmap()
    return frame


@pytest.mark.parametrize(
    ("samples", "colour"),
    [((64, 512, 512), (0, 0, 0)), ((940, 512, 512), (255, 255, 255)), ((250, 409, 960), (234, 0, 2))],
    ids=["black", "white", "red"],
)
@pytest.mark.parametrize("size", [(160, 90), (90, 160), (322, 182)])
def test_a_frame_of_ten_bits_has_its_colours(
    qtbot: QtBot, size: tuple[int, int], samples: tuple[int, int, int], colour: tuple[int, int, int]
) -> None:
    image = image_of(plain(size, *samples))
    assert (image.width(), image.height()) == size
    # Red is what Qt makes of the same film with eight bits a sample.
    seen = image.pixelColor(size[0] // 2, size[1] // 2)
    parts = (seen.red(), seen.green(), seen.blue())
    assert all(abs(own - wanted) <= 4 for own, wanted in zip(parts, colour, strict=True)), seen.name()


def test_an_empty_frame_gives_no_picture(qtbot: QtBot) -> None:
    assert image_of(QVideoFrame()).isNull()
