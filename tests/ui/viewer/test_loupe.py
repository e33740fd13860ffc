"""The loupe shows the film's own pixels, enlarged."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.loupe import Loupe
from kling_desktop.ui.viewer.playing.picture import Picture


def test_it_enlarges_what_lies_under_it(qtbot: QtBot) -> None:
    picture = Picture()
    qtbot.addWidget(picture)
    picture.resize(640, 360)
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    loupe = Loupe(picture)
    loupe.lift()
    assert loupe.isHidden()  # there is nothing to enlarge
    picture.show_still(image)
    picture.show()
    qtbot.waitExposed(picture)
    at = loupe.aim * 2
    for x in range(at.x() - 10, at.x() + 10):
        for y in range(at.y() - 10, at.y() + 10):
            image.setPixelColor(x, y, QColor("white"))
    picture.show_still(image)
    loupe.lift()
    assert loupe.isVisible()
    seen = loupe.grab().toImage()
    row = [seen.pixelColor(x, seen.height() // 2).lightness() > 128 for x in range(6, seen.width() - 6)]
    assert 36 <= sum(row) <= 44  # twenty pixels of the film are ten on the screen, and forty in the glass
    loupe.lay_down()
    assert loupe.isHidden()
