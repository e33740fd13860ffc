"""The ruler shows each hop to its length and goes only to what is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.film.ruler import Ruler
from kling_desktop.ui.theme.tokens import DARK
from tests.gallery.lantern_lake import Stills, stopped, view

_FILM = view(Stills(None))


@pytest.fixture
def ruler(qtbot: QtBot) -> Ruler:
    ruler = Ruler()
    qtbot.addWidget(ruler)
    ruler.resize(1440, 44)
    ruler.show_view(_FILM)
    ruler.show()
    qtbot.waitExposed(ruler)
    return ruler


def _x(seconds: float) -> int:
    return round(12 + seconds / 180 * 1416)


def _colour(image: QImage, seconds: float) -> QColor:
    return image.pixelColor(_x(seconds), 10)


def test_hops_take_turns_in_two_colours_and_a_bad_one_is_red(ruler: Ruler) -> None:
    image = ruler.grab().toImage()
    assert _colour(image, 2) == QColor(DARK.accent)
    assert _colour(image, 7) == QColor(DARK.accent2)
    assert _colour(image, 26) == QColor(DARK.accbg), "running"
    assert _colour(image, 100) == QColor(DARK.base), "nothing there yet"
    ruler.show_view(stopped(Stills(None)))
    assert _colour(ruler.grab().toImage(), 21) == QColor(DARK.bad)


class _Counted(tuple[Card, ...]):
    """Cards that know how often they were gone through."""

    times = 0

    def __iter__(self) -> Iterator[Card]:
        self.times += 1
        return super().__iter__()


def test_a_picture_of_a_film_that_plays_does_not_add_up_its_hops(ruler: Ruler) -> None:
    cards = _Counted(Card(str(hop), CardKind.PLANNED, hop, "on", 5.0) for hop in range(400))
    ruler.show_view(FilmView(cards))
    cards.times = 0
    ruler.grab()
    ruler.stand_at(0.0)
    assert cards.times <= 1, "once for what a reader hears"


def test_a_click_goes_there_but_not_beyond_what_is_made(ruler: Ruler, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ruler.sought) as heard:
        QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(_x(12), 10))
    assert heard.args == [pytest.approx(12, abs=0.1)]
    with qtbot.waitSignal(ruler.sought) as heard:
        QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(_x(120), 10))
    assert heard.args == [pytest.approx(_FILM.made)]
    with qtbot.assertNotEmitted(ruler.sought):
        QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(_x(12), 30))


def test_keys_go_along_the_film(ruler: Ruler, qtbot: QtBot) -> None:
    ruler.stand_at(10)
    with qtbot.waitSignal(ruler.sought) as heard:
        QTest.keyClick(ruler, Qt.Key.Key_Right)
    assert heard.args == [pytest.approx(11)]


def test_to_stand_somewhere_is_not_told(ruler: Ruler, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(ruler.sought):
        ruler.stand_at(20.2)
    assert ruler.value() == 20_200


def test_what_is_missing_can_be_planned_by_a_click(ruler: Ruler, qtbot: QtBot) -> None:
    assert ruler.rest.text() == "To 3:00: 31 more hops ≈ 62 units, ~2 h 5 min"
    with qtbot.waitSignal(ruler.fill_asked):
        QTest.mouseClick(ruler.rest, Qt.MouseButton.LeftButton)
    ruler.show_view(replace(_FILM, rest=None))
    assert not ruler.rest.isVisible()


def test_a_film_without_a_limit_fills_the_ruler(ruler: Ruler) -> None:
    ruler.show_view(replace(_FILM, limit=None))
    assert ruler.span == pytest.approx(_FILM.made + _FILM.coming)
    ruler.show_view(FilmView(limit=None))
    assert ruler.span == 10
    ruler.grab()


@pytest.mark.parametrize("seconds", [3, 10, 14, 45, 170, 900, 7200])
def test_times_stand_below_the_whole_length_of_a_film_without_a_limit(ruler: Ruler, seconds: int) -> None:
    """One of ten seconds said "0:00" and nothing more."""
    ruler.show_view(FilmView((Card("root", CardKind.MADE, 0, seconds=seconds),), limit=None))
    image = ruler.grab().toImage()
    ground = image.pixelColor(720, 43)
    written = [x for x in range(image.width()) if any(image.pixelColor(x, y) != ground for y in range(26, 36))]
    gaps = [right - left for left, right in pairwise([0, *written, image.width()])]
    assert max(gaps) < 480, "no third of the ruler is without a time"


@pytest.mark.parametrize("width", [40, 300, 900, 3840])
def test_any_width_can_be_painted(ruler: Ruler, width: int) -> None:
    ruler.resize(width, 44)
    assert not ruler.grab().isNull()


def test_the_way_to_plan_the_rest_has_a_name_before_there_is_a_film(qtbot: QtBot) -> None:
    ruler = Ruler()
    qtbot.addWidget(ruler)
    assert ruler.rest.accessibleName() == "Plan these hops"


def test_a_screen_reader_hears_time_hop_and_verdict_of_a_slider(ruler: Ruler) -> None:
    ruler.show_view(stopped(Stills(None)))
    told = QAccessible.queryAccessibleInterface(ruler)
    assert told.role() == QAccessible.Role.Slider
    assert told.text(QAccessible.Text.Name) == "Place in the film"
    ruler.stand_at(2)
    assert told.text(QAccessible.Text.Description).startswith("0:02 of 0:23, hop 0, planned to ")
    QTest.keyClick(ruler, Qt.Key.Key_End)
    said = told.text(QAccessible.Text.Description)
    assert said.startswith("0:23 of 0:23, hop 4, colour shifts, planned to ")
    assert said.endswith("limit 3:00")
    ruler.show_view(FilmView())
    assert told.text(QAccessible.Text.Description) == "Nothing is made yet"


class _Counting(Ruler):
    """Counts how often it is to be painted once more."""

    def __init__(self) -> None:
        self.updates = 0
        super().__init__()

    def update(self, *place: Any) -> None:
        self.updates += 1
        super().update(*place)


def test_other_words_of_a_hop_leave_the_ruler_as_it_is(qtbot: QtBot) -> None:
    ruler = _Counting()
    qtbot.addWidget(ruler)
    ruler.show_view(_FILM)
    before = ruler.updates
    cards = tuple(replace(card, words=f"{card.words}, and rain") for card in _FILM.cards)
    ruler.show_view(replace(_FILM, cards=cards))
    assert ruler.updates == before
    ruler.show_view(replace(_FILM, cards=cards[:-1]))
    assert ruler.updates == before + 1
