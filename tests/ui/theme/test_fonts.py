"""The letters are Inter, strong words are really strong, figures stand in columns, and all grow together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from kling_desktop.ui.theme import fonts


@pytest.fixture(autouse=True)
def usual_letters(qapp: QApplication) -> Iterator[None]:
    fonts.use(qapp)
    yield
    fonts.use(qapp)


def ink(font: QFont) -> int:
    """How much ink a word takes."""
    image = QImage(200, 40, QImage.Format.Format_Grayscale8)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setPen(QColor("white"))
    painter.setFont(font)
    painter.drawText(5, 25, "Hamburg")
    painter.end()
    return sum(image.pixelColor(x, y).value() for x in range(200) for y in range(40))


def test_the_program_writes_in_inter(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == "Inter"
    assert qapp.font().pixelSize() == fonts.ROW


def test_strong_words_are_strong() -> None:
    assert ink(fonts.font(bold=True)) > 1.15 * ink(fonts.font())
    assert ink(fonts.strong(fonts.font())) == ink(fonts.font(bold=True))


def test_figures_stand_in_columns() -> None:
    measures = QFontMetricsF(fonts.font())
    assert measures.horizontalAdvance("1111") == measures.horizontalAdvance("0000")


@pytest.mark.parametrize(("asked", "pixels"), [(100, 12), (150, 18), (10, 11), (999, 24)])
def test_the_text_size_is_held_to_its_bounds(qapp: QApplication, asked: int, pixels: int) -> None:
    fonts.use(qapp, asked)
    assert qapp.font().pixelSize() == pixels
    assert fonts.scaled(fonts.ROW) == pixels


def test_nobody_else_sets_a_weight_that_the_letters_do_not_have() -> None:
    rooms = Path(fonts.__file__).parents[1]
    calls = ("setWeight(", "setBold(", "font-weight")
    code = [path for path in rooms.rglob("*.py") if path.parent.name != "theme"]
    assert [path.name for path in code if any(call in path.read_text(encoding="utf-8") for call in calls)] == []
