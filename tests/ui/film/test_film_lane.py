"""The lane is one panel: fed at once, folded to its head."""

from __future__ import annotations

import time

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.film.cards.hop_editor import HopEditor
from kling_desktop.ui.film.film_lane import FOLDED, HEIGHT, FilmLane
from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.stills.posters import Posters
from tests.gallery.lantern_lake import Stills, view


def _lane(qtbot: QtBot) -> FilmLane:
    lane = FilmLane(Posters())
    qtbot.addWidget(lane)
    lane.resize(1440, HEIGHT)
    lane.show_view(view(Stills(None)))
    lane.show()
    qtbot.waitExposed(lane)
    return lane


def test_head_cards_and_ruler_show_one_film(qtbot: QtBot) -> None:
    lane = _lane(qtbot)
    assert lane.head.words.words.startswith("0:23.3 made")
    assert lane.cards.cards.rowCount() == 9
    assert lane.ruler.maximum() == 23_374
    assert lane.height() == HEIGHT


def test_a_folded_lane_is_its_head(qtbot: QtBot) -> None:
    lane = _lane(qtbot)
    lane.cards.write_hop("p7")
    editor = lane.cards.findChild(HopEditor)
    assert isinstance(editor, HopEditor)
    QTest.keyClicks(editor, "Snow")
    with qtbot.waitSignal(lane.cards.hop_written) as heard:
        lane.fold(True)
    assert heard.args == ["p7", "Snow"]
    assert lane.height() == FOLDED
    assert not lane.cards.isVisible()
    assert lane.head.fold.accessibleName() == "Unfold the film"
    lane.fold(False)
    assert lane.height() == HEIGHT
    assert lane.ruler.isVisible()


def test_a_film_of_thirty_five_hops_is_shown_in_a_frame(qtbot: QtBot) -> None:
    cards = tuple(
        Card(str(hop), CardKind.MADE, hop, f"Hop {hop} goes on, and on", 5.0, takes=40, seam=Shape.CLEAN)
        for hop in range(36)
    )
    lane = _lane(qtbot)
    lane.show_view(FilmView(cards))
    lane.grab()
    began = time.thread_time()
    lane.show_view(FilmView(cards, current="35"))
    lane.grab()
    assert time.thread_time() - began < 0.5, "one frame is 16 ms; a noisy machine is given room"
