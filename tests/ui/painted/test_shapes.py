"""Every state has a shape of its own, and a word: colour alone tells nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.tasks import Status
from kling_desktop.ui.painted.shapes import (
    TURNS,
    Shape,
    paint_badge,
    paint_shape,
    paint_stars,
    shape_of,
    shape_word,
    word_colour,
)
from kling_desktop.ui.theme.tokens import DARK, LIGHT, Tokens, wear

_BLACK = QColor("#000000")


def _painted(shape: Shape, side: int, turn: int = 0, *, dashed: bool = False) -> QImage:
    """The shape in one ink, so that only its outline can tell it apart."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(_BLACK)
    painter = QPainter(image)
    paint_shape(painter, QRectF(0, 0, side, side), shape, ink=QColor("#ffffff"), turn=turn, dashed=dashed)
    painter.end()
    return image


def _lightness(image: QImage) -> list[float]:
    return [image.pixelColor(x, y).lightnessF() for y in range(image.height()) for x in range(image.width())]


@pytest.mark.parametrize("side", [10, 16])
def test_no_two_shapes_look_alike_without_colour(qtbot: QtBot, side: int) -> None:
    drawn = {shape: _lightness(_painted(shape, side)) for shape in Shape}
    for shape, here in drawn.items():
        for other, there in drawn.items():
            apart = sum(abs(a - b) for a, b in zip(here, there, strict=True))
            assert shape is other or apart > side * side * 0.02, f"{shape} looks like {other}"


def test_the_rendering_shape_alone_turns(qtbot: QtBot) -> None:
    quarter = TURNS // 4
    moving = {shape for shape in Shape if _painted(shape, 16) != _painted(shape, 16, quarter)}
    assert moving == {Shape.RENDERING}


@pytest.mark.parametrize(
    ("status", "verdict", "held", "shape"),
    [
        (Status.QUEUED, None, False, Shape.WAITING),
        (Status.QUEUED, None, True, Shape.HELD),
        (Status.PROCESSING, None, True, Shape.RENDERING),
        (Status.UNCERTAIN, None, False, Shape.UNCERTAIN),
        (Status.FAILED, None, False, Shape.FAILED),
        (Status.SUCCEEDED, None, False, Shape.UNMEASURED),
        (Status.SUCCEEDED, Verdict.BAD, False, Shape.BAD),
        (None, None, False, Shape.UNMEASURED),
        (None, Verdict.CLEAN, False, Shape.CLEAN),
    ],
)
def test_a_take_wears_its_verdict_once_it_is_made(
    status: Status | None, verdict: Verdict | None, held: bool, shape: Shape
) -> None:
    assert shape_of(status, verdict, held=held) is shape


def test_every_status_has_a_shape() -> None:
    assert len({shape_of(status) for status in Status if not status.ended}) == sum(not s.ended for s in Status)


def test_every_shape_has_a_word_of_its_own() -> None:
    assert len({shape_word(shape) for shape in Shape}) == len(Shape)


@pytest.mark.parametrize("worn", [DARK, LIGHT])
def test_what_is_as_it_should_be_is_told_quietly(worn: Tokens) -> None:
    wear(worn)
    try:
        assert word_colour(Shape.CLEAN) == QColor(worn.quiet)
        assert word_colour(Shape.BAD) == QColor(worn.bad)
        assert word_colour(Shape.SLIGHT) == QColor(worn.warn)
    finally:
        wear(DARK)


def test_stars_end_where_they_are_told(qtbot: QtBot) -> None:
    image = QImage(60, 12, QImage.Format.Format_RGB32)
    image.fill(_BLACK)
    painter = QPainter(image)
    assert paint_stars(painter, 50, 6, 3) == 20
    painter.end()
    lit = {x for x in range(60) for y in range(12) if image.pixelColor(x, y) != _BLACK}
    assert 20 <= min(lit) < 24
    assert 46 < max(lit) < 50


def test_a_badge_is_as_wide_as_its_words_and_lies_in_its_corner(qtbot: QtBot) -> None:
    image = QImage(80, 45, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    paint_badge(painter, QRect(0, 0, 80, 45), "3")
    paint_badge(painter, QRect(0, 0, 80, 45), "4.6 s", at_end=True)
    painter.end()
    assert image.pixelColor(1, 1).lightness() < 128
    assert image.pixelColor(20, 1).lightness() == 255
    assert image.pixelColor(78, 43).lightness() < 128
    assert image.pixelColor(78, 20).lightness() == 255


@pytest.mark.parametrize("shape", [Shape.CLEAN, Shape.SLIGHT])
def test_a_verdict_that_is_only_about_there_is_dashed(qtbot: QtBot, shape: Shape) -> None:
    whole, dashed = _painted(shape, 32), _painted(shape, 32, dashed=True)
    assert whole != dashed
    assert dashed.pixelColor(16, 16) == dashed.pixelColor(0, 0), "it is hollow"
    assert whole.pixelColor(16, 16) != whole.pixelColor(0, 0)
