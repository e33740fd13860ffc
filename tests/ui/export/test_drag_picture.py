"""The picture at the pointer shows the still and the name, and does without a still."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from kling_desktop.ui.export.drag_picture import HEIGHT, WIDTH, drag_picture


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("size", [(320, 180), (90, 160)])
def test_the_still_fills_its_field(qapp: QApplication, tmp_path: Path, ratio: float, size: tuple[int, int]) -> None:
    still = QImage(*size, QImage.Format.Format_RGB32)
    still.fill(QColor("red"))
    still.save(str(tmp_path / "still.png"))
    picture = drag_picture(tmp_path / "still.png", "A fox runs", ratio).toImage()
    assert picture.width() == WIDTH * ratio
    for place in ((0.5, 0.05), (0.05, 0.5), (0.95, 0.5), (0.5, 0.95)):
        seen = picture.pixelColor(int(WIDTH * ratio * place[0]), int(HEIGHT * ratio * place[1]))
        assert seen == QColor("red")
    below = {picture.pixelColor(x, int((HEIGHT + 11) * ratio)).name() for x in range(picture.width())}
    assert len(below) > 2  # letters


def test_without_a_still_there_is_the_name(qapp: QApplication, tmp_path: Path) -> None:
    for still in (None, tmp_path / "gone.png"):
        picture = drag_picture(still, "A fox runs").toImage()
        assert not picture.isNull()
        assert picture.pixelColor(WIDTH // 2, HEIGHT // 2).alpha() == 255
