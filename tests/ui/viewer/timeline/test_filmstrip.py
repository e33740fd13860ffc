"""Thumbnails are read off the window's thread, and each stands for its part of the film."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.timeline.filmstrip import Filmstrip

COLOURS = ("#ff0000", "#00ff00", "#0000ff", "#ffff00")


def sheet(path: Path) -> Path:
    """Four thumbnails of 32x18, each of its own colour."""
    image = QImage(128, 18, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for number, colour in enumerate(COLOURS):
        painter.fillRect(QRect(number * 32, 0, 32, 18), QColor(colour))
    painter.end()
    image.save(str(path))
    return path


@pytest.fixture
def strip(tmp_path: Path, qtbot: QtBot) -> Filmstrip:
    made = Filmstrip()
    made.show(sheet(tmp_path / "strip.png"), 4)
    assert not made.there  # it is read elsewhere
    qtbot.waitUntil(lambda: made.there)
    return made


@pytest.mark.parametrize(("share", "colour"), [(0.0, 0), (0.24, 0), (0.26, 1), (0.5, 2), (1.0, 3)])
def test_a_thumbnail_stands_for_its_part(strip: Filmstrip, share: float, colour: int) -> None:
    tile = strip.tile(share)
    assert tile.size() == QSize(32, 18)
    assert tile.pixelColor(16, 9) == QColor(COLOURS[colour])


@pytest.mark.parametrize("width", [60, 200, 900])
def test_the_ribbon_is_in_order_at_any_width(strip: Filmstrip, width: int) -> None:
    ribbon = strip.ribbon(QSize(width, 40), 1.0).toImage()
    assert ribbon.size() == QSize(width, 40)
    middle = ribbon.pixelColor(width * 7 // 8, 20)
    assert middle == QColor(COLOURS[3 if width > 100 else 2])


def test_the_ribbon_is_laid_out_once(strip: Filmstrip) -> None:
    first = strip.ribbon(QSize(300, 40), 1.0)
    assert strip.ribbon(QSize(300, 40), 1.0) is first
    assert strip.ribbon(QSize(301, 40), 1.0) is not first


def test_a_file_that_is_no_picture_leaves_a_bare_bar(tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "strip.jpg"
    broken.write_bytes(b"no picture")
    made = Filmstrip()
    made.show(broken, 4)
    made.show(sheet(tmp_path / "strip.png"), 4)
    qtbot.waitUntil(lambda: made.there)
    made.show(None, 0)
    assert not made.there
    assert made.tile(0.5).isNull()
