"""Cards that stay are told as changed; anything else is a new film."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from kling_desktop.ui.film.cards.card_model import CardModel, CardRole
from kling_desktop.ui.film.film_view import CardKind
from tests.gallery.lantern_lake import Stills, view


def test_qt_finds_no_fault_with_the_model(qtbot: QtBot) -> None:
    model = CardModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    cards = view(Stills(None)).cards
    model.show(cards)
    model.show(cards[:3])
    model.show(())
    assert model.rowCount() == 1


def test_the_last_card_is_where_a_hop_is_added(qtbot: QtBot) -> None:
    model = CardModel()
    model.show(view(Stills(None)).cards)
    last = model.card(model.rowCount() - 1)
    assert last is not None
    assert (last.kind, last.hop) == (CardKind.ADD, 8)


def test_a_card_that_says_something_else_is_told_alone(qtbot: QtBot) -> None:
    model = CardModel()
    cards = view(Stills(None)).cards
    model.show(cards)
    changed: list[int] = []
    reset: list[bool] = []
    model.dataChanged.connect(lambda first, last: changed.extend(range(first.row(), last.row() + 1)))
    model.modelReset.connect(lambda: reset.append(True))
    model.show((*cards[:5], replace(cards[5], elapsed=131.0), *cards[6:]))
    assert (changed, reset) == ([5], [])
    model.show(cards[1:])
    assert reset == [True]


def test_a_card_is_read_aloud_by_its_accessible_text(qtbot: QtBot) -> None:
    model = CardModel()
    model.show(view(Stills(None)).cards)
    index = model.index(3, 0)
    assert "seam a little brighter" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert index.data(CardRole).id == "f3"
    assert model.row_of("p7") == 7
    assert model.row_of("nobody") is None
