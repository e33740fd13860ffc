"""The tree is ruled by keys and says what is asked for; the film it shows may be of any size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.rail.take_tree import TakeTree
from kling_desktop.ui.rail.tree_delegate import row_height
from kling_desktop.ui.rail.tree_model import PAGE
from kling_desktop.ui.rail.tree_row import RowKind, WayOn
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.tokens import DARK, tokens
from tests.gallery.lantern_lake import ListedRows, Stills, tree
from tests.ui.rail.test_tree_model import ManyRows

_SIGNALS = (
    "chosen",
    "picked",
    "rejected",
    "starred",
    "extend_asked",
    "sibling_asked",
    "seam_asked",
    "compare_asked",
    "played",
    "unfolded",
    "folded",
    "way_chosen",
)


class Seat:
    """The tree of the lantern film, and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.said: list[tuple[object, ...]] = []
        self.tree = TakeTree(Posters())
        for name in _SIGNALS:
            getattr(self.tree, name).connect(lambda *values, name=name: self.said.append((name, *values)))
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tree)
        self.window.resize(280, 560)
        self.tree.show_film(ListedRows(tree(Stills(None))))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.tree.choose("f4")
        self.tree.setFocus()

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> list[tuple[object, ...]]:
        self.said.clear()
        QTest.keyClick(self.tree, key, modifier)
        return self.said

    def menu(self) -> list[str]:
        menu = self.tree.menu()
        assert menu is not None
        return [action.text() for action in menu.actions() if action.text()]


@pytest.fixture
def seat(qtbot: QtBot) -> Seat:
    return Seat(qtbot)


def test_home_and_end_lead_to_the_first_and_the_last_row(seat: Seat) -> None:
    seat.press(Qt.Key.Key_Home)
    assert seat.tree.currentIndex().row() == 0
    seat.press(Qt.Key.Key_End)
    assert seat.tree.currentIndex().row() == seat.tree.rows.rowCount() - 1


def test_the_arrows_go_on_where_a_take_was_folded(seat: Seat) -> None:
    rows = list(tree(Stills(None)))
    at = next(number for number, row in enumerate(rows) if number and row.kind is RowKind.OTHER)
    seat.tree.choose(rows[at].take_id)
    seat.said.clear()
    rows[at] = replace(rows[at], take_id="its parent", kind=RowKind.FOLDED, takes=1)
    seat.tree.show_film(ListedRows(rows))
    assert seat.tree.current is not None
    assert seat.tree.current.kind is RowKind.FOLDED
    assert seat.said == [], "nothing was chosen, and no key does anything to it but unfold"
    assert seat.press(Qt.Key.Key_X) == []
    seat.press(Qt.Key.Key_Up)
    assert seat.tree.current.take_id == rows[at - 1].take_id


def test_to_choose_from_outside_is_not_told(seat: Seat) -> None:
    assert seat.said == []
    assert seat.tree.current is not None
    assert seat.tree.current.take_id == "f4"


def test_arrows_go_from_take_to_take(seat: Seat) -> None:
    assert seat.press(Qt.Key.Key_Down) == [("chosen", "o5")]
    assert seat.press(Qt.Key.Key_Up) == [("chosen", "f4")]


@pytest.mark.parametrize(
    ("key", "shift", "said"),
    [
        (Qt.Key.Key_P, False, ("picked", "f4")),
        (Qt.Key.Key_X, False, ("rejected", "f4", True)),
        (Qt.Key.Key_0, False, ("starred", "f4", 0)),
        (Qt.Key.Key_5, False, ("starred", "f4", 5)),
        (Qt.Key.Key_E, False, ("extend_asked", "f4")),
        (Qt.Key.Key_E, True, ("sibling_asked", "f4")),
        (Qt.Key.Key_V, False, ("seam_asked", "f4")),
        (Qt.Key.Key_C, False, ("compare_asked", ["f4"])),
        (Qt.Key.Key_Return, False, ("played", "f4")),
        (Qt.Key.Key_Enter, False, ("played", "f4")),
    ],
)
def test_single_keys_say_what_is_asked_for(seat: Seat, key: Qt.Key, shift: bool, said: tuple[object, ...]) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    assert seat.press(key, modifier) == [said]


def test_no_letter_goes_to_a_search(seat: Seat) -> None:
    assert seat.press(Qt.Key.Key_B) == []
    assert seat.tree.current is not None
    assert seat.tree.current.take_id == "f4"


