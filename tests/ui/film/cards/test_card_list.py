"""The cards of the film are ruled by keys and the mouse, and a plan is written where it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.tasks import LONGEST_PASTE
from kling_desktop.ui.film.cards.card_delegate import card_box, seam_box
from kling_desktop.ui.film.cards.card_list import CardList
from kling_desktop.ui.film.cards.hop_editor import HopEditor
from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.tokens import DARK
from tests.gallery.lantern_lake import Stills, stopped, view

_SIGNALS = (
    "chosen",
    "played",
    "sibling_stepped",
    "take_picked",
    "extend_asked",
    "sibling_asked",
    "seam_asked",
    "compare_asked",
    "hop_added",
    "hop_written",
    "hop_given_up",
    "hop_removed",
    "hop_duplicated",
    "hop_moved",
    "pasted",
)
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_SHIFT, _NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier

Said = list[tuple[object, ...]]


class Seat:
    """The cards of the lantern film in a window with another field, and what they said."""

    def __init__(self, qtbot: QtBot, film: FilmView) -> None:
        self.said: Said = []
        self.cards = CardList(Posters())
        for name in _SIGNALS:
            getattr(self.cards, name).connect(lambda *values, name=name: self.said.append((name, *values)))
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.cards)
        self.elsewhere = QLineEdit()
        column.addWidget(self.elsewhere)
        self.window.resize(1440, 140)
        self.cards.show_view(film)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.cards.setFocus()

    def go_to(self, card_id: str) -> None:
        row = self.cards.cards.row_of(card_id)
        assert row is not None
        self.cards.setCurrentIndex(self.cards.cards.index(row, 0))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> Said:
        self.said.clear()
        QTest.keyClick(self.cards, key, modifier)
        return self.said

    def place(self, card_id: str) -> QPoint:
        """The middle of a card."""
        row = self.cards.cards.row_of(card_id)
        assert row is not None
        card = self.cards.cards.card(row)
        assert card is not None
        return card_box(self.cards.visualRect(self.cards.cards.index(row, 0)), card.kind, first=row == 0).center()

    def seam(self, card_id: str) -> QPoint:
        row = self.cards.cards.row_of(card_id)
        assert row is not None
        return seam_box(self.cards.visualRect(self.cards.cards.index(row, 0))).center()

    def click(self, place: QPoint) -> Said:
        self.said.clear()
        QTest.mouseClick(self.cards.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return self.said

    def drag(self, start: QPoint, end: QPoint) -> Said:
        self.said.clear()
        port, button = self.cards.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(port, button, pos=start)
        for step in range(1, 5):
            QTest.mouseMove(port, start + (end - start) * step / 4)
        QTest.mouseRelease(port, button, pos=end)
        return self.said

    @property
    def editor(self) -> HopEditor | None:
        return next((field for field in self.cards.findChildren(HopEditor) if field.isVisible()), None)

    def open_editor(self, card_id: str) -> HopEditor:
        self.cards.write_hop(card_id)
        assert self.editor is not None
        return self.editor


@pytest.fixture
def seat(qtbot: QtBot) -> Seat:
    return Seat(qtbot, view(Stills(None)))


def test_the_card_of_the_viewer_is_the_current_one_and_nobody_is_told(seat: Seat) -> None:
    assert seat.cards.current is not None
    assert seat.cards.current.id == "f4"
    assert seat.said == []


def test_a_card_that_shows_another_take_brings_its_own_back_by_a_click(seat: Seat) -> None:
    shown = view(Stills(None))
    assert seat.click(seat.place("f4")) == [], "it is on the stage"
    seat.cards.show_view(replace(shown, is_beside=True))
    assert seat.click(seat.place("f4")) == [("chosen", "f4")]


def test_the_cursor_leaves_a_planned_hop_when_another_take_is_shown_unless_the_keys_are_there(seat: Seat) -> None:
    shown = view(Stills(None))
    planned = next(card.id for card in shown.cards if card.kind is CardKind.PLANNED)

    def stands_at(card_id: str) -> bool:
        return seat.cards.current is not None and seat.cards.current.id == card_id

    seat.go_to(planned)
    seat.cards.show_view(replace(shown, current="f2"))
    assert stands_at(planned)
    seat.elsewhere.setFocus()
    seat.cards.show_view(replace(shown, current="f2"))
    assert stands_at(planned), "nothing else is shown"
    seat.cards.show_view(replace(shown, current="f3"))
    assert stands_at("f3")


def test_arrows_go_from_card_to_card(seat: Seat) -> None:
    assert seat.press(Qt.Key.Key_Left) == [("chosen", "f3")]
    assert seat.press(Qt.Key.Key_Right) == [("chosen", "f4")]
    assert seat.press(Qt.Key.Key_Right) == [("chosen", "m1")]
    assert seat.press(Qt.Key.Key_Right) == [], "a planned hop has nothing to show"


@pytest.mark.parametrize(
    ("key", "modifier", "said"),
    [
        (Qt.Key.Key_Return, _NONE, ("played", "f4")),
        (Qt.Key.Key_Down, _NONE, ("sibling_stepped", "f4", 1)),
        (Qt.Key.Key_Up, _NONE, ("sibling_stepped", "f4", -1)),
        (Qt.Key.Key_2, _NONE, ("take_picked", "f4", 2)),
        (Qt.Key.Key_E, _NONE, ("extend_asked", "f4")),
        (Qt.Key.Key_E, _SHIFT, ("sibling_asked", "f4")),
        (Qt.Key.Key_V, _NONE, ("seam_asked", "f4")),
        (Qt.Key.Key_C, _NONE, ("compare_asked", "f4")),
    ],
)
def test_keys_on_a_made_hop(seat: Seat, key: Qt.Key, modifier: Qt.KeyboardModifier, said: tuple[object, ...]) -> None:
    assert seat.press(key, modifier) == [said]


def test_a_take_that_is_not_there_cannot_be_picked(seat: Seat) -> None:
    assert seat.press(Qt.Key.Key_3) == []


def test_a_made_hop_is_not_removed_by_a_key(seat: Seat) -> None:
    assert seat.press(Qt.Key.Key_Delete) == []


@pytest.mark.parametrize(
    ("at", "key", "modifier", "said"),
    [
        ("p6", Qt.Key.Key_Delete, _NONE, [("hop_removed", "p6")]),
        ("p6", Qt.Key.Key_D, _CTRL, [("hop_duplicated", "p6")]),
        ("p6", Qt.Key.Key_Right, _ALT, [("hop_moved", "p6", 1)]),
        ("p6", Qt.Key.Key_Left, _ALT, []),
        ("p7", Qt.Key.Key_Left, _ALT, [("hop_moved", "p7", 0)]),
        ("p7", Qt.Key.Key_Right, _ALT, []),
        ("p6", Qt.Key.Key_E, _NONE, []),
        ("", Qt.Key.Key_Return, _NONE, [("hop_added",)]),
        ("", Qt.Key.Key_Delete, _NONE, []),
    ],
)
def test_keys_on_what_is_planned(seat: Seat, at: str, key: Qt.Key, modifier: Qt.KeyboardModifier, said: Said) -> None:
    seat.go_to(at)
    assert seat.press(key, modifier) == said


def test_a_list_is_pasted(seat: Seat) -> None:
    QGuiApplication.clipboard().setText("  First snow\nA balloon\n")
    assert seat.press(Qt.Key.Key_V, _CTRL) == [("pasted", "First snow\nA balloon")]
    QGuiApplication.clipboard().setText(" \n ")
    assert seat.press(Qt.Key.Key_V, _CTRL) == []


def test_the_seam_between_two_cards_is_a_control(seat: Seat, qtbot: QtBot) -> None:
    assert seat.click(seat.seam("f3")) == [("seam_asked", "f3")]
    assert seat.cards.current is not None
    assert seat.cards.current.id == "f4", "the card beside it is not chosen by that"
    QTest.mouseMove(seat.cards.viewport(), seat.seam("f2"))
    qtbot.waitUntil(lambda: seat.cards.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor)
    QTest.mouseMove(seat.cards.viewport(), seat.place("f2"))
    qtbot.waitUntil(lambda: seat.cards.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor)


def test_there_is_no_seam_before_what_is_not_made(seat: Seat) -> None:
    assert not any(name == "seam_asked" for name, *_ in seat.click(seat.seam("m1")))
    assert not any(name == "seam_asked" for name, *_ in seat.click(seat.seam("p6")))


def test_a_double_click_plays_what_is_made(seat: Seat) -> None:
    seat.click(seat.place("f2"))
    seat.said.clear()
    QTest.mouseDClick(seat.cards.viewport(), Qt.MouseButton.LeftButton, pos=seat.place("f2"))
    assert seat.said == [("played", "f2")]


def test_a_click_on_the_last_card_adds_a_hop(seat: Seat) -> None:
    assert seat.click(seat.place("")) == [("hop_added",)]


def test_the_menu_has_a_word_and_a_key_for_everything(seat: Seat) -> None:
    menu = seat.cards.menu()
    assert menu is not None
    words = [action.text() for action in menu.actions()]
    for key in ("Return", "Down", "Up", "E", "Shift+E", "V", "C", "Ctrl+V"):
        assert any(word.endswith(f"\t{key}") for word in words), key
    seat.go_to("p6")
    menu = seat.cards.menu()
    assert menu is not None
    words = [action.text() for action in menu.actions()]
    for key in ("F2", "Ctrl+D", "Alt+Left", "Alt+Right", "Del"):
        assert any(word.endswith(f"\t{key}") for word in words), key


def test_the_menu_does_what_it_says(seat: Seat) -> None:
    menu = seat.cards.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text().startswith("Extend")).trigger()
    takes = next(action.menu() for action in menu.actions() if action.text() == "Pick a take")
    assert isinstance(takes, QMenu)
    assert [action.isChecked() for action in takes.actions()] == [True, False]
    takes.actions()[1].trigger()
    assert seat.said == [("extend_asked", "f4"), ("take_picked", "f4", 2)]


def test_the_menu_key_opens_the_menu_of_the_current_card(seat: Seat, qtbot: QtBot) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), seat.cards.mapToGlobal(QPoint()))
    QApplication.sendEvent(seat.cards.viewport(), event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def test_a_seam_tells_its_verdict_under_the_pointer(seat: Seat, qtbot: QtBot) -> None:
    place = seat.seam("f3")
    event = QHelpEvent(QEvent.Type.ToolTip, place, seat.cards.viewport().mapToGlobal(place))
    QApplication.sendEvent(seat.cards.viewport(), event)
    qtbot.waitUntil(lambda: QToolTip.text() == "Seam 3: a little brighter (V)")
    QToolTip.hideText()


# --- writing in place ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["click", "enter", "f2"])
def test_a_planned_hop_is_written_in_place(seat: Seat, how: str) -> None:
    if how == "click":
        seat.click(seat.place("p7"))
    else:
        seat.go_to("p7")
        seat.press(Qt.Key.Key_Return if how == "enter" else Qt.Key.Key_F2)
    editor = seat.editor
    assert editor is not None
    assert editor.hasFocus()
    assert editor.geometry().contains(seat.place("p7"))
    QTest.keyClicks(editor, "It lands")
    seat.said.clear()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert ("hop_written", "p7", "It lands") in seat.said
    assert seat.editor is None
    assert seat.cards.hasFocus()


def test_return_behind_a_new_last_hop_goes_on_with_another(seat: Seat) -> None:
    """Whoever writes a plan down presses Return and writes on: those letters must not be keys of the lane."""
    QTest.keyClicks(seat.open_editor("p7"), "It lands")
    seat.said.clear()
    assert seat.editor is not None
    QTest.keyClick(seat.editor, Qt.Key.Key_Return)
    assert seat.said == [("hop_written", "p7", "It lands"), ("hop_added",)]


@pytest.mark.parametrize("how", ["elsewhere", "return", "another"])
def test_a_hop_that_was_offered_and_left_without_words_is_given_up(seat: Seat, how: str) -> None:
    QTest.keyClick(seat.open_editor("p6"), Qt.Key.Key_Tab)
    assert seat.editor is not None
    QTest.keyClick(seat.editor, Qt.Key.Key_Tab)
    assert seat.said == [("hop_added",)]
    editor = seat.open_editor("p7")  # it stands for the new one
    if how == "elsewhere":
        seat.elsewhere.setFocus()
    elif how == "return":
        QTest.keyClick(editor, Qt.Key.Key_Return)
    else:
        seat.cards.write_hop("p6")
    assert seat.said == [("hop_added",), ("hop_given_up", "p7")]
    QTest.keyClick(seat.open_editor("p7"), Qt.Key.Key_Tab, _SHIFT)
    seat.elsewhere.setFocus()
    assert seat.said == [("hop_added",), ("hop_given_up", "p7")], "one that was chosen by hand stays"


def test_a_huge_paste_into_a_planned_hop_is_cut_with_a_sentence(seat: Seat) -> None:
    editor, pasted = seat.open_editor("p6"), QMimeData()
    editor.selectAll()
    pasted.setText("小" * 1_000_000)
    editor.insertFromMimeData(pasted)
    assert editor.toPlainText() == "小" * LONGEST_PASTE
    assert "1000000" in QToolTip.text()
    QToolTip.hideText()


def test_the_words_that_stand_are_gone_on_with(seat: Seat) -> None:
    editor = seat.open_editor("p6")
    assert editor.toPlainText() == "A balloon drifts in over the hills, lit from inside"
    QTest.keyClicks(editor, "!")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert seat.said[0] == ("hop_written", "p6", "A balloon drifts in over the hills, lit from inside!")


def test_nothing_is_told_when_no_word_changed(seat: Seat) -> None:
    QTest.keyClick(seat.open_editor("p6"), Qt.Key.Key_Return)
    assert seat.said == []


def test_words_that_rest_are_told_while_writing_goes_on(seat: Seat, qtbot: QtBot) -> None:
    QTest.keyClicks(seat.open_editor("p7"), "Snow")
    qtbot.waitUntil(lambda: seat.said == [("hop_written", "p7", "Snow")])
    assert seat.editor is not None


def test_words_are_kept_when_the_focus_goes_elsewhere(seat: Seat) -> None:
    QTest.keyClicks(seat.open_editor("p7"), "Snow")
    seat.elsewhere.setFocus()
    assert seat.said == [("hop_written", "p7", "Snow")]
    assert seat.editor is None
    assert seat.elsewhere.hasFocus()


def test_tab_goes_to_the_next_planned_hop_and_back(seat: Seat) -> None:
    QTest.keyClick(seat.open_editor("p6"), Qt.Key.Key_Tab)
    assert seat.editor is not None
    assert seat.editor.card_id == "p7"
    QTest.keyClick(seat.editor, Qt.Key.Key_Tab, _SHIFT)
    assert seat.editor is not None
    assert seat.editor.card_id == "p6"


def test_tab_after_the_last_hop_asks_for_another(seat: Seat) -> None:
    QTest.keyClick(seat.open_editor("p7"), Qt.Key.Key_Tab)
    assert seat.said == [("hop_added",)]


def test_shift_return_breaks_the_line(seat: Seat) -> None:
    editor = seat.open_editor("p7")
    QTest.keyClicks(editor, "a")
    QTest.keyClick(editor, Qt.Key.Key_Return, _SHIFT)
    QTest.keyClicks(editor, "b")
    assert editor.toPlainText() == "a\nb"


def test_writing_goes_on_while_the_film_changes(seat: Seat) -> None:
    editor = seat.open_editor("p7")
    QTest.keyClicks(editor, "Snow")
    film = view(Stills(None))
    seat.cards.show_view(replace(film, cards=(*film.cards[:5], replace(film.cards[5], elapsed=131.0), *film.cards[6:])))
    assert seat.editor is editor
    assert editor.toPlainText() == "Snow"
    moved = replace(film, cards=(*film.cards[:5], film.cards[7], film.cards[6]))
    seat.cards.show_view(moved)
    assert editor.geometry().contains(seat.place("p7"))


def test_words_are_kept_when_their_hop_is_gone(seat: Seat) -> None:
    QTest.keyClicks(seat.open_editor("p7"), "Snow")
    film = view(Stills(None))
    seat.cards.show_view(replace(film, cards=film.cards[:7]))
    assert seat.said == [("hop_written", "p7", "Snow")]
    assert seat.editor is None


def test_keys_of_the_lane_are_letters_in_the_editor(seat: Seat) -> None:
    editor = seat.open_editor("p7")
    QTest.keyClicks(editor, "Ev2c")
    assert editor.toPlainText() == "Ev2c"


# --- dragging --------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(qtbot: QtBot) -> Seat:
    """Three planned hops: p5, p6, p7."""
    return Seat(qtbot, stopped(Stills(None)))


def test_a_planned_hop_is_dragged_to_another_place(held: Seat) -> None:
    assert held.drag(held.place("p7"), held.place("p5") - QPoint(30, 0)) == [("hop_moved", "p7", 0)]
    assert held.drag(held.place("p5"), held.place("p6") + QPoint(30, 0)) == [("hop_moved", "p5", 1)]
    assert held.drag(held.place("p5"), held.place("p7") + QPoint(30, 0)) == [("hop_moved", "p5", 2)]


def test_a_hop_that_is_dropped_where_it_was_stays(held: Seat) -> None:
    assert held.drag(held.place("p6"), held.place("p6") + QPoint(40, 0)) == []
    assert held.editor is None, "a drag is no click"


def test_a_made_hop_cannot_be_dragged(held: Seat) -> None:
    assert not any(name == "hop_moved" for name, *_ in held.drag(held.place("f1"), held.place("f3")))


# --- painting --------------------------------------------------------------------------------------------------------


def test_a_wheel_goes_along_the_film(qtbot: QtBot) -> None:
    film = FilmView(tuple(Card(str(hop), CardKind.MADE, hop, seconds=5) for hop in range(35)))
    seat = Seat(qtbot, film)
    bar = seat.cards.horizontalScrollBar()
    assert bar.maximum() > 3000
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        _NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(seat.cards.viewport(), wheel)
    assert bar.value() == 120


def test_the_current_card_wears_the_accent_and_a_bad_one_is_red(qtbot: QtBot) -> None:
    seat = Seat(qtbot, stopped(Stills(None)))
    seat.elsewhere.setFocus()
    image = seat.cards.viewport().grab().toImage()
    bad = seat.place("f4")
    assert image.pixelColor(bad.x() - 67, bad.y() + 20) == QColor(DARK.bad)
    seat.go_to("f2")
    image = seat.cards.viewport().grab().toImage()
    current = seat.place("f2")
    assert image.pixelColor(current.x() - 67, current.y() + 20) == QColor(DARK.accent)


def test_first_and_last_still_lie_side_by_side(qtbot: QtBot, tmp_path: Path) -> None:
    for name, colour in (("first", "#ff0000"), ("last", "#00ff00")):
        still = QImage(160, 90, QImage.Format.Format_RGB32)
        still.fill(QColor(colour))
        still.save(str(tmp_path / f"{name}.png"))
    card = Card("a", CardKind.MADE, 1, "Words", 4.6, tmp_path / "first.png", tmp_path / "last.png")
    seat = Seat(qtbot, FilmView((card,)))
    middle = seat.place("a")

    def colours() -> tuple[str, str]:
        image = seat.cards.viewport().grab().toImage()
        left, right = middle + QPoint(-10, -35), middle + QPoint(10, -35)
        return image.pixelColor(left).name(), image.pixelColor(right).name()

    qtbot.waitUntil(lambda: colours() == ("#ff0000", "#00ff00"))


def test_a_screen_reader_finds_a_list_with_an_item_a_card(seat: Seat) -> None:
    spoken = QAccessible.queryAccessibleInterface(seat.cards)
    assert spoken.role() == QAccessible.Role.List
    assert spoken.text(QAccessible.Text.Name) == "The film, hop by hop"
    cards = [spoken.child(number).text(QAccessible.Text.Name) for number in range(spoken.childCount())]
    assert cards[3].startswith("hop 3, take 1 of 2, seam a little brighter")
    assert cards[-1] == "Add a hop"


@pytest.mark.parametrize("left", [(), ("p7",)])
def test_a_hop_that_is_sent_while_it_is_dragged_is_let_go(held: Seat, left: tuple[str, ...]) -> None:
    """The last planned one or not: what is drawn where it would come to lie needs a hop beside it."""
    film = stopped(Stills(None))
    port, button, start = held.cards.viewport(), Qt.MouseButton.LeftButton, held.place("p5")
    QTest.mousePress(port, button, pos=start)
    for step in range(1, 5):
        QTest.mouseMove(port, start + QPoint(60, 0) * step / 4)
    port.repaint()
    sent = [
        replace(card, kind=CardKind.RUNNING) if card.kind is CardKind.PLANNED and card.id not in left else card
        for card in film.cards
    ]
    held.cards.show_view(replace(film, cards=tuple(sent)))
    port.repaint()
    held.said.clear()
    QTest.mouseMove(port, start + QPoint(90, 0))
    QTest.mouseRelease(port, button, pos=start + QPoint(90, 0))
    assert not any(name == "hop_moved" for name, *_ in held.said)


def test_which_hop_is_written_is_told_until_none_is(held: Seat) -> None:
    told: list[str] = []
    held.cards.writing_changed.connect(told.append)
    editor = held.open_editor("p5")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert told[-1] == "p6"
    held.said.clear()
    assert held.editor is not None
    QTest.keyClicks(held.editor, "!")
    held.cards.end_writing()
    assert told == ["p5", "p6", "p6", ""]
    assert [name for name, *_ in held.said] == ["hop_written"], "and before that its words"


def test_the_card_that_comes_in_place_of_the_current_one_is_current(held: Seat) -> None:
    """As by Ctrl+Z, which knows nothing of the lane; without one all keys of the lane would do nothing."""
    film = stopped(Stills(None))
    for gone, follows in (("f3", "other"), ("p6", "p7")):
        held.go_to(gone)
        held.said.clear()
        renamed = [replace(card, id="other") if card.id == "f3" else card for card in film.cards]
        left = [replace(card, hop=card.hop - (card.id == "p7")) for card in renamed if card.id != "p6"]
        held.cards.show_view(replace(film, cards=tuple(left if gone == "p6" else renamed), current="elsewhere"))
        assert held.cards.current is not None
        assert held.cards.current.id == follows
        assert held.said == [], "the stage stays where it is"
        held.cards.show_view(film)
