"""A still fills its box as a film fills a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme.tokens import DARK


def _still(folder: Path, size: QSize) -> Path:
    still = QImage(size, QImage.Format.Format_RGB32)
    still.fill(QColor("#ff0000"))
    file = folder / f"{size.width()}x{size.height()}.png"
    still.save(str(file))
    return file


def _painted(qtbot: QtBot, file: Path | None, box: QRect, shade: float = 0.0) -> QImage:
    posters = Posters()

    def paint() -> QImage:
        image = QImage(box.width() + 10, box.height() + 10, QImage.Format.Format_RGB32)
        image.fill(QColor("#0000ff"))
        painter = QPainter(image)
        paint_still(painter, box, file, posters, shade=shade)
        painter.end()
        return image

    paint()
    if file is not None:
        with qtbot.waitSignal(posters.loaded):
            paint()
    return paint()


@pytest.mark.parametrize("box", [QRect(5, 5, 80, 45), QRect(5, 5, 134, 38), QRect(5, 5, 48, 27), QRect(5, 5, 67, 38)])
def test_a_wide_still_goes_to_the_edges_and_not_beyond(qtbot: QtBot, tmp_path: Path, box: QRect) -> None:
    image = _painted(qtbot, _still(tmp_path, QSize(1280, 720)), box)
    for x, y in ((box.left(), box.center().y()), (box.right(), box.center().y()), (box.center().x(), box.top())):
        assert image.pixelColor(x, y) == QColor("#ff0000")
    assert image.pixelColor(box.right() + 2, box.center().y()) == QColor("#0000ff")
    assert image.pixelColor(box.center().x(), box.bottom() + 2) == QColor("#0000ff")


def test_an_upright_still_stands_between_two_dark_bars(qtbot: QtBot, tmp_path: Path) -> None:
    image = _painted(qtbot, _still(tmp_path, QSize(720, 1280)), QRect(5, 5, 80, 45))
    assert image.pixelColor(45, 27) == QColor("#ff0000")
    assert image.pixelColor(10, 27) == QColor("#000000")


def test_a_shade_darkens(qtbot: QtBot, tmp_path: Path) -> None:
    image = _painted(qtbot, _still(tmp_path, QSize(1280, 720)), QRect(5, 5, 80, 45), shade=0.55)
    assert image.pixelColor(45, 27).red() == pytest.approx(255 * 0.45, abs=2)


def test_without_a_still_there_is_an_empty_frame(qtbot: QtBot) -> None:
    image = _painted(qtbot, None, QRect(5, 5, 48, 27))
    assert image.pixelColor(10, 10) == QColor(DARK.raised)
