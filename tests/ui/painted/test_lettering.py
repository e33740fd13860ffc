"""Words on painted parts fit where they are written, in any script."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.lettering import elided, in_its_direction, lettering, width_of, write, write_block
from kling_desktop.ui.theme.fonts import ROW

_WORDS = "Dusk over a still lake, paper lanterns rise one by one, and nobody sees them but the heron"
_BLACK = QColor("#000000")


def _ink(image: QImage) -> set[tuple[int, int]]:
    lit = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return {place for place in lit if image.pixelColor(*place) != _BLACK}


def _shape(image: QImage) -> set[tuple[int, int]]:
    """Its ink, from wherever its highest point is."""
    ink = _ink(image)
    top = min(y for _, y in ink)
    return {(x, y - top) for x, y in ink}


@pytest.mark.parametrize("words", [_WORDS, "黄昏的静湖，纸灯笼一盏盏升起，然后慢慢飘向远方的山丘和云朵" * 2, "x" * 400])
def test_a_block_stays_within_its_box(qtbot: QtBot, words: str) -> None:
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(_BLACK)
    painter = QPainter(image)
    write_block(painter, QRect(20, 10, 120, 32), words, lettering(ROW), QColor("#ffffff"), 16, 2)
    painter.end()
    lit = _ink(image)
    assert lit
    assert min(x for x, _ in lit) >= 19
    assert max(x for x, _ in lit) <= 141
    assert min(y for _, y in lit) >= 9
    assert max(y for _, y in lit) <= 43
    assert any(y > 26 for _, y in lit), "there is a second line"


def test_no_space_stands_before_an_ellipsis(qtbot: QtBot) -> None:
    font = lettering(ROW)
    for width in range(20, 400, 3):
        said = elided(_WORDS, font, width)
        assert " …" not in said
        assert width_of(said, font) <= width


def test_a_line_says_how_wide_it_became(qtbot: QtBot) -> None:
    image = QImage(400, 20, QImage.Format.Format_RGB32)
    image.fill(_BLACK)
    painter = QPainter(image)
    used = write(painter, QRect(0, 0, 400, 20), "lantern", lettering(ROW), QColor("#ffffff"))
    painter.end()
    assert abs(max(x for x, _ in _ink(image)) - used) < 3


@pytest.mark.parametrize("words", ["שלום!", "… مركب في الضباب (1).", "1. שלום?"])
def test_what_is_read_from_the_right_ends_at_the_left(qtbot: QtBot, words: str) -> None:
    said, apart = (QImage(200, 30, QImage.Format.Format_RGB32) for _ in range(2))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    for image in (said, apart):
        image.fill(_BLACK)
        painter = QPainter(image)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as on a widget
        if image is said:
            write(painter, QRect(0, 0, 200, 30), words, lettering(ROW), QColor("#ffffff"))
        else:
            painter.setFont(lettering(ROW))
            painter.setPen(QColor("#ffffff"))
            painter.drawText(image.rect(), int(flags) | int(Qt.TextFlag.TextForceRightToLeft), words)
        painter.end()
    assert _shape(said) == _shape(apart) != set()


def test_other_lines_stay_as_they_are() -> None:
    for words in ("", "12 s", "黄昏的静湖", "Take שלום", "élan"):
        assert in_its_direction(words) == words


def test_a_run_keeps_its_spaces_and_a_block_begins_with_a_letter(qtbot: QtBot) -> None:
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(_BLACK)
    painter = QPainter(image)
    used = write(painter, QRect(0, 0, 200, 20), " made ", lettering(ROW), _BLACK)
    write_block(painter, QRect(0, 0, 200, 40), "  \tleading", lettering(ROW), QColor("#ffffff"), 20)
    painter.end()
    assert used == width_of(" made ", lettering(ROW)) > width_of("made", lettering(ROW))
    assert min(x for x, _ in _ink(image)) <= 2
