"""The command field lists what fits, walks by keys, does the chosen one, and puts what is used most first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from kling_desktop.ui import i18n
from kling_desktop.ui.search.entries import Entry, Kind, best
from kling_desktop.ui.search.menu_entries import menu_entries
from kling_desktop.ui.search.palette import Palette
from kling_desktop.ui.theme.tokens import tokens


class Desk:
    """A window with a menu, a palette over it, and what was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.uses: dict[str, int] = {}
        self.window = QMainWindow()
        self.window.resize(900, 600)
        take = self.window.menuBar().addMenu("&Take")
        take.addAction("Off").setEnabled(False)
        queue = QMenu("&Queue", take)
        for menu, words, key in ((take, "&Retry", "Ctrl+R"), (queue, "Clear the queue", "")):
            action = menu.addAction(words)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _=False, words=words: self.done.append(words.replace("&", "")))
        take.addMenu(queue)
        self.palette = Palette((self.commands, self.films), lambda: self.uses, self.window)
        self.palette.used.connect(lambda id: self.uses.update({id: self.uses.get(id, 0) + 1}))

    def commands(self, _: str) -> list[Entry]:
        return menu_entries(self.window.menuBar())

    def films(self, _: str) -> list[Entry]:
        return [Entry(Kind.FILM, "f1", "Lantern Lake", lambda: self.done.append("film"), icon="film")]

    def words(self) -> list[str]:
        return [entry.words for entry in self.palette.entries()]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.palette.ask()
    qtbot.waitUntil(made.palette.isVisible)
    yield made
    made.palette.close()  # a window that closes leaves its dialogs on the screen
    made.window.close()


def test_every_command_that_can_be_done_is_listed_with_menu_and_key(desk: Desk) -> None:
    assert desk.words() == ["Retry", "Clear the queue", "Lantern Lake"]
    retry, clear, _ = desk.palette.entries()
    assert (retry.beside, retry.key, clear.beside) == ("Take", "Ctrl+R", "Take › Queue")


def test_a_command_that_cannot_be_done_now_is_found_last_and_does_nothing(desk: Desk) -> None:
    desk.window.menuBar().addMenu("Film").addAction("Offer it").triggered.connect(lambda: desk.done.append("offer"))
    QTest.keyClicks(desk.palette.field, "off")
    assert desk.words() == ["Offer it", "Off"]
    off = desk.palette.list.item(1)
    assert off.data(Qt.ItemDataRole.AccessibleTextRole) == "Off, Take · not now"
    desk.palette.list.setCurrentItem(off)
    QTest.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert (desk.done, desk.palette.isVisible()) == ([], True)


def test_enter_does_the_chosen_one_and_its_use_is_remembered(desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClicks(desk.palette.field, "lan")
    assert desk.words() == ["Lantern Lake"]
    QTest.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert (desk.done, desk.palette.isVisible()) == (["film"], False)
    desk.palette.ask()
    assert desk.words()[0] == "Lantern Lake"


def test_nothing_that_was_found_is_held_once_it_has_closed(desk: Desk) -> None:
    """Menus are filled afresh before the next time: their former actions are gone then."""
    assert desk.palette.entries()
    desk.palette.reject()
    assert desk.palette.entries() == []
    desk.palette.ask()
    assert desk.words() == ["Retry", "Clear the queue", "Lantern Lake"]


def test_arrows_walk_round_while_the_cursor_stays_in_the_field(desk: Desk) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(desk.palette.field, key)
    QTest.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.done == ["Clear the queue"]


def test_a_command_is_found_by_its_english_name_in_any_language() -> None:
    i18n.use("zh_CN")
    try:
        there = [
            Entry(Kind.COMMAND, "x", i18n.tr("Settings…"), print),
            Entry(Kind.TAKE, "t", i18n.tr("Budget…"), print),
        ]
        assert [entry.name for entry in best("sett", there, {})] == ["x"]
        assert [entry.name for entry in best("设置", there, {})] == ["x"]
        assert best("budg", there, {}) == [], "a take has the creator's words alone"
    finally:
        i18n.use("en")
    assert i18n.in_english("Settings…") == "Settings…"


def test_what_the_library_has_found_stays_though_its_words_do_not_show_why() -> None:
    by_id = Entry(Kind.TAKE, "t", "Rain begins", print, is_found=True)
    by_words = Entry(Kind.COMMAND, "c", "The 955 of it", print)
    assert [entry.name for entry in best("955", [by_id, by_words], {})] == ["c", "t"]


def test_nothing_found_is_said_and_does_nothing(desk: Desk) -> None:
    QTest.keyClicks(desk.palette.field, "zebra")
    assert desk.words() == []
    QTest.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert (desk.done, desk.palette.isVisible()) == ([], True)


class Slow:
    """A source that finds later, beside one that finds at once."""

    def __init__(self, desk: Desk) -> None:
        self.came: list[str] = []
        self.done: list[str] = []
        self.awaits = True
        self.palette = Palette((desk.commands, self.find), dict, desk.window, lambda: self.awaits)

    def find(self, _: str) -> list[Entry]:
        return [Entry(Kind.TAKE, words, words, partial(self.done.append, words)) for words in self.came]

    def answer(self, *found: str) -> None:
        self.came, self.awaits = list(found), False
        self.palette.list_anew()


@pytest.fixture
def slow(desk: Desk, qtbot: QtBot) -> Slow:
    desk.palette.close()
    made = Slow(desk)
    made.palette.ask()
    qtbot.waitUntil(made.palette.isVisible)
    return made


def test_enter_waits_for_what_is_still_looked_for(slow: Slow) -> None:
    QTest.keyClicks(slow.palette.field, "lake")
    QTest.keyClick(slow.palette.field, Qt.Key.Key_Return)
    assert slow.palette.isVisible()
    slow.answer("Dawn lake")
    assert slow.done == ["Dawn lake"]
    assert not slow.palette.isVisible()


def test_nothing_is_said_to_be_missing_before_all_have_looked(slow: Slow) -> None:
    QTest.keyClicks(slow.palette.field, "zebra")
    assert not slow.palette._none.isVisible()
    slow.answer()
    assert slow.palette._none.isVisible()


def test_who_types_on_takes_enter_back(slow: Slow) -> None:
    QTest.keyClicks(slow.palette.field, "lak")
    QTest.keyClick(slow.palette.field, Qt.Key.Key_Return)
    QTest.keyClicks(slow.palette.field, "e")
    slow.answer("Dawn lake")
    assert slow.done == []
    assert slow.palette.isVisible()


def test_what_comes_later_leaves_the_chosen_one(slow: Slow) -> None:
    QTest.keyClick(slow.palette.field, Qt.Key.Key_Down)
    slow.answer("Dawn lake")
    assert slow.palette.list.currentItem().text() == "Clear the queue"
    assert len(slow.palette.entries()) == 3


def test_it_has_an_edge_of_its_own(desk: Desk) -> None:
    picture = desk.palette.grab().toImage()
    edge = QColor(tokens().edge)
    corners = [(0, 0), (picture.width() - 1, 0), (0, picture.height() - 1), (picture.width() // 2, 0)]
    assert {picture.pixelColor(x, y).name() for x, y in corners} == {edge.name()}