def test_a_window_with_the_same_key_does_not_take_it(qtbot: QtBot, seat: Seat) -> None:
    action = seat.window.addAction("Something else")
    action.setShortcut("P")
    taken: list[bool] = []
    action.triggered.connect(taken.append)
    seat.window.activateWindow()
    qtbot.waitUntil(seat.window.isActiveWindow)
    seat.tree.setFocus()
    assert seat.press(Qt.Key.Key_P) == [("picked", "f4")]
    assert taken == []


def test_two_selected_takes_are_compared(seat: Seat) -> None:
    seat.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert seat.press(Qt.Key.Key_C) == [("compare_asked", ["f4", "o5"])]


def test_a_double_click_plays(seat: Seat) -> None:
    place = seat.tree.visualRect(seat.tree.rows.index(1, 0)).center()
    QTest.mouseClick(seat.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    seat.said.clear()
    QTest.mouseDClick(seat.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert ("played", "f1") in seat.said


def test_rejected_takes_fold_and_unfold(seat: Seat) -> None:
    rows = tree(Stills(None))
    folded = replace(rows[2], take_id="f0", kind=RowKind.FOLDED, takes=2)
    seat.tree.show_film(ListedRows([*rows[:2], folded, *rows[3:]]))
    seat.tree.choose("f1")
    assert seat.press(Qt.Key.Key_Down) == [], "a folded line is no take"
    assert seat.press(Qt.Key.Key_P) == []
    assert seat.press(Qt.Key.Key_Right) == [("unfolded", "f0")]
    assert seat.press(Qt.Key.Key_Return) == [("unfolded", "f0")]
    seat.said.clear()
    place = seat.tree.visualRect(seat.tree.rows.index(2, 0)).center()
    QTest.mouseClick(seat.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert seat.said == [("unfolded", "f0")]


def test_left_folds_a_rejected_take_and_x_takes_it_back(seat: Seat) -> None:
    rows = tree(Stills(None))
    seat.tree.show_film(ListedRows([*rows[:2], replace(rows[2], rejected=True), *rows[3:]]))
    seat.tree.choose("o1")
    assert seat.press(Qt.Key.Key_Left) == [("folded", "o1")]
    assert seat.press(Qt.Key.Key_X) == [("rejected", "o1", False)]
    seat.tree.choose("f1")
    assert seat.press(Qt.Key.Key_Left) == []


def test_the_menu_has_a_word_and_a_key_for_everything(seat: Seat) -> None:
    words = seat.menu()
    for key in ("P", "X", "E", "Shift+E", "V", "C", "Return"):
        assert any(word.endswith(f"\t{key}") for word in words), key


def test_the_menu_does_what_it_says(seat: Seat) -> None:
    menu = seat.tree.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text().startswith("Reject")).trigger()
    stars = next(action.menu() for action in menu.actions() if action.text() == "Stars")
    assert isinstance(stars, QMenu)
    assert [action.isChecked() for action in stars.actions()] == [False] * 5 + [True]
    stars.actions()[2].trigger()
    assert seat.said == [("rejected", "f4", True), ("starred", "f4", 2)]


def test_a_take_in_the_making_can_not_be_judged_yet(seat: Seat) -> None:
    seat.tree.choose("m1")
    assert not any(word.startswith(("Pick", "Reject", "Stars")) for word in seat.menu())


def test_a_branch_of_a_take_that_is_not_picked_has_three_ways_on(seat: Seat) -> None:
    rows = tree(Stills(None))
    seat.tree.show_film(ListedRows([*rows[:9], replace(rows[9], made_for=2), *rows[10:]]))
    seat.tree.choose("o6")
    menu = seat.tree.menu()
    assert menu is not None
    assert menu.actions()[0].text() == "Made for take 2"
    for action in menu.actions()[1:4]:
        action.trigger()
    assert seat.said == [("way_chosen", "o6", way) for way in (WayOn.PLAY, WayOn.REDO, WayOn.KEEP)]


def test_the_menu_key_opens_the_menu_of_the_current_row(seat: Seat, qtbot: QtBot) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), seat.tree.mapToGlobal(QPoint()))
    QApplication.sendEvent(seat.tree.viewport(), event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def test_rows_are_as_high_as_their_kind(seat: Seat) -> None:
    heights = [seat.tree.rowHeight(row) for row in range(13)]
    film, other, making = (row_height(kind) for kind in (RowKind.FILM, RowKind.OTHER, RowKind.MAKING))
    assert (film, other, making) == (56, 36, 40)
    assert heights == [film, film, other, film, other, film, other, film, other, other, making, making, making]


def test_the_current_take_stays_when_rows_move(seat: Seat) -> None:
    rows = tree(Stills(None))
    seat.press(Qt.Key.Key_Down)
    seat.said.clear()
    seat.tree.show_film(ListedRows([*rows[:2], *rows[3:]]))
    assert seat.tree.current is not None
    assert seat.tree.current.take_id == "o5"
    assert seat.said == []


def test_a_film_of_a_hundred_thousand_takes_is_read_by_page(qtbot: QtBot) -> None:
    pages = ManyRows(100_000)
    seat = TakeTree(Posters())
    qtbot.addWidget(seat)
    seat.resize(280, 560)
    seat.show_film(pages)
    seat.show()
    qtbot.waitExposed(seat)
    seat.grab()
    assert seat.rows.rows_in_memory <= PAGE
    seat.choose("99999")
    seat.grab()
    assert seat.rows.rows_in_memory <= 3 * PAGE
    assert 99_999 in seat.rows_in_sight()
    seat.choose("50000")
    seat.refresh()
    seat.grab()
    assert seat.rows.rows_in_memory <= 3 * len(seat.rows_in_sight()), "more would be read in vain at each refresh"


def test_only_what_renders_is_painted_again_as_it_turns(seat: Seat, qtbot: QtBot) -> None:
    updated: list[int] = []
    delegate = seat.tree.itemDelegate()
    painted = delegate.paint

    def paint(painter: object, option: object, index: object) -> None:
        updated.append(index.row())  # type: ignore[attr-defined]  # an index, as Qt sends it
        painted(painter, option, index)  # type: ignore[arg-type]  # handed on as it came

    delegate.paint = paint  # type: ignore[method-assign]  # a real delegate, overheard
    seat.tree.grab()
    updated.clear()
    # The screen may ask for the whole once more; two turns after that no other row is painted. Were all painted at each
    # turn, the last six would always hold others.
    qtbot.waitUntil(lambda: len(updated) >= 6 and set(updated[-6:]) <= {10, 11, 12})
    seat.tree.turning.moves = False


def test_a_selected_row_is_painted_as_one(seat: Seat) -> None:
    image = seat.tree.viewport().grab().toImage()
    rect = seat.tree.visualRect(seat.tree.rows.index(7, 0))
    assert image.pixelColor(rect.right() - 2, rect.bottom() - 4) == QColor(DARK.sel)
    other = seat.tree.visualRect(seat.tree.rows.index(2, 0))
    assert image.pixelColor(other.right() - 1, other.bottom()) == QColor(tokens().panel)


def test_the_line_of_the_film_runs_through(seat: Seat) -> None:
    """From the root's node to that of the last hop there is no gap; below it the line is dotted."""
    image = seat.tree.viewport().grab().toImage()
    first, last = (seat.tree.visualRect(seat.tree.rows.index(row, 0)).center().y() for row in (0, 7))
    end = seat.tree.visualRect(seat.tree.rows.index(10, 0)).center().y()
    accent = QColor(DARK.accent)
    whole = [_near(image.pixelColor(16, y), accent) for y in range(first, last)]
    checks = sum(not lit for lit in whole)
    assert checks <= 4 * 5, "only the checks in the nodes interrupt it"
    dotted = [_near(image.pixelColor(16, y), accent) for y in range(last + 8, end - 8)]
    assert 0.2 < sum(dotted) / len(dotted) < 0.6


def _near(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))  # type: ignore[index]  # the stubs say object


def test_a_screen_reader_finds_a_table_with_a_row_a_take(seat: Seat) -> None:
    spoken = QAccessible.queryAccessibleInterface(seat.tree)
    assert spoken.role() in (QAccessible.Role.Table, QAccessible.Role.List)
    assert spoken.text(QAccessible.Text.Name) == "Takes of the film"
    rows = [spoken.child(number).text(QAccessible.Text.Name) for number in range(spoken.childCount())]
    assert any(row.startswith("take 1 of 2, hop 4, clean, 5 stars") for row in rows)
    assert sum(row.startswith("take ") for row in rows) == 13
